"""Deliveries: who brings an order and where it is; for staff also who else was asked, what they said and took."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial

import strawberry
from strawberry import ID

from core import deliveries, orders
from core.actors import ActorKind
from core.deliveries import Courier, Offer, ShipmentChargeRow, ShipmentEventRow, ShipmentRow
from core.fulfilment import FulfilmentRow
from core.money import minor_of
from core.orders import OrderRow
from core.work import Work
from schema import relay
from schema.common import GeoPoint, Money
from schema.context import Info
from schema.fields import batched, field, mutation, query, row_type
from schema.ordering import note_of
from schema.orders import Fulfilment, Order
from schema.payloads import Done, Payload, Remark


@row_type(ShipmentRow)
class Shipment:
    """An attempt to have goods brought by a provider."""

    provider: str = field("Who brings it.")
    status: str = field(
        "CREATED, DISPATCHING, ACCEPTED, ARRIVED_STORE, PICKED_UP, DELIVERED, CANCELLED, RETURNING, RETURNED or "
        "EXCEPTION."
    )
    tracking_number: str | None = field("The provider's number, where it has one for people.")
    position: GeoPoint | None = field("Where the courier was seen last.")
    created_at: datetime = field("When the provider was asked.")
    accepted_at: datetime | None = field("When a courier accepted it.")
    picked_up_at: datetime | None = field("When the goods left the store.")
    ended_at: datetime | None = field("When it was delivered, returned or cancelled.")


@row_type(ShipmentEventRow)
class ShipmentEvent:
    """What a provider has said of a shipment, or what was done with it here."""

    status: str | None = field("The state that was told.")
    raw: str = field("The provider's word for it.")
    note: str | None = field("Why, where somebody said.")
    told_at: datetime = field("When it was so, by whoever says it.")
    at: datetime = field("When it was heard.")
    actor: str = field("Who has said or done it.")
    ignored_because: str | None = field("LATE, OVER or ANOTHER_HAS_IT where nothing came of it.")


@row_type(ShipmentChargeRow)
class ShipmentCharge:
    """What is paid to a provider for a shipment, or comes back."""

    kind: str = field("DELIVERY, TIP, CANCEL or REFUND.")
    amount: Money = field("How much; less than nothing comes back.")
    status: str = field("BOOKED; of a tip also ASKED or REFUSED.")
    at: datetime = field("When.")


@row_type(Offer)
class DeliveryQuote:
    """What a provider says when it is asked what it takes."""

    provider: str = field("Who.")
    fee: Money | None = field("What it takes; null where it will not.")
    minutes: int | None = field("How long it needs, where it says so.")
    distance_meters: int | None = field("How far it is for it, where it says so.")
    refusal: str | None = field("Why it will not.")


@batched(Order, Shipment | None, name="shipment")
async def order_shipment(found: Sequence[OrderRow], info: Info) -> list[ShipmentRow | None]:
    """Who brings it, or is asked to; null: nobody yet."""
    groups = await deliveries.of_orders(info.work, [order.id for order in found])
    return [deliveries.current(shipments) for shipments in groups]


@batched(Fulfilment, Shipment | None, name="shipment")
async def fulfilment_shipment(found: Sequence[FulfilmentRow], info: Info) -> list[ShipmentRow | None]:
    """Who brings it, or is asked to; null: nobody yet."""
    groups = await deliveries.of_fulfilments(info.work, [part.id for part in found])
    return [deliveries.current(shipments) for shipments in groups]


@batched(Fulfilment, list[Shipment], cost=2)
async def shipments(found: Sequence[FulfilmentRow], info: Info) -> list[list[ShipmentRow]]:
    """Everybody who was asked, oldest first; for staff with deliveries.read."""
    groups = await deliveries.of_fulfilments(info.work, [part.id for part in found])
    return [
        list(some) if info.viewer.may(deliveries.READ.name, part.store_id) else []
        for part, some in zip(found, groups, strict=True)
    ]


@batched(Shipment, ID, cost=0, name="id")
async def shipment_id(found: Sequence[ShipmentRow], info: Info) -> list[ID]:
    """Opaque."""
    return [relay.id_of(shipment) for shipment in found]


@batched(Shipment, str | None, name="courier")
async def courier_name(found: Sequence[ShipmentRow], info: Info) -> list[str | None]:
    """The courier's name; for the buyer and the store's staff."""
    return [courier.name if courier else None for courier in await _couriers(info, found)]


@batched(Shipment, str | None)
async def courier_phone(found: Sequence[ShipmentRow], info: Info) -> list[str | None]:
    """The courier's phone; for the buyer and the store's staff."""
    return [courier.phone if courier else None for courier in await _couriers(info, found)]


async def _couriers(info: Info, found: Sequence[ShipmentRow]) -> list[Courier | None]:
    """Who carries each, as far as the viewer may know."""
    parents = await orders.visible(info.work, [shipment.order_id for shipment in found])
    return [
        deliveries.courier_of(info.work, shipment) if order is not None and _knows_courier(info, order) else None
        for shipment, order in zip(found, parents, strict=True)
    ]


def _knows_courier(info: Info, order: OrderRow) -> bool:
    works_there = info.viewer.kind == ActorKind.STAFF and info.viewer.may(orders.READ.name, order.store_id)
    return works_there or orders.owned(order, info.viewer)


@batched(Shipment, int | None, shared=False)
async def eta_minutes(found: Sequence[ShipmentRow], info: Info) -> list[int | None]:
    """In how many minutes it will be at the door, as far as anybody can say."""
    return await deliveries.eta_minutes(info.work, found)


@batched(Shipment, Money | None, cost=0)
async def fee(found: Sequence[ShipmentRow], info: Info) -> list[object | None]:
    """What the provider takes for it; for staff with deliveries.read."""
    return [shipment.fee if _reads(info, shipment) else None for shipment in found]


@batched(Shipment, Money | None, cost=0)
async def cost(found: Sequence[ShipmentRow], info: Info) -> list[object | None]:
    """What it has cost so far, with tips and cancellation; for staff with deliveries.read."""
    return [shipment.cost if _reads(info, shipment) else None for shipment in found]


@batched(Shipment, str | None, cost=0)
async def failure(found: Sequence[ShipmentRow], info: Info) -> list[str | None]:
    """Why it came to nothing; for staff with deliveries.read."""
    return [shipment.failure if _reads(info, shipment) else None for shipment in found]


@batched(Shipment, list[ShipmentEvent], cost=5)
async def events(found: Sequence[ShipmentRow], info: Info) -> list[list[ShipmentEventRow]]:
    """What was said of it, oldest first; for staff with deliveries.read."""
    groups = await deliveries.events_of(info.work, [shipment.id for shipment in found])
    return [list(some) if _reads(info, shipment) else [] for shipment, some in zip(found, groups, strict=True)]


@batched(Shipment, list[ShipmentCharge], cost=2)
async def charges(found: Sequence[ShipmentRow], info: Info) -> list[list[ShipmentChargeRow]]:
    """What it costs, and what came back; for staff with deliveries.read."""
    groups = await deliveries.charges_of(info.work, [shipment.id for shipment in found])
    return [list(some) if _reads(info, shipment) else [] for shipment, some in zip(found, groups, strict=True)]


def _reads(info: Info, shipment: ShipmentRow) -> bool:
    return info.viewer.may(deliveries.READ.name, shipment.store_id)


@strawberry.type(description="The shipment, or why nothing was done.")
class ShipmentPayload(Payload):
    shipment: Shipment | None = field("The shipment as it is now.")


@strawberry.input(description="A delivery that is to be called off.")
class ShipmentCancelInput:
    shipment_id: ID = field("The shipment.")
    reason: str | None = strawberry.field(description="Why, at most 200 characters.", default=None)


@strawberry.input(description="More for whoever accepts a shipment.")
class ShipmentTipInput:
    shipment_id: ID = field("The shipment.")
    amount: Decimal = field("How much more.")
    idempotency_key: str = field("The same key again offers nothing twice.")


@query(list[DeliveryQuote], access=deliveries.READ, cost=20)
async def delivery_quotes(info: Info, order_id: ID, fulfilment_id: ID | None = None) -> list[Offer]:
    """What each provider would take for an order now; they are asked, and nobody is called."""
    key, part = relay.key_of("Order", order_id), relay.filter_key("Fulfilment", fulfilment_id)
    await info.close()  # nobody holds a connection while somebody else thinks
    works = partial(info.platform.open_work, info.tenant, info.viewer, read_only=True)
    return await deliveries.quotes(works, key, part)


@mutation(ShipmentPayload, access=deliveries.MANAGE)
async def shipment_cancel(work: Work, input: ShipmentCancelInput) -> Done:
    """Call a delivery off before a courier has the goods; its provider is asked right after, and may charge for it."""
    reason = (note_of(input.reason, "reason") or "called off")[:200]
    done = await deliveries.cancel(work, relay.key_of("Shipment", input.shipment_id), reason=reason)
    remarks = [Remark("ALREADY_DONE", "This was done before.", input.shipment_id)] if done.repeated else []
    return Done(await deliveries.by_id(work, done.shipment_id), remarks)


@mutation(ShipmentPayload, access=deliveries.MANAGE)
async def shipment_tip(work: Work, input: ShipmentTipInput) -> ShipmentRow | None:
    """Offer couriers more while none has accepted; the provider is told right after."""
    minor = minor_of(input.amount, work.brand.currency, ("input", "amount"))
    key = relay.key_of("Shipment", input.shipment_id)
    return await deliveries.by_id(work, await deliveries.tip(work, key, minor, key=input.idempotency_key))
