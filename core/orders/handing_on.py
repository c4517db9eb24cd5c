"""An order, or a package of one, goes to another store, which carries it out from now on."""

from collections.abc import Sequence
from uuid import UUID

from core import members
from core.orders.events import OrderHandedOn
from core.orders.formerly import remember
from core.orders.rows import OrderRow
from core.orders.service import follow, log, record
from core.work import Work

HAND_ON = "UPDATE sales_order SET store_id = $3 WHERE tenant_id = $1 AND id = $2 AND store_id = $4"
HAND_ON_PACKAGE = """
WITH lines AS (
    UPDATE sales_order_line SET store_id = $3 WHERE tenant_id = $1 AND order_id = $2 AND store_id = $4
)
UPDATE sales_order SET also_at = array_replace(also_at, $4, $3) WHERE tenant_id = $1 AND id = $2 AND $4 = any(also_at)
"""
HANDED_ON = "handed_on"  #: in the timeline
AGREED = "SELECT other_store FROM sales_order WHERE tenant_id = $1 AND id = $2"


async def agreed(work: Work, order_id: UUID) -> bool:
    """Whether its buyer collects an order at another store too."""
    return bool(await work.value(AGREED, order_id))


async def hand_on(
    work: Work,
    order: OrderRow,
    had: UUID,
    store_id: UUID,
    *,
    others: Sequence[str],
    cause: str,
    note: str,
    to: str,
) -> None:
    """Give what a store `had` of a locked order to another, which begins with it anew; the timeline says where `to`.

    `others` are the states of what other stores have of it.
    """
    await record(work, order, cause, note=note)
    await log(work, order, "PAID", told=cause)
    if not await work.execute(HAND_ON if had == order.store_id else HAND_ON_PACKAGE, order.id, store_id, had):
        raise RuntimeError("an order has moved under a lock")
    remember(work, [(had, order.id), (store_id, order.id)] if order.also_at else [(had, order.id)])
    if order.member_id is not None:
        await members.meet(work, {(store_id, order.member_id)})
    if had == order.store_id:
        order.store_id = store_id
    await follow(work, order, [*others, "WAITING"], told=HANDED_ON, note=f"to {to}")
    work.emit(OrderHandedOn(order_id=order.id, store_id=store_id, from_store_id=had, cause=cause))
