"""Seats that are paid for: whoever pays for the last one completes the team."""

from dataclasses import dataclass
from uuid import UUID

from core.orders import OrderPaid
from core.payments import RefundSettled
from core.work import Work
from plugins.group_buy.events import GroupBuyPaid, GroupBuyPaidLate, GroupBuySucceeded

LOCK_TEAM = """
SELECT t.id, t.state FROM group_buy_team t WHERE t.tenant_id = $1 AND t.id = (
    SELECT s.team_id FROM group_buy_seat s WHERE s.tenant_id = $1 AND s.order_id = $2)
FOR NO KEY UPDATE
"""
PAY = """
UPDATE group_buy_seat SET state = 'PAID', paid_at = app_now()
WHERE tenant_id = $1 AND order_id = $2 AND team_id = $3 AND state = 'RESERVED'
"""
RESERVED = "SELECT 1 FROM group_buy_seat WHERE tenant_id = $1 AND order_id = $2 AND state = 'RESERVED'"
# One conditional update decides: the sweep that ends teams changes the same row on the same condition.
COUNT = """
UPDATE group_buy_team SET paid = paid + 1,
    state = CASE WHEN state = 'OPEN' AND paid + 1 = size THEN 'SUCCEEDED' ELSE state END,
    closed_at = CASE WHEN state = 'OPEN' AND paid + 1 = size THEN app_now() ELSE closed_at END
WHERE tenant_id = $1 AND id = $2 AND state IN ('OPEN', 'SUCCEEDED') RETURNING state
"""
REFUNDED = """
UPDATE group_buy_seat SET state = 'REFUNDED' WHERE tenant_id = $1 AND order_id = $2 AND state = 'REFUNDING'
"""


@dataclass(frozen=True, slots=True)
class _Team:
    id: UUID
    state: str


async def take_payment(work: Work, event: OrderPaid) -> None:
    """Count a paid order in its team. What follows for orders is done from the outbox, where nothing is held."""
    team = await work.row(_Team, LOCK_TEAM, event.order_id)
    if team is None:
        return
    if team.state.startswith("FAILED"):
        if await work.value(RESERVED, event.order_id):
            work.emit(GroupBuyPaidLate(team_id=team.id, order_id=event.order_id))
        return
    if not await work.execute(PAY, event.order_id, team.id):
        return  # told twice, or given back in the meantime
    work.emit(GroupBuyPaid(team_id=team.id, order_id=event.order_id))
    if await work.value(COUNT, team.id) != team.state:
        work.emit(GroupBuySucceeded(team_id=team.id))


async def note_refund(work: Work, event: RefundSettled) -> None:
    """The money of a seat that was given back has arrived."""
    if event.status == "SUCCEEDED":
        await work.execute(REFUNDED, event.order_id)
