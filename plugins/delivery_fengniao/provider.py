"""Fengniao as one who delivers. It knows a shipment by our id, its `partner_order_code`; all money is in fen."""

from collections.abc import Mapping
from typing import Any

from core.deliveries import (
    Cancellation,
    Capabilities,
    Carrier,
    Created,
    Declined,
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
from plugins.delivery_fengniao.client import ask
from plugins.delivery_fengniao.ordering import CURRENCY, order_of
from plugins.delivery_fengniao.settings import DeliveryFengniaoSettings
from plugins.delivery_fengniao.wire import STATES

NAME = "fengniao"
ROUTE = "status"  #: where it calls
OTHER_REASON = 32  #: in its list of reasons to cancel: one in words
SHOP = 1  #: who cancels


class Fengniao(Carrier):
    """Fengniao's open platform."""

    name = NAME
    capabilities = Capabilities(tips=True, callback=ROUTE)
    currency = CURRENCY
    unknown = "404"  # [K]

    async def price(self, site: Site, parcel: Parcel) -> Quote:
        """The cheapest of the services that it offers for this way."""
        wanted = order_of(site.settings(DeliveryFengniaoSettings), parcel, f"q-{parcel.fulfilment_id}")
        said = await ask(site, "preCreateOrder", wanted)
        offered = [one for one in said.get("goods_infos") or [] if one.get("is_valid", 1)]
        if not offered:
            raise Declined("none", "it offers no service for this way")
        best = min(offered, key=_price)
        reference = f"{best.get('service_goods_id')}:{best.get('base_goods_id')}"
        return Quote(Money(_price(best), CURRENCY), distance_meters=round(said["distance"]), reference=reference)

    async def place(self, site: Site, order: ShipmentOrder) -> Created:
        """The service that was quoted is named again; the answer says no price [K], so it is the one of then."""
        wanted = order_of(site.settings(DeliveryFengniaoSettings), order.parcel, str(order.shipment_id))
        said = await ask(site, "createOrder", wanted | _service(order.quote.reference))
        return Created(str(said["order_id"]), order.quote.fee)

    async def top_up(self, site: Site, tip: Tip) -> None:
        """By what this tip adds; it knows one again by its number."""
        said = {"add_tip_amount_cent": tip.amount.minor, "third_index_id": tip.tip_id.int % 2**63}
        await ask(site, "addTip", _of(tip.shipment) | said)

    async def call_off(self, site: Site, wish: Cancellation) -> Money | None:
        """It says first what that costs, and wants to hear it again."""
        why = {"order_cancel_code": OTHER_REASON, "order_cancel_other_reason": wish.reason[:20]}
        order = _of(wish.shipment) | why | {"order_cancel_role": SHOP}
        fee = int((await ask(site, "preCancelOrder", order)).get("actual_cancel_cost_cent") or 0)
        await ask(site, "cancelOrder", order | {"actual_cancel_cost_cent": fee})
        return Money(fee, CURRENCY)

    async def standing(self, site: Site, shipment: Known) -> Standing:
        """Its state, and who carries it."""
        return standing_of(await ask(site, "getOrderDetail", _of(shipment)))

    async def whereabouts(self, site: Site, shipment: Known) -> GeoPoint | None:
        """The names of the place are [K]."""
        found = await ask(site, "getKnightInfo", _of(shipment))
        return place_of(found.get("carrier_driver_latitude"), found.get("carrier_driver_longitude"))


def standing_of(found: Mapping[str, Any]) -> Standing:
    """How an order stands by what Fengniao answers."""
    fee, cost = found.get("order_actual_amount_cent"), found.get("actual_cancel_cost_cent")
    return Standing(
        code=str(found["order_status"]),
        state=STATES.get(int(found["order_status"])),
        reference=str(found["order_id"]),
        fee=Money(int(fee), CURRENCY) if fee is not None else None,
        cancel_fee=Money(int(cost), CURRENCY) if cost is not None else None,  # [K]
        courier=courier_named(found.get("carrier_driver_name"), found.get("carrier_driver_phone")),
        note=found.get("abnormal_desc") or None,
    )


def _of(shipment: Known) -> dict[str, Any]:
    return {"partner_order_code": str(shipment.shipment_id)}


def _service(quoted: str | None) -> dict[str, Any]:
    """The service that the quote names [K]."""
    service, _, base = (quoted or "").partition(":")
    return {"service_goods_id": service, "base_goods_id": base} if base else {}


def _price(offered: Mapping[str, Any]) -> int:
    """What a service costs after what it takes off [K], or before."""
    said = offered.get("actual_delivery_amount_cent")
    return int(offered["total_delivery_amount_cent"] if said is None else said)
