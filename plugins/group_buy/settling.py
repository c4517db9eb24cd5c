"""What a team's fate means for its orders.

Each order that ends is a delivery of its own: one that fails stops no other, and nobody waits in a circle for the
orders of two teams.
"""

from uuid import UUID

from core import orders, payments
from core.ids import new_id, new_reference
from core.orders import Cause
from core.work import Work
from plugins.group_buy.events import (
    GroupBuyFailed,
    GroupBuyOpened,
    GroupBuyOwed,
    GroupBuyPaid,
    GroupBuyPaidLate,
    GroupBuySucceeded,
)
from plugins.group_buy.queries import seats_of, teams_by_ids, teams_of_orders
from plugins.group_buy.rows import TeamRow
from plugins.group_buy.rules import GroupBuyRules
from plugins.group_buy.seating import CODE_LENGTH

SOURCE = "group_buy"
FAILED = "Its group was not complete in time."

# A team of its own for whoever has paid too late: where the campaign is still on, at the time a new team has.
ANEW = """
INSERT INTO group_buy_team (tenant_id, id, campaign_id, code, store_id, leader_id, size, state, taken, paid, opened_at,
    expires_at)
SELECT $1, $3, t.campaign_id, $4, t.store_id, s.member_id, t.size, 'OPEN', 1, 1, app_now(),
    app_now() + make_interval(hours => c.hours)
FROM group_buy_seat s
JOIN group_buy_team t ON t.tenant_id = $1 AND t.id = s.team_id
JOIN group_buy_campaign c ON c.tenant_id = $1 AND c.id = s.campaign_id
WHERE s.tenant_id = $1 AND s.order_id = $2 AND s.state = 'RESERVED' AND c.active AND c.ended_at IS NULL
    AND c.starts_at <= app_now() AND c.ends_at > app_now()
"""
MOVE = """
UPDATE group_buy_seat SET team_id = $3, state = 'PAID', paid_at = app_now()
WHERE tenant_id = $1 AND order_id = $2 AND state = 'RESERVED'
"""


async def let_go(work: Work, event: GroupBuySucceeded) -> None:
    """Have the stores carry out what a complete team has bought."""
    seats = (await seats_of(work, [event.team_id]))[0]
    await orders.let_go(work, [seat.order_id for seat in seats if seat.state == "PAID"], SOURCE)


async def let_go_late(work: Work, event: GroupBuyPaid) -> None:
    """The same for a seat that was paid for after its team had been filled up."""
    team = (await teams_of_orders(work, [event.order_id]))[0]
    if team is not None and team.state == "SUCCEEDED":
        await orders.let_go(work, [event.order_id], SOURCE)


async def owe(work: Work, event: GroupBuyFailed) -> None:
    """Find the orders that a failed team ends: those that are paid, and the others unless they may still be."""
    team = (await teams_by_ids(work, [event.team_id]))[0]
    assert team is not None, "a team is never deleted"
    ending = {"PAID"} if _may_reopen(work, team) else {"PAID", "RESERVED"}
    for seat in (await seats_of(work, [team.id]))[0]:
        if seat.state in ending:
            work.emit(GroupBuyOwed(order_id=seat.order_id))


async def pay_back(work: Work, event: GroupBuyOwed) -> None:
    """End an order of a failed team, paid or not; one that has ended ends no second time."""
    await payments.end(work, event.order_id, cause=Cause.CANCELLED, reason=FAILED)


async def settle_late(work: Work, event: GroupBuyPaidLate) -> None:
    """Money for a team that has failed goes back, or opens another one: as the brand's rule says."""
    team = (await teams_of_orders(work, [event.order_id]))[0]
    if team is None or not team.state.startswith("FAILED"):
        return
    if not (_may_reopen(work, team) and await _reopen(work, event.order_id)):
        work.emit(GroupBuyOwed(order_id=event.order_id))


def _may_reopen(work: Work, team: TeamRow) -> bool:
    return work.rules(GroupBuyRules, team.store_id).late_payment == "new_team"


async def _reopen(work: Work, order_id: UUID) -> bool:
    """Make the buyer the leader of a new team; False where the campaign is over, or the order has ended."""
    team_id = new_id()
    if not await work.execute(ANEW, order_id, team_id, new_reference(CODE_LENGTH)):
        return False
    if not await work.execute(MOVE, order_id, team_id):
        raise RuntimeError("the seat was given back at this moment: look again")
    work.emit(GroupBuyOpened(team_id=team_id, order_id=order_id))
    return True
