"""Giving back what was had for points: as much of the offer, of its member's share, and of the points."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from core import clock, ledger
from core.errors import NotFound
from core.ledger import Key, Own, Transfer, Unit
from core.orders import Release
from core.payments import RefundRequested
from core.returns import GoodsReturned
from core.work import Work
from plugins.points_mall import queries
from plugins.points_mall.errors import PointsMallNotCancellable
from plugins.points_mall.events import PointsMallReturned
from plugins.points_mall.rules import PointsMallRules
from plugins.points_mall.taking import hold_offers
from plugins.points_mall.wants import SPENT

RETURNED, LAPSED = "RETURNED", "LAPSED"
GIVEN_BACK = "points_mall.given_back"
SWEEP = 100  #: services whose time is over, in one transaction

OF_ORDERS = """
SELECT id, offer_id, quantity FROM points_mall_redemption
WHERE tenant_id = $1 AND order_id = any($2::uuid[]) AND state = 'ORDERED'
"""
# What a refund pays back, or, where nothing was paid but points, what has come back.
GONE_BACK = """
SELECT r.id, r.offer_id, greatest(l.refunded_quantity, coalesce((
    SELECT sum(coalesce(p.received, p.quantity)) FROM sales_return_line p
    JOIN sales_return s ON s.tenant_id = $1 AND s.id = p.return_id AND s.status = 'COMPLETED' AND s.kind <> 'EXCHANGE'
    WHERE p.tenant_id = $1 AND p.order_line_id = l.id), 0))::bigint AS quantity
FROM points_mall_redemption r JOIN sales_order_line l ON l.tenant_id = $1 AND l.order_id = r.order_id
WHERE r.tenant_id = $1 AND r.order_id = $2 AND r.state = 'ORDERED'
"""
DUE = """
SELECT id, offer_id, quantity FROM points_mall_redemption
WHERE tenant_id = $1 AND state = 'OPEN' AND valid_until <= $2 ORDER BY valid_until LIMIT $3
"""
LOCK = """
SELECT id, offer_id, member_id, quantity, returned, points, turn, day FROM points_mall_redemption
WHERE tenant_id = $1 AND id = any($2::uuid[]) AND state IN ('ORDERED', 'OPEN') ORDER BY id FOR UPDATE
"""
RETURN = """
UPDATE points_mall_redemption r SET returned = w.returned,
    state = CASE WHEN w.returned = r.quantity THEN $4 ELSE r.state END
FROM unnest($2::uuid[], $3::bigint[]) AS w(id, returned) WHERE r.tenant_id = $1 AND r.id = w.id
"""
RESTORE = """
UPDATE points_mall_offer o SET taken = o.taken - w.quantity FROM (
    SELECT id, sum(quantity) AS quantity FROM unnest($2::uuid[], $3::bigint[]) AS b(id, quantity) GROUP BY id) w
WHERE o.tenant_id = $1 AND o.id = w.id
"""
UNCOUNT = """
UPDATE points_mall_tally t SET taken = t.taken - w.quantity, today = t.today - w.today FROM (
    SELECT b.offer_id, b.member_id, sum(b.quantity) AS quantity,
        coalesce(sum(b.quantity) FILTER (WHERE b.day = c.day), 0) AS today
    FROM unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::date[]) AS b(offer_id, member_id, quantity, day)
    JOIN points_mall_tally c ON c.tenant_id = $1 AND c.offer_id = b.offer_id AND c.member_id = b.member_id
    GROUP BY b.offer_id, b.member_id) w
WHERE t.tenant_id = $1 AND t.offer_id = w.offer_id AND t.member_id = w.member_id
"""
LAPSE = """
UPDATE points_mall_redemption SET state = 'LAPSED' WHERE tenant_id = $1 AND id = any($2::uuid[]) AND state = 'OPEN'
"""


@dataclass(frozen=True, slots=True)
class Going:
    """What of a redemption is to have gone back in all."""

    id: UUID
    offer_id: UUID
    quantity: int


@dataclass(frozen=True, slots=True)
class _Held:
    """A redemption of which something may still go back."""

    id: UUID
    offer_id: UUID
    member_id: UUID
    quantity: int
    returned: int
    points: int
    turn: int
    day: date


async def release(work: Work, releases: Sequence[Release]) -> None:
    """Give back what orders were redeemed for of which nothing is left; of parts, their refunds tell how many."""
    ended = [one.order_id for one in releases if one.whole]
    await give_back(work, await work.rows(Going, OF_ORDERS, ended) if ended else ())


async def follow_refund(work: Work, event: RefundRequested | GoodsReturned) -> None:
    """Give back as many as a refund or a return has sent back."""
    await give_back(work, await work.rows(Going, GONE_BACK, event.order_id))


async def follow_return(work: Work, event: GoodsReturned) -> None:
    """The same where nothing but points was paid, so that there is no refund."""
    await follow_refund(work, event)


async def cancel(work: Work, member_id: UUID, redemption_id: UUID | None) -> UUID:
    """Give back a service that nobody has used; returns its id."""
    found = (await queries.visible(work, [redemption_id]))[0] if redemption_id is not None else None
    if found is None or found.member_id != member_id:
        raise NotFound(what="redemption", path=("input", "redemptionId"))
    if found.state != "OPEN" or not await give_back(work, [Going(found.id, found.offer_id, found.quantity)]):
        raise PointsMallNotCancellable(path=("input", "redemptionId"))
    return found.id


async def lapse_due(work: Work) -> int:
    """End services that nobody came for in time; their points come back where the brand's rule says so."""
    due = await work.rows(Going, DUE, clock.now(), SWEEP)
    if due and work.rules(PointsMallRules).lapsed_back:
        await give_back(work, due, state=LAPSED)
    elif due:
        await work.execute(LAPSE, [one.id for one in due])
    return len(due)


async def give_back(work: Work, going: Collection[Going], *, state: str = RETURNED) -> bool:
    """Give back what has not gone back yet, as often as it is said; offers first, as whoever takes of them."""
    if not going:
        return False
    await hold_offers(work, [one.offer_id for one in going])
    wanted = {one.id: one.quantity for one in going}
    held = await work.rows(_Held, LOCK, list(wanted))
    back = {one: more for one in held if (more := min(wanted[one.id], one.quantity) - one.returned) > 0}
    if back:
        await _write(work, back, state)
        await ledger.post(work, [_transfer(work, one, more) for one, more in back.items()])
        _tell(work, back)
    return bool(back)


async def _write(work: Work, back: Mapping[_Held, int], state: str) -> None:
    amounts = list(back.values())
    offers, holders = [one.offer_id for one in back], [one.member_id for one in back]
    await work.execute(RETURN, [one.id for one in back], [one.returned + more for one, more in back.items()], state)
    await work.execute(RESTORE, offers, amounts)
    await work.execute(UNCOUNT, offers, holders, amounts, [one.day for one in back])


def _transfer(work: Work, one: _Held, more: int) -> Transfer:
    """Its points, to the lots that they came from."""
    source = f"{one.id}.{one.turn}"
    return Transfer(
        key=Key(GIVEN_BACK, f"{source}.{one.returned + more}"),
        unit=Unit.POINTS,
        amount=one.points * more,
        giver=Own.SPENT,
        taker=one.member_id,
        undoes=Key(SPENT, source),
        expires_at=clock.now() + timedelta(days=work.rules(PointsMallRules).back_days),
    )


def _tell(work: Work, back: Mapping[_Held, int]) -> None:
    for one, more in back.items():
        work.emit(
            PointsMallReturned(redemption_id=one.id, offer_id=one.offer_id, quantity=more, points=one.points * more)
        )
