"""What tests of errands do again and again."""

from core.actors import system
from core.deliveries import State
from core.deliveries.events import ShipmentChanged
from hexmart.testing import Client, World
from plugins.delivery_own.errands import follow
from schema.relay import global_id
from tenants import Platform
from tests.bringing import found
from tests.schema.shop import Payload, act, done

ERRAND = "errand { state mine shipment { id status courier courierPhone } order { status } }"


async def offered(platform: Platform, world: World, staff: Client, order: Payload) -> str:
    """The shipment of an order that is ready, once it was offered to the couriers."""
    done(await act(staff, "orderDispatch", order, provider="own"), "order")
    shipment = await found(platform, world, order["id"])
    works = platform.works(world.tenant, system("test"))
    async with works() as work:
        place = {"fulfilment_id": shipment.fulfilment_id, "order_id": shipment.order_id, "store_id": shipment.store_id}
        event = ShipmentChanged(shipment_id=shipment.id, provider="own", state=State.DISPATCHING, **place)
        await follow(work, event)
    return global_id("Shipment", shipment.id)
