"""Points that people give and take, with a reason."""

from uuid import UUID

from core import audit, idempotency, ledger, members
from core.errors import Invalid, NotFound
from core.idempotency import Request
from core.ids import new_id
from core.ledger import InsufficientPoints, Key, Own, Short, Transfer, Unit
from core.points.earning import good_until
from core.points.permissions import ADJUST
from core.work import Work

MOST = 10**9
ADJUSTED = "points.adjusted"
_POINTS = ("input", "points")


async def adjust(work: Work, member_id: UUID | None, points: int, *, reason: str, key: str) -> UUID:
    """Give a member points or, below zero, take some away; returns the member's id, again for the same key."""
    reached = await members.within_reach(work, ADJUST, [member_id]) if member_id is not None else set()
    if member_id is None or not reached & (await members.tiers_of(work, reached)).keys():
        raise NotFound(what="member", path=("input", "memberId"))
    if not points or abs(points) > MOST:
        raise Invalid(reason=f"Between 1 and {MOST} points are given, or taken away.", path=_POINTS)
    member, request = member_id, Request("pointsAdjust", work.actor.label, key, [str(member_id), points, reason])

    async def perform(adjustment_id: UUID) -> None:
        gives = points > 0
        transfer = Transfer(
            key=Key(ADJUSTED, str(adjustment_id)),
            unit=Unit.POINTS,
            amount=abs(points),
            giver=Own.ADJUSTED if gives else member,
            taker=member if gives else Own.ADJUSTED,
            expires_at=good_until(work) if gives else None,
            note=reason,
        )
        [answer] = await ledger.post(work, [transfer])
        if isinstance(answer, Short):
            raise InsufficientPoints(needed=-points, available=answer.available, path=_POINTS)
        facts = {"points": points, "reason": reason}
        await audit.record(work, "points.adjusted", "Member", member, after=facts)

    await idempotency.once(work, request, new_id(), perform)
    return member
