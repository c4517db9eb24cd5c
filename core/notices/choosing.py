"""In which language members are told things."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from core.notices.templates import checked_language
from core.work import Work

CHOSEN = "SELECT member_id, language FROM notice_choice WHERE tenant_id = $1 AND member_id = any($2::uuid[])"
CHOOSE = """
INSERT INTO notice_choice (tenant_id, member_id, language) VALUES ($1, $2, $3)
ON CONFLICT (tenant_id, member_id) DO UPDATE SET language = excluded.language
"""
LEAVE = "DELETE FROM notice_choice WHERE tenant_id = $1 AND member_id = $2"


async def languages(work: Work, member_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """What members have chosen, of those who have."""
    rows = await work.fetch(CHOSEN, sorted(set(member_ids))) if member_ids else ()
    return {row["member_id"]: row["language"] for row in rows}


async def choose_language(work: Work, member_id: UUID, language: str | None) -> None:
    """Have a member told things in a language from now on, or in the brand's."""
    if language is None:
        work.write(LEAVE, member_id)
    else:
        work.write(CHOOSE, member_id, checked_language(language))


def order_of(work: Work, chosen: str | None) -> Sequence[str]:
    """The languages in which words are looked for: the member's, then the brand's."""
    return [*([chosen] if chosen is not None else []), work.brand.locale[:2]]
