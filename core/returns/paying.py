"""What a return pays back: what was paid for the goods, and the delivery where a rule says so."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from core import orders, payments
from core.orders import OrderRow
from core.payments import Part
from core.returns.events import GoodsReturned
from core.returns.rows import ReturnRow
from core.returns.rules import ReturnRules
from core.work import Work

FREIGHT = "SELECT coalesce(sum(freight), 0)::bigint FROM sales_return WHERE tenant_id = $1 AND order_id = $2"
PAID = "UPDATE sales_return SET refund_id = $3, amount = $4, freight = $5 WHERE tenant_id = $1 AND id = $2"
LINES_PAID = """
UPDATE sales_return_line l SET refunded = p.quantity FROM unnest($3::uuid[], $4::bigint[]) AS p(id, quantity)
WHERE l.tenant_id = $1 AND l.return_id = $2 AND l.order_line_id = p.id
"""


async def worth(work: Work, order: OrderRow, quantities: Mapping[UUID, int]) -> int:
    """What was paid for goods, by line."""
    lines = (await orders.lines_of(work, [order.id]))[0]
    return sum(part.amount for part in payments.as_far_as_open(lines, quantities))


async def pay_back(work: Work, order: OrderRow, found: ReturnRow, quantities: Mapping[UUID, int]) -> None:
    """Pay for goods that are not the buyer's any more; those that were paid back in another way are not again."""
    lines = (await orders.lines_of(work, [order.id]))[0]
    parts = payments.as_far_as_open(lines, quantities)
    whole = bool(parts) and payments.all_back(lines, parts)
    more = await _freight(work, order, found, whole=whole) if parts else 0
    refund_id, amount = await payments.refund_parts(
        work, order, parts, reason=found.note or found.reason, more=more, whole=whole
    )
    freight = max(amount - sum(part.amount for part in parts), 0)
    await work.execute(PAID, found.id, refund_id, amount, freight)
    paid = {part.line.id: part.quantity for part in parts} if refund_id is not None else {}
    await work.execute(LINES_PAID, found.id, list(quantities), [paid.get(key, 0) for key in quantities])
    _tell(work, found, parts, (refund_id, amount), whole=whole)


async def _freight(work: Work, order: OrderRow, found: ReturnRow, *, whole: bool) -> int:
    """How much of the delivery goes back; what of it has gone back with another return does not again."""
    rules = work.rules(ReturnRules, order.store_id)
    if not ((whole and rules.freight_with_whole) or (found.at_fault and rules.freight_at_fault)):
        return 0
    return order.delivery - int(await work.value(FREIGHT, order.id))


def _tell(work: Work, found: ReturnRow, parts: Sequence[Part], paid: tuple[UUID | None, int], *, whole: bool) -> None:
    refund_id, amount = paid
    work.emit(
        GoodsReturned(
            return_id=found.id,
            order_id=found.order_id,
            store_id=found.store_id,
            refund_id=refund_id,
            order_line_ids=tuple(part.line.id for part in parts),
            quantities=tuple(part.quantity for part in parts),
            amounts=tuple(part.amount for part in parts),
            amount=amount,
            whole=whole,
        )
    )
