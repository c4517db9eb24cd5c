"""The plugin's part of the attack: what its calls are given, and what has to be there before they mean something."""

from plugins.delivery_own.tests.errands import offered
from tests.schema.shop import PEOPLES_SQUARE, done
from tests.security.attack.scenes import ready_delivery
from tests.security.attack.sides import SHOPPERS, Scene, Side, Things
from tests.security.attack.sources import Of

SHIPMENT = Of("delivery_own.shipment")
ACCEPT = "mutation($input: DeliveryOwnAcceptInput!) { deliveryOwnAccept(input: $input) { errand { state } } }"

SOURCES = {
    "DeliveryOwnAcceptInput": {"shipmentId": SHIPMENT, "phone": "+8613900000009"},
    "DeliveryOwnPassOnInput": {"shipmentId": SHIPMENT},
    "DeliveryOwnReportInput": {"shipmentId": SHIPMENT, "step": "ARRIVED_STORE", "note": "here"},
    "DeliveryOwnPositionInput": {},
}
REASONS = {"DeliveryOwnPositionPayload.userErrors": "it is refused for a place that is none, and for nothing else"}


async def wanted(side: Side, caller: str) -> Things:
    """An errand that nobody has taken on."""
    things = await ready_delivery(side, caller)
    platform = side.callers["guest"].application.platform
    shipment = await offered(platform, side.world, side.callers["owner"], {"id": things["order"]})
    return {SHIPMENT.kind: shipment}


async def carried(side: Side, caller: str) -> Things:
    """An errand that the caller has, where one may."""
    things = await wanted(side, caller)
    if caller not in SHOPPERS:
        await side.callers[caller].send(ACCEPT, input={"shipmentId": things[SHIPMENT.kind]})
    return things


async def equip(side: Side) -> Things:
    """Something to take on, goods and all: when it arrives does not change while it is looked at."""
    things, owner = await wanted(side, "guest"), side.callers["owner"]
    errand = {"shipmentId": things[SHIPMENT.kind]}
    done(await owner.do("deliveryOwnAccept", errand, "errand { state }"), "errand")
    done(await owner.do("deliveryOwnReport", errand | {"step": "PICKED_UP"}, "errand { state }"), "errand")
    await owner.do("deliveryOwnPosition", {"location": PEOPLES_SQUARE}, "errands { state }")
    done(await owner.do("deliveryOwnPassOn", errand, "errand { state }"), "errand")
    return things


SCENES = {
    "deliveryOwnAccept": Scene(wanted),
    "deliveryOwnPassOn": (mine := Scene(carried, personal=True)),
    "deliveryOwnReport": mine,
    "deliveryOwnPosition": mine,
}
