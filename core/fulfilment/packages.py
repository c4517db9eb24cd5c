"""Orders that come from several stores: what of them is where."""

from collections.abc import Sequence
from uuid import UUID

from core.fulfilment.advancing import LEFT
from core.fulfilment.machine import CANCELLED, ENDED
from core.fulfilment.queries import of_orders
from core.work import Work

GONE = """
SELECT l.order_line_id, f.store_id FROM fulfilment f
JOIN fulfilment_line l ON l.tenant_id = $1 AND l.fulfilment_id = f.id
WHERE f.tenant_id = $1 AND f.order_id = $2 AND f.status = any($3::text[])
"""
END_EMPTY = f"""
UPDATE fulfilment f SET status = '{CANCELLED.to}'
WHERE f.tenant_id = $1 AND f.order_id = $2 AND f.status IN {CANCELLED.among} AND NOT EXISTS (
    SELECT FROM fulfilment_line c JOIN sales_order_line l ON l.tenant_id = $1 AND l.id = c.order_line_id
    WHERE c.tenant_id = $1 AND c.fulfilment_id = f.id AND l.quantity > l.refunded_quantity)
"""
CARRIED = "SELECT order_line_id FROM fulfilment_line WHERE tenant_id = $1 AND fulfilment_id = $2"


async def gone(work: Work, order_id: UUID) -> dict[UUID, UUID]:
    """The lines of an order whose goods have left their store, each with that store."""
    return {row["order_line_id"]: row["store_id"] for row in await work.fetch(GONE, order_id, list(LEFT))}


async def has_left(work: Work, order_id: UUID) -> bool:
    """Whether any package of an order has left its store."""
    return bool(await gone(work, order_id))


async def end_empty(work: Work, order_id: UUID) -> Sequence[str]:
    """End parts with nothing in them any more; where there were some, the states of those that are left."""
    if not await work.execute(END_EMPTY, order_id):
        return []
    return await active(work, order_id)


async def active(work: Work, order_id: UUID) -> list[str]:
    """The states of the parts that stores carry out, or have."""
    return [one.status for one in (await of_orders(work, [order_id]))[0] if one.status not in ENDED]


async def carried(work: Work, fulfilment_id: UUID) -> set[UUID]:
    """The lines that are in a package."""
    return {row["order_line_id"] for row in await work.fetch(CARRIED, fulfilment_id)}
