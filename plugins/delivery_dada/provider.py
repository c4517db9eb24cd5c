"""Dada as one who delivers. It knows a shipment by our id, its `origin_id`; orders of it are asked for by that."""

from contextlib import suppress
from typing import Any

from core import clock
from core.deliveries import (
    Cancellation,
    Cancelled,
    Capabilities,
    Courier,
    Created,
    Known,
    Parcel,
    Quote,
    Refused,
    Report,
    ShipmentOrder,
    Site,
    State,
    Tip,
    Tipped,
    from_chinese_map,
)
from core.money import of_units
from core.stores import GeoPoint
from plugins.delivery_dada.client import DadaRefuses, ask
from plugins.delivery_dada.ordering import CURRENCY, order_of
from plugins.delivery_dada.settings import DeliveryDadaSettings
from plugins.delivery_dada.wire import STATES

NAME = "dada"
ROUTE = "status"  #: where it calls
UNKNOWN = 2005  #: its code for an order that it does not know [K]
OTHER_REASON = 10000  #: in its list of reasons to cancel: one in words
_CANNOT_BE_CANCELLED = (State.PICKED_UP, State.DELIVERED, State.RETURNING, State.RETURNED)


class Dada:
    """Dada's open platform."""

    name = NAME
    capabilities = Capabilities(tips=True, callback=ROUTE)

    async def quote(self, site: Site, parcel: Parcel) -> Quote | Refused:
        """What it takes, and how far it is for its couriers."""
        if site.currency != CURRENCY:
            return Refused("Dada charges in yuan.")
        wanted = order_of(site.settings(DeliveryDadaSettings), parcel, f"q-{parcel.fulfilment_id}", callback=None)
        if isinstance(wanted, Refused):
            return wanted
        try:
            said = await ask(site, "/api/order/queryDeliverFee", wanted)
        except DadaRefuses as refusal:
            return Refused(str(refusal))
        return Quote(
            of_units(said["fee"], CURRENCY), distance_meters=round(said["distance"]), reference=said.get("deliveryNo")
        )

    async def create(self, site: Site, order: ShipmentOrder) -> Created | Refused:
        """Have it carried; where it was asked for before, it is what it is there."""
        key = str(order.shipment_id)
        wanted = order_of(site.settings(DeliveryDadaSettings), order.parcel, key, callback=order.callback_url)
        if isinstance(wanted, Refused):
            return wanted
        try:
            said = await ask(site, "/api/order/addOrder", wanted)
        except DadaRefuses as refusal:
            known = await _status(site, key)
            if known is None or STATES.get(known["statusCode"]) == State.CANCELLED:
                return Refused(str(refusal))
            return Created(key, of_units(known.get("deliveryFee") or 0, CURRENCY))
        return Created(key, of_units(said["fee"], CURRENCY))

    async def tip(self, site: Site, tip: Tip) -> Tipped:
        """The newest tip is the whole of it, and is of tenths of a yuan."""
        if tip.total.minor % 10:
            return Tipped("Dada takes tips of tenths of a yuan.")
        said = {"order_id": str(tip.shipment.shipment_id), "tips": float(tip.total.amount), "city_code": "", "info": ""}
        try:
            await ask(site, "/api/order/addTip", said)
        except DadaRefuses as refusal:
            return Tipped(str(refusal))
        return Tipped()

    async def cancel(self, site: Site, wish: Cancellation) -> Cancelled:
        """Have it not carried; refused, it may have been cancelled before, be unknown there, or be on its way."""
        key = str(wish.shipment.shipment_id)
        said = {"order_id": key, "cancel_reason_id": OTHER_REASON, "cancel_reason": wish.reason}
        try:
            answer = await ask(site, "/api/order/formalCancel", said)
        except DadaRefuses as refusal:
            return await _uncancelled(site, key, refusal)
        return Cancelled(of_units(answer.get("deduct_fee") or 0, CURRENCY))

    async def query(self, site: Site, shipment: Known) -> Report | None:
        """How it stands there, with who carries it and where that is."""
        known = await _status(site, str(shipment.shipment_id))
        return _report(shipment, known) if known is not None else None


async def _uncancelled(site: Site, key: str, refusal: DadaRefuses) -> Cancelled:
    known = await _status(site, key)
    if known is None:
        return Cancelled()
    state = STATES.get(known["statusCode"])
    if state == State.CANCELLED:
        return Cancelled(of_units(known.get("deductFee") or 0, CURRENCY))
    if state in _CANNOT_BE_CANCELLED:
        return Cancelled(refused_because=str(refusal))
    raise refusal  # it can be, and is not: it is asked again


async def _status(site: Site, key: str) -> dict[str, Any] | None:
    """What it knows of a shipment; None where it knows none."""
    try:
        found: dict[str, Any] = await ask(site, "/api/order/status/query", {"order_id": key})
    except DadaRefuses as refusal:
        if refusal.code == UNKNOWN:
            return None
        raise
    return found


def _report(shipment: Known, known: dict[str, Any]) -> Report | None:
    state, code = STATES.get(known["statusCode"]), known["statusCode"]
    if state is None:
        return None
    name, phone = known.get("transporterName") or None, known.get("transporterPhone") or None
    fee = known.get("deductFee")
    return Report(
        at=clock.now(),  # it says no time of its own for every state
        shipment_id=shipment.shipment_id,
        state=state,
        raw=str(code),
        courier=Courier(name, phone) if name or phone else None,
        position=_position(known),
        cancel_fee=of_units(fee, CURRENCY) if state == State.CANCELLED and fee is not None else None,
        note=known.get("statusMsg") or None,
    )


def _position(known: dict[str, Any]) -> GeoPoint | None:
    with suppress(KeyError, TypeError, ValueError):  # empty texts before somebody has it
        latitude, longitude = float(known["transporterLat"]), float(known["transporterLng"])
        if latitude and longitude:
            return from_chinese_map(GeoPoint(latitude, longitude))
    return None
