"""How much of what was sold can be returned, and until when."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from core import catalog, clock
from core.fulfilment.machine import COMPLETED
from core.orders import OrderLineRow, OrderRow
from core.orders.machine import SOLD
from core.returns.machine import OPEN_IN_SQL
from core.returns.rows import Returnable
from core.returns.rules import ReturnRules
from core.work import Work

COMPLETE = f"""
SELECT order_id, max(at) AS at FROM order_event
WHERE tenant_id = $1 AND order_id = any($2::uuid[]) AND name IN ('{COMPLETED.told}', '{SOLD.told}') GROUP BY order_id
"""
# What was paid back is known of the line; what a return has taken without paying for it, as for goods that were free,
# is known of the return alone. What was exchanged is the buyer's as it was.
TAKEN = f"""
SELECT l.order_line_id AS id, sum(CASE WHEN r.status IN {OPEN_IN_SQL} THEN l.quantity
    WHEN l.refunded IS NOT NULL THEN coalesce(l.received, l.quantity) - l.refunded ELSE 0 END)::bigint AS taken
FROM sales_return_line l JOIN sales_return r ON r.tenant_id = $1 AND r.id = l.return_id
WHERE l.tenant_id = $1 AND l.order_line_id = any($2::uuid[]) GROUP BY l.order_line_id
"""


async def returnable(
    work: Work, orders: Mapping[UUID, OrderRow], lines: Sequence[OrderLineRow]
) -> dict[UUID, Returnable]:
    """What can be returned of each line whose order is among these and complete; of all others nothing."""
    complete = [line for line in lines if line.order_id in orders and orders[line.order_id].status == SOLD.to]
    if not complete:
        return {}
    since = {row["order_id"]: row["at"] for row in await work.fetch(COMPLETE, list({one.order_id for one in complete}))}
    taken = {row["id"]: row["taken"] for row in await work.fetch(TAKEN, [line.id for line in complete])}
    named_rules = work.rules(ReturnRules).category_days
    named = await catalog.nearest_named(work, {line.variant_id for line in complete}, named_rules)
    return {
        line.id: Returnable(
            max(line.quantity - line.refunded_quantity - taken.get(line.id, 0), 0),
            _until(work, orders[line.order_id], since.get(line.order_id), named.get(line.variant_id)),
        )
        for line in complete
    }


def _until(work: Work, order: OrderRow, since: datetime | None, category: str | None) -> datetime | None:
    rules = work.rules(ReturnRules, order.store_id)
    days = rules.window_days if category is None else rules.category_days[category]
    return (since or clock.now()) + timedelta(days=days) if days else None
