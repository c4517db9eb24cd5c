"""Saying that something happened to an order."""

from typing import cast
from uuid import UUID

from core.actors import system
from core.orders import OrderStatusChanged
from hexmart.testing import World
from schema.relay import key_of
from tenants import Platform
from tests.schema.shop import Payload

NOTE = "subscription($id: ID!) { orderUpdated(id: $id) { note } }"


async def tell(platform: Platform, world: World, *found: Payload) -> None:
    """Say in one transaction that something happened to orders, though nothing did."""
    async with platform.open_work(world.tenant, system("test")) as work:
        for one in found:
            order_id, store_id = cast("UUID", key_of("Order", one["id"])), world.store_keys["S1"]
            work.emit(OrderStatusChanged(order_id=order_id, store_id=store_id, status="TEST"))


async def note(platform: Platform, world: World, found: Payload, text: str) -> None:
    """Change something that is seen."""
    async with platform.open_work(world.tenant, system("test")) as work:
        order_id = cast("UUID", key_of("Order", found["id"]))
        await work.execute("UPDATE sales_order SET note = $3 WHERE tenant_id = $1 AND id = $2", order_id, text)
        work.emit(OrderStatusChanged(order_id=order_id, store_id=world.store_keys["S1"], status="TEST"))
