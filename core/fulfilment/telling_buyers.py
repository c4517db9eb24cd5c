"""Telling buyers how far their orders are: ready to be collected, or on their way."""

from core import orders, stores, verification
from core.fulfilment.leaving import CODES
from core.fulfilment.notices import DISPATCHED, READY
from core.ids import grouped
from core.machine import PICKUP
from core.orders import OrderRow, OrderStatusChanged
from core.work import Work


async def tell_status(work: Work, event: OrderStatusChanged) -> None:
    """Whoever has ordered hears what there is to hear, unless the order is further already, or has ended."""
    if event.status not in ("READY", "DISPATCHED"):
        return
    order = (await orders.visible(work, [event.order_id]))[0]
    if order is None or order.status != event.status:
        return
    source = f"{order.id}:{order.store_id}"  # handed on to another store, it is to be collected there
    if order.status == "DISPATCHED":
        await orders.tell_buyer(work, order, DISPATCHED, source, await _values(work, order))
    elif order.kind == PICKUP:
        await orders.tell_buyer(work, order, READY, source, await _values(work, order) | await _code(work, order))


async def _values(work: Work, order: OrderRow) -> dict[str, str]:
    store = (await stores.by_ids(work, [order.store_id]))[0]
    assert store is not None, "an order of no store"
    return {"brand": work.brand.slug, "store": store.name, "number": order.number}


async def _code(work: Work, order: OrderRow) -> dict[str, str]:
    code = (await verification.codes_of(work, CODES, [order.id]))[0]
    assert code is not None, "an order to collect that has no code"
    return {"code": grouped(code)}
