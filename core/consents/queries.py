"""Who has agreed to what."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from core.consents.rows import ConsentRow, ConsentTextRow
from core.consents.texts import texts
from core.work import Work

#: the last word of each of these members; a version that renews asks everybody anew
ALLOWED = """
SELECT m.id FROM unnest($2::uuid[]) AS m(id) CROSS JOIN LATERAL (
    SELECT c.given, c.version FROM consent c WHERE c.tenant_id = $1 AND c.member_id = m.id AND c.purpose = $3
    ORDER BY c.number DESC LIMIT 1) AS last
WHERE last.given AND last.version >= coalesce((
    SELECT max(t.version) FROM consent_text t WHERE t.tenant_id = $1 AND t.purpose = $3 AND t.renews), 0)
"""
LAST = """
SELECT DISTINCT ON (member_id, purpose) member_id, purpose, number, given, version, at FROM consent
WHERE tenant_id = $1 AND member_id = any($2::uuid[]) ORDER BY member_id, purpose, number DESC
"""


class Word(NamedTuple):
    """The last that a member has said to a purpose."""

    member_id: UUID
    purpose: str
    number: int
    given: bool
    version: int
    at: datetime


async def allows(work: Work, member_ids: Collection[UUID], purpose: str) -> set[UUID]:
    """Those of the members who agree to a purpose as it stands now."""
    if not member_ids:
        return set()
    return {row["id"] for row in await work.fetch(ALLOWED, sorted(set(member_ids)), purpose)}


async def last_words(work: Work, member_ids: Collection[UUID]) -> Mapping[tuple[UUID, str], Word]:
    """The last that these members have said, by member and purpose."""
    return {(row.member_id, row.purpose): row for row in await work.rows(Word, LAST, sorted(set(member_ids)))}


async def states(work: Work, member_ids: Sequence[UUID]) -> list[list[ConsentRow]]:
    """For each member every purpose that there is at the brand, and whether they agree."""
    if not member_ids:
        return []
    current, said = await texts(work), await last_words(work, member_ids)
    return [[_state(text, said.get((member_id, text.purpose))) for text in current] for member_id in member_ids]


def _state(text: ConsentTextRow, word: Word | None) -> ConsentRow:
    given = word is not None and word.given and word.version >= text.since
    said = (word.version, word.at) if word is not None else (None, None)
    return ConsentRow(text.purpose, text.description, given, *said)
