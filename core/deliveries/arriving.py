"""When a delivery will be at the door, as far as anybody can say."""

from collections.abc import Sequence

from core import clock, contacts, orders
from core.deliveries.rows import ShipmentRow
from core.deliveries.states import LAST, LEFT
from core.orders import OrderRow
from core.stores import GeoPoint
from core.stores.places import distance
from core.work import Work

METERS_PER_MINUTE = 250  #: of a courier on two wheels in a city, with lights and stairs
DETOUR = 1.3  #: streets against the crow's way


def ride_minutes(start: GeoPoint, goal: GeoPoint) -> int:
    """How long a courier takes from here to there."""
    return max(1, round(distance(start, goal) * DETOUR / METERS_PER_MINUTE))


async def eta_minutes(work: Work, shipments: Sequence[ShipmentRow]) -> list[int | None]:
    """By where the courier was seen last, else by what the provider has promised; None where it is over or unknown."""
    found = await orders.visible(work, [one.order_id for one in shipments])
    return [_eta(work, one, order) for one, order in zip(shipments, found, strict=True)]


def _eta(work: Work, shipment: ShipmentRow, order: OrderRow | None) -> int | None:
    if order is None or shipment.rank >= LAST:
        return None
    position = shipment.position
    if shipment.rank >= LEFT and position is not None:
        address = contacts.open_address(work.vault, order.sealed_address, "sales_order", order.id)
        return ride_minutes(position, address.location) if address is not None else None
    if shipment.minutes is None:
        return None
    gone = (clock.now() - shipment.created_at).total_seconds() / 60
    return max(1, round(shipment.minutes - gone))
