"""SF Tongcheng as one who delivers. It knows a shipment by our id, its `shop_order_id`; all money is in fen."""

from collections.abc import Mapping
from typing import Any

from core.deliveries import (
    Cancellation,
    Capabilities,
    Carrier,
    Created,
    Known,
    Parcel,
    Quote,
    ShipmentOrder,
    Site,
    Standing,
    Tip,
    courier_named,
    place_of,
)
from core.money import Money
from core.stores import GeoPoint
from plugins.delivery_sf.client import ask
from plugins.delivery_sf.ordering import CURRENCY, named, order_of, question_of
from plugins.delivery_sf.settings import DeliverySfSettings
from plugins.delivery_sf.wire import STATES

NAME = "sf"
ROUTE = "events"  #: where it calls, whatever for
BY_THE_SHOP = 313  #: in its list of reasons to cancel


class Sf(Carrier):
    """SF Tongcheng's open platform."""

    name = NAME
    capabilities = Capabilities(tips=True, callback=ROUTE)
    currency = CURRENCY
    unknown = 2002  # [K]

    async def price(self, site: Site, parcel: Parcel) -> Quote:
        """What it takes, how long that lasts and how far it is."""
        said = await ask(site, "precreateorder", question_of(site.settings(DeliverySfSettings), parcel))
        meters = said.get("delivery_distance_meter")
        minutes = said.get("promise_delivery_time")
        return Quote(
            _price(said),
            minutes=int(minutes) if minutes else None,
            distance_meters=int(meters) if meters else None,
        )

    async def place(self, site: Site, order: ShipmentOrder) -> Created:
        """It has a number for itself, and one for people."""
        wanted = order_of(site.settings(DeliverySfSettings), order.parcel, str(order.shipment_id))
        said = await ask(site, "createorder", wanted)
        return Created(str(said["sf_order_id"]), _price(said), said.get("sf_bill_id") or None)

    async def top_up(self, site: Site, tip: Tip) -> None:
        """By what this tip adds; it knows one again by its number."""
        said = {"gratuity_fee": tip.amount.minor, "serial_number": str(tip.tip_id)}
        await ask(site, "addordergratuityfee", _of(site, tip.shipment) | said)

    async def call_off(self, site: Site, wish: Cancellation) -> Money | None:
        """It says what that costs."""
        said = {"cancel_code": BY_THE_SHOP, "cancel_reason": wish.reason}
        answer = await ask(site, "cancelorder", _of(site, wish.shipment) | said)
        return Money(int((answer.get("deduction_detail") or {}).get("deduction_fee") or 0), CURRENCY)

    async def standing(self, site: Site, shipment: Known) -> Standing:
        """Its state, and who carries it."""
        return standing_of(await ask(site, "getorderstatus", _of(site, shipment)))

    async def whereabouts(self, site: Site, shipment: Known) -> GeoPoint | None:
        """On Chinese maps, as texts."""
        found = await ask(site, "riderlatestposition", _of(site, shipment))
        return place_of(found.get("rider_lat"), found.get("rider_lng"))


def standing_of(found: Mapping[str, Any]) -> Standing:
    """How an order stands by what SF answers; it says no money then."""
    return Standing(
        code=str(found["order_status"]),
        state=STATES.get(int(found["order_status"])),
        reference=str(found["order_id"]),
        courier=courier_named(found.get("rider_name"), found.get("rider_phone")),
        note=found.get("status_desc") or None,
    )


def _of(site: Site, shipment: Known) -> dict[str, Any]:
    return named(site.settings(DeliverySfSettings), shipment)


def _price(said: Mapping[str, Any]) -> Money:
    """What is really paid, where it says so, or the price."""
    paid = said.get("real_pay_money")
    return Money(int(said["total_price"] if paid is None else paid), CURRENCY)
