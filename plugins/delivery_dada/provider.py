"""Dada as one who delivers. It knows a shipment by our id, its `origin_id`; orders of it are asked for by that."""

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
    Unfit,
    courier_named,
    place_of,
)
from core.money import Money, of_units
from plugins.delivery_dada.client import ask
from plugins.delivery_dada.ordering import CURRENCY, order_of
from plugins.delivery_dada.settings import DeliveryDadaSettings
from plugins.delivery_dada.wire import STATES

NAME = "dada"
ROUTE = "status"  #: where it calls
OTHER_REASON = 10000  #: in its list of reasons to cancel: one in words


class Dada(Carrier):
    """Dada's open platform."""

    name = NAME
    capabilities = Capabilities(tips=True, callback=ROUTE)
    currency = CURRENCY
    unknown = 2005  # [K]

    async def price(self, site: Site, parcel: Parcel) -> Quote:
        """What it takes, and how far it is for its couriers."""
        wanted = order_of(site.settings(DeliveryDadaSettings), parcel, f"q-{parcel.fulfilment_id}", callback=None)
        said = await ask(site, "/api/order/queryDeliverFee", wanted)
        return Quote(_yuan(said["fee"]), distance_meters=round(said["distance"]), reference=said.get("deliveryNo"))

    async def place(self, site: Site, order: ShipmentOrder) -> Created:
        """Its answer has no number of its own; ours is what it goes by."""
        key = str(order.shipment_id)
        wanted = order_of(site.settings(DeliveryDadaSettings), order.parcel, key, callback=order.callback_url)
        said = await ask(site, "/api/order/addOrder", wanted)
        return Created(key, _yuan(said["fee"]))

    async def top_up(self, site: Site, tip: Tip) -> None:
        """The newest tip is the whole of it, and is of tenths of a yuan."""
        if tip.total.minor % 10:
            raise Unfit("Dada takes tips of tenths of a yuan.")
        said = {"order_id": str(tip.shipment.shipment_id), "tips": float(tip.total.amount), "city_code": "", "info": ""}
        await ask(site, "/api/order/addTip", said)

    async def call_off(self, site: Site, wish: Cancellation) -> Money | None:
        """It says what that costs."""
        key = str(wish.shipment.shipment_id)
        said = {"order_id": key, "cancel_reason_id": OTHER_REASON, "cancel_reason": wish.reason}
        return _yuan((await ask(site, "/api/order/formalCancel", said)).get("deduct_fee"))

    async def standing(self, site: Site, shipment: Known) -> Standing:
        """Everything it knows, in one answer."""
        return standing_of(await ask(site, "/api/order/status/query", {"order_id": str(shipment.shipment_id)}))


def standing_of(found: dict[str, Any]) -> Standing:
    """How an order stands by what Dada answers; it says no time of its own for every state."""
    fee = found.get("deductFee")
    return Standing(
        code=str(found["statusCode"]),
        state=STATES.get(found["statusCode"]),
        fee=_yuan(found.get("deliveryFee")),
        cancel_fee=_yuan(fee) if fee is not None else None,
        courier=courier_named(found.get("transporterName"), found.get("transporterPhone")),
        position=place_of(found.get("transporterLat"), found.get("transporterLng")),
        note=found.get("statusMsg") or None,
    )


def _yuan(amount: float | None) -> Money:
    return of_units(amount or 0, CURRENCY)
