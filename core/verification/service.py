"""Issuing codes and taking them once."""

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import normalize
from uuid import UUID

from core import clock
from core.errors import Busy
from core.ids import as_read, new_reference
from core.verification.errors import CodeUnknown, CodeUsed
from core.verification.handler import Shown
from core.work import Work

LENGTH = 8  #: characters of 5 random bits each: of a million codes that wait, one is met once in a million guesses

ISSUE = """
INSERT INTO verification_code (tenant_id, code, kind, subject_id, store_id, created_at)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
"""
CODES = """
SELECT subject_id, code FROM verification_code
WHERE tenant_id = $1 AND kind = any($2::text[]) AND subject_id = any($3::uuid[])
"""
USE = """
UPDATE verification_code SET used_at = $4, used_by = $5
WHERE tenant_id = $1 AND code = $2 AND store_id = $3 AND used_at IS NULL RETURNING kind, subject_id
"""
MOVE = """
UPDATE verification_code SET store_id = $3 WHERE tenant_id = $1 AND subject_id = $2 AND used_at IS NULL
"""
PATH = ("input", "code")
KNOWN = "SELECT 1 FROM verification_code WHERE tenant_id = $1 AND code = $2 AND store_id = $3"


@dataclass(frozen=True, slots=True)
class Verified:
    """A code that was taken: what kind of code it was, what people call it, and what it belongs to."""

    kind: str
    label: str
    subject_id: UUID
    order_id: UUID | None = None


def issue(work: Work, kind: str, subject_id: UUID, store_id: UUID) -> str:
    """A new code for a thing that is to be handed over at a store; Busy, once in a million times, where it is taken."""
    code = new_reference(LENGTH)
    work.write(ISSUE, code, kind, subject_id, store_id, clock.now(), rows=1, otherwise=Busy())
    return code


async def move(work: Work, subject_id: UUID, store_id: UUID) -> None:
    """Have a thing handed over at another store; its code stays."""
    await work.execute(MOVE, subject_id, store_id)


async def codes_of(work: Work, kinds: Sequence[str], subject_ids: Sequence[UUID]) -> list[str | None]:
    """The code of each thing, of one of these kinds; None where none has been issued."""
    rows = await work.fetch(CODES, list(kinds), list(set(subject_ids)))
    found: dict[UUID, str] = {row["subject_id"]: row["code"] for row in rows}
    return [found.get(key) for key in subject_ids]


async def verify(work: Work, code: str, store_id: UUID) -> Verified:
    """Take a code that was issued for a store, there and once, and do what its kind is for."""
    written = as_read(normalize("NFKC", code))  # as keyboards for Chinese write it, too
    rows = await work.fetch(USE, written, store_id, clock.now(), work.actor.label)
    if not rows:
        used = await work.value(KNOWN, written, store_id)
        raise (CodeUsed if used else CodeUnknown)(path=PATH)
    kind = work.hooks.codes[rows[0]["kind"]]
    order_id = await kind.redeem(work, rows[0]["subject_id"])
    return Verified(kind.kind, kind.label or kind.kind, rows[0]["subject_id"], order_id)


async def verify_any(work: Work, shown: Shown) -> Verified:
    """Take whatever code is shown at a store: one that was issued for it, else one that a plugin knows."""
    try:
        return await verify(work, shown.code, shown.store_id)
    except CodeUnknown:
        known = await work.hooks.verify_code(work, shown)
        if known is None:
            raise
    plugin, taken = known
    return Verified(f"{plugin}.{taken.kind}", taken.label, taken.subject_id)
