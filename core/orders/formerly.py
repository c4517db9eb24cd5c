"""Orders of which a store has a package, or that have left it: it sees what becomes of them."""

from collections.abc import Sequence
from uuid import UUID

from core.orders.permissions import READ
from core.work import Work

REMEMBER = """
INSERT INTO order_store (tenant_id, store_id, order_id) SELECT $1, * FROM unnest($2::uuid[], $3::uuid[])
ON CONFLICT DO NOTHING
"""
HAD = """
SELECT DISTINCT order_id FROM order_store
WHERE tenant_id = $1 AND order_id = any($2::uuid[]) AND store_id = any($3::uuid[])
"""


def remember(work: Work, seen: Sequence[tuple[UUID, UUID]]) -> None:
    """Note which stores, each beside the order, see one that is another's."""
    if seen:
        work.write(REMEMBER, *(list(column) for column in zip(*seen, strict=True)))


async def had_by(work: Work, order_ids: Sequence[UUID]) -> set[UUID]:
    """Which of the orders were once with a store whose orders the actor may read."""
    stores = work.actor.stores(READ.name)
    if not order_ids or not stores:
        return set()
    return {row["order_id"] for row in await work.fetch(HAD, list(order_ids), stores)}
