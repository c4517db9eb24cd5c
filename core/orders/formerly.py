"""Orders that have left a store: it may still see what becomes of them."""

from collections.abc import Sequence
from uuid import UUID

from core.orders.permissions import READ
from core.work import Work

REMEMBER = """
INSERT INTO order_store (tenant_id, store_id, order_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
"""
HAD = """
SELECT DISTINCT order_id FROM order_store
WHERE tenant_id = $1 AND order_id = any($2::uuid[]) AND store_id = any($3::uuid[])
"""


async def remember(work: Work, order_id: UUID, store_id: UUID) -> None:
    """Note that an order has left a store."""
    await work.execute(REMEMBER, store_id, order_id)


async def had_by(work: Work, order_ids: Sequence[UUID]) -> set[UUID]:
    """Which of the orders were once with a store whose orders the actor may read."""
    stores = work.actor.stores(READ.name)
    if not order_ids or not stores:
        return set()
    return {row["order_id"] for row in await work.fetch(HAD, list(order_ids), stores)}
