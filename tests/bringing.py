"""Somebody who delivers, for tests that need a shipment and no worker."""

from core import deliveries
from core.actors import system
from core.deliveries import ShipmentRow
from core.deliveries.calling import begin_round
from core.deliveries.carrying import create
from core.deliveries.events import CourierWanted, ShipmentWanted
from hexmart.testing import World
from hexmart.testing.plugins import install
from schema.relay import key_or_nothing
from tenants import Platform
from tenants.plugins import enable
from tests.core.deliveries.carriers import Carrier

NAME = "mule"  #: it stays for as long as the platform: no test makes up another of that name


async def employ(platform: Platform, world: World) -> None:
    """Have the mule deliver for a brand."""
    if not platform.plugins.has_plugin(NAME):
        install(platform, {NAME: Carrier(NAME)})
    world.tenant = await enable(platform, world.tenant, system("test"), NAME)


async def found(platform: Platform, world: World, order_id: str) -> ShipmentRow:
    """The shipment of an order for which somebody was called: everybody has answered."""
    works, key = platform.works(world.tenant, system("test")), key_or_nothing("Order", order_id)
    async with works() as work:
        called = await work.fetch(
            "SELECT fulfilment_id, store_id, round FROM courier_call WHERE tenant_id = $1 AND order_id = $2", key
        )
    for one in called:
        await begin_round(works, CourierWanted(order_id=key, **dict(one)))
    async with works() as work:
        wanted = (await deliveries.of_orders(work, [key]))[0]
    for shipment in wanted:
        await create(works, ShipmentWanted(shipment_id=shipment.id, order_id=key))
    async with works() as work:
        return (await deliveries.of_orders(work, [key]))[0][-1]
