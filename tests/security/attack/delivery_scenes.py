"""What has to have happened before calls that are about shipments."""

import secrets

from core import clock, deliveries
from core.actors import system
from core.deliveries import Courier, Report, State
from core.stores import GeoPoint
from schema.relay import global_id, key_or_nothing
from tests.bringing import NAME, found
from tests.schema.shop import act, done
from tests.security.attack.sides import Side, Things

HERE = GeoPoint(31.23, 121.47)


async def called(side: Side, order_id: str) -> Things:
    """A courier is looked for, and something was said of the shipment."""
    owner, platform = side.callers["owner"], side.callers["guest"].application.platform
    done(await act(owner, "orderDispatch", {"id": order_id}, provider=NAME), "order")
    shipment = await found(platform, side.world, order_id)
    said = Report(
        at=clock.now(),
        shipment_id=shipment.id,
        courier=Courier(side.mark, "+8613900000009"),
        position=HERE,
        raw=side.mark,
        note=side.mark,
    )
    await deliveries.hear(platform.works(side.world.tenant, system("test")), NAME, said)
    return {"shipment": global_id("Shipment", shipment.id)}


async def on_its_way(side: Side, shipment_id: str) -> None:
    """Couriers were offered more, and one has it: when it arrives does not change while it is looked at."""
    wish = {"shipmentId": shipment_id, "amount": "1.00", "idempotencyKey": secrets.token_hex(8)}
    done(await side.callers["owner"].do("shipmentTip", wish, "shipment { id }"), "shipment")
    said = Report(at=clock.now(), shipment_id=key_or_nothing("Shipment", shipment_id), state=State.PICKED_UP)
    platform = side.callers["guest"].application.platform
    await deliveries.hear(platform.works(side.world.tenant, system("test")), NAME, said)
