"""Points that have paid go back with the money: all of them where an order ends, else line by line."""

from uuid import UUID

from core import fulfilment, ledger, orders
from core.errors import DomainError
from core.ledger import InsufficientPoints, Key, Own, Short, Transfer, Unit
from core.orders import OrderRow
from core.points.spending import key_of, spent
from core.work import Work

GIVEN_BACK = "points.given_back"

HOLD = """
SELECT points, given_back, again FROM points_spending WHERE tenant_id = $1 AND order_id = $2 FOR UPDATE
"""
NOTE = "UPDATE points_spending SET given_back = $3 WHERE tenant_id = $1 AND order_id = $2"
AGAIN = "UPDATE points_spending SET given_back = 0, again = true WHERE tenant_id = $1 AND order_id = $2"
# Of each line its share of what was paid back, or came back without money where points have paid for all of it, or its
# money had gone back before: what came is then the same goods again. All of a line that nobody sends.
BACK = """
SELECT coalesce(sum(-a.shares[l.position + 1]), 0)::bigint AS paid,
    coalesce(sum(-a.shares[l.position + 1] * r.back / l.quantity), 0)::bigint AS back,
    bool_and(r.back = l.quantity) AS whole
FROM order_adjustment a JOIN sales_order_line l ON l.tenant_id = $1 AND l.order_id = a.order_id
CROSS JOIN LATERAL (
    SELECT CASE WHEN s.given_up THEN l.quantity ELSE least(l.quantity, l.refunded_quantity + (
        SELECT coalesce(sum(coalesce(b.received, b.quantity) - b.refunded), 0) FROM sales_return_line b
        WHERE b.tenant_id = $1 AND b.order_line_id = l.id AND b.refunded IS NOT NULL))::bigint END AS back
    FROM (
        SELECT coalesce(bool_and(f.status = 'REJECTED'), false) AS given_up FROM fulfilment f
        JOIN fulfilment_line c ON c.tenant_id = $1 AND c.fulfilment_id = f.id AND c.order_line_id = l.id
        WHERE f.tenant_id = $1 AND f.order_id = l.order_id) s
    ) r
WHERE a.tenant_id = $1 AND a.order_id = $2 AND a.kind = 'POINTS' AND a.applied
"""


async def give_back(work: Work, order: OrderRow, *, source: str | None = None) -> None:
    """Give back what a locked order's end has set free, or a refund, which is the source."""
    spending = next(iter(await work.fetch(HOLD, order.id)), None)
    if spending is None or order.member_id is None:
        return
    due = max(await _due(work, order, spending["points"]), spending["given_back"])
    amount = due - spending["given_back"]
    if not amount:
        return
    await work.execute(NOTE, order.id, due)
    undone = key_of(order.id, again=spending["again"])
    parties = {"unit": Unit.POINTS, "amount": amount, "giver": Own.SPENT, "taker": order.member_id}
    await ledger.post(work, [Transfer(key=Key(GIVEN_BACK, source or undone.source), undoes=undone, **parties)])


async def _due(work: Work, order: OrderRow, points: int) -> int:
    """How many points have to be back by now."""
    if order.status == "CANCELLED" or await _is_undone(work, order):
        return points
    [row] = await work.fetch(BACK, order.id)
    if row["whole"] or not row["paid"]:
        return points if row["whole"] else 0
    return int(points * row["back"] // row["paid"])


async def _is_undone(work: Work, order: OrderRow) -> bool:
    """Whether all money is back; where it paid for the delivery alone, goods that have left are the buyer's still."""
    if not order.payable or order.refunded < order.payable:
        return False
    return order.payable > order.delivery or not await fulfilment.has_left(work, order.id)


async def claim_again(work: Work, order_id: UUID) -> DomainError | None:
    """Take again what went back when an order expired that is paid after all."""
    spending = next(iter(await work.fetch(HOLD, order_id)), None)
    order = await orders.lock(work, order_id)
    if spending is None or not spending["given_back"] or order is None or order.member_id is None:
        return None
    [answer] = await ledger.post(work, [spent(order_id, order.member_id, spending["points"], again=True)])
    if isinstance(answer, Short):
        return InsufficientPoints(needed=spending["points"], available=answer.available)
    await work.execute(AGAIN, order_id)
    return None
