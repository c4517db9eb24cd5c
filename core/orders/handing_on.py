"""An order goes to another store, which carries it out from now on."""

from uuid import UUID

from core import members
from core.orders.events import OrderHandedOn
from core.orders.formerly import remember
from core.orders.rows import OrderRow
from core.orders.service import follow, log, record
from core.work import Work

HAND_ON = "UPDATE sales_order SET store_id = $3 WHERE tenant_id = $1 AND id = $2 AND store_id = $4"
HANDED_ON = "handed_on"  #: in the timeline
AGREED = "SELECT other_store FROM sales_order WHERE tenant_id = $1 AND id = $2"


async def agreed(work: Work, order_id: UUID) -> bool:
    """Whether its buyer collects an order at another store too."""
    return bool(await work.value(AGREED, order_id))


async def hand_on(work: Work, order: OrderRow, store_id: UUID, *, cause: str, note: str, to: str) -> None:
    """Give a locked order to another store, which begins with it anew; the timeline says why, and where `to`."""
    had = order.store_id
    await record(work, order, cause, note=note)
    await log(work, order, "PAID", told=cause)
    if not await work.execute(HAND_ON, order.id, store_id, had):
        raise RuntimeError("an order has moved under a lock")
    await remember(work, order.id, had)
    if order.member_id is not None:
        await members.meet(work, {(store_id, order.member_id)})
    order.store_id = store_id
    await follow(work, order, ["WAITING"], told=HANDED_ON, note=f"to {to}")
    work.emit(OrderHandedOn(order_id=order.id, store_id=store_id, from_store_id=had, cause=cause))
