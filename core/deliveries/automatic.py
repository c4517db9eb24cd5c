"""Calling somebody as soon as goods are ready, where the brand wants it so."""

from uuid import UUID

from core import fulfilment, orders
from core.deliveries.calling import DELIVERY, call
from core.deliveries.rules import DeliveryRules
from core.fulfilment import PackageReady
from core.orders import OrderStatusChanged
from core.work import Work


async def call_when_ready(work: Work, event: OrderStatusChanged) -> None:
    """Whatever of an order is ready is called for, unless somebody did before."""
    if event.status == "READY":
        await _call(work, event.order_id, event.store_id)


async def call_for_package(work: Work, event: PackageReady) -> None:
    """A package does not wait for the others."""
    await _call(work, event.order_id, event.store_id)


async def _call(work: Work, order_id: UUID, store_id: UUID) -> None:
    if not work.rules(DeliveryRules, store_id).automatic:
        return
    order = await orders.lock(work, order_id)
    if order is None or order.kind != DELIVERY or order.held or not work.hooks.delivery_providers:
        return
    for part in (await fulfilment.of_orders(work, [order.id]))[0]:
        if part.status == "READY":
            await call(work, order, part)
