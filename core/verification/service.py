"""Issuing codes and taking them once."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from core import clock
from core.errors import Busy
from core.ids import new_digits
from core.verification.errors import CodeUnknown, CodeUsed
from core.work import Work

DIGITS = 8
TRIES = 5  #: a new code meets one of a million waiting ones once in a hundred tries

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
KNOWN = "SELECT 1 FROM verification_code WHERE tenant_id = $1 AND code = $2 AND store_id = $3"


@dataclass(frozen=True, slots=True)
class Verified:
    """A code that was taken: the order it belongs to, and what kind of code it was."""

    order_id: UUID
    kind: str


async def issue(work: Work, kind: str, subject_id: UUID, store_id: UUID) -> str:
    """A new code for a thing that is to be handed over at a store."""
    for _ in range(TRIES):
        code = new_digits(DIGITS)
        if await work.execute(ISSUE, code, kind, subject_id, store_id, clock.now()):
            return code
    raise Busy


async def move(work: Work, subject_id: UUID, store_id: UUID) -> None:
    """Have a thing handed over at another store; its code stays."""
    await work.execute(MOVE, subject_id, store_id)


async def codes_of(work: Work, kinds: Sequence[str], subject_ids: Sequence[UUID]) -> list[str | None]:
    """The code of each thing, of one of these kinds; None where none has been issued."""
    rows = await work.fetch(CODES, list(kinds), list(set(subject_ids)))
    found: dict[UUID, str] = {row["subject_id"]: row["code"] for row in rows}
    return [found.get(key) for key in subject_ids]


async def verify(work: Work, code: str, store_id: UUID) -> Verified:
    """Take a code at a store, once, and do what its kind is for."""
    rows = await work.fetch(USE, code.strip(), store_id, clock.now(), work.actor.label)
    if not rows:
        used = await work.value(KNOWN, code.strip(), store_id)
        raise (CodeUsed if used else CodeUnknown)(path=("input", "code"))
    kind: str = rows[0]["kind"]
    return Verified(await work.hooks.codes[kind].redeem(work, rows[0]["subject_id"]), kind)
