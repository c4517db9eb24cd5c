"""Reads of points."""

from collections.abc import Sequence
from uuid import UUID

from core import ledger, members
from core.ledger import EntryRow, Unit
from core.points.permissions import READ
from core.work import Work

EARNED_BY = """
SELECT order_id, points - taken_back AS points FROM points_earning WHERE tenant_id = $1 AND order_id = any($2::uuid[])
"""


async def earned_by(work: Work, order_ids: Sequence[UUID]) -> list[int]:
    """What each order has earned its member, less what was taken back."""
    found = {row["order_id"]: row["points"] for row in await work.fetch(EARNED_BY, list(order_ids))}
    return [found.get(key, 0) for key in order_ids]


async def readable(work: Work, member_ids: Sequence[UUID]) -> set[UUID]:
    """Of which members the actor may see the points: themself, and whom points.read reaches."""
    return await members.within_reach(work, READ, member_ids)


async def statement(work: Work, member_id: UUID, *, after: UUID | None, limit: int) -> Sequence[EntryRow] | None:
    """How a member came by points and spent them, the newest first; None for whoever may not see it."""
    if not await members.tiers_of(work, await readable(work, [member_id])):  # nobody's id is answered as another's
        return None
    return await ledger.statement(work, Unit.POINTS, member_id, after=after, limit=limit)


async def count(work: Work, member_id: UUID) -> int:
    """How many lines that has, for whoever sees them."""
    return await ledger.count(work, Unit.POINTS, member_id)
