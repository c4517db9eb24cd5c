"""Calling somebody as soon as an order is ready, where the brand wants it so."""

from core import fulfilment, orders
from core.deliveries.calling import DELIVERY, call
from core.deliveries.rules import DeliveryRules
from core.orders import OrderStatusChanged
from core.work import Work


async def call_when_ready(work: Work, event: OrderStatusChanged) -> None:
    """Whatever of it is ready is called for, unless somebody did before."""
    if event.status != "READY" or not work.rules(DeliveryRules, event.store_id).automatic:
        return
    order = await orders.lock(work, event.order_id)
    if order is None or order.kind != DELIVERY or order.held or not work.hooks.delivery_providers:
        return
    for part in (await fulfilment.of_orders(work, [order.id]))[0]:
        if part.status == "READY":
            await call(work, order, part)
