"""A courier's list, and what a courier says."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import strawberry
from strawberry import ID

from core import contacts, deliveries, orders
from core.deliveries import ShipmentRow, State
from core.orders import OrderRow
from core.work import Work
from plugins.delivery_own import errands, queries
from plugins.delivery_own.errands import Step
from plugins.delivery_own.rows import ErrandRow
from schema import relay
from schema.common import GeoPointInput, point_of
from schema.context import Info
from schema.deliveries import Shipment
from schema.fields import STAFF, batched, field, mutation, query, row_type
from schema.ordering import note_of
from schema.orders import Order
from schema.payloads import Done, Payload, Remark


@strawberry.enum(description="What a courier says of an errand.")
class DeliveryOwnStep(StrEnum):
    ARRIVED_STORE = "ARRIVED_STORE"
    PICKED_UP = "PICKED_UP"
    DELIVERED = "DELIVERED"
    RETURNING = "RETURNING"
    RETURNED = "RETURNED"


@row_type(ErrandRow)
class DeliveryOwnErrand:
    """A shipment that a courier of the shop's own carries, or one of them is to take on."""

    state: str = field("OFFERED, ACCEPTED, DONE or WITHDRAWN.")
    offered_at: datetime = field("Since when it is to be taken on.")
    accepted_at: datetime | None = field("When somebody took it on.")


@batched(DeliveryOwnErrand, bool, cost=0)
async def mine(found: Sequence[ErrandRow], info: Info) -> list[bool]:
    """Whether it is yours."""
    return [errand.courier_id is not None and errand.courier_id == info.viewer.id for errand in found]


@batched(DeliveryOwnErrand, Shipment | None, name="shipment")
async def errand_shipment(found: Sequence[ErrandRow], info: Info) -> list[ShipmentRow | None]:
    """How the delivery stands; by its id it is taken on."""
    shipments = await deliveries.by_ids(info.work, [errand.shipment_id for errand in found])
    return list(shipments)


@batched(DeliveryOwnErrand, Order | None, name="order")
async def errand_order(found: Sequence[ErrandRow], info: Info) -> list[OrderRow | None]:
    """What is brought, and to whom."""
    return await orders.visible(info.work, [errand.order_id for errand in found])


@strawberry.type(description="The errand, or why nothing was done.")
class DeliveryOwnErrandPayload(Payload):
    errand: DeliveryOwnErrand | None = field("The errand as it is now.")


@strawberry.type(description="What the courier carries.")
class DeliveryOwnPositionPayload(Payload):
    errands: list[DeliveryOwnErrand] | None = field("The courier's errands, all of which are there now.", cost=100)


@strawberry.input(description="An errand to take on.")
class DeliveryOwnAcceptInput:
    shipment_id: ID = field("Its shipment.")
    phone: str | None = strawberry.field(description="Where buyer and store reach the courier.", default=None)


@strawberry.input(description="An errand for another courier.")
class DeliveryOwnPassOnInput:
    shipment_id: ID = field("Its shipment.")


@strawberry.input(description="How an errand goes.")
class DeliveryOwnReportInput:
    shipment_id: ID = field("Its shipment.")
    step: DeliveryOwnStep = field("How far it is.")
    note: str | None = strawberry.field(description="What there is to say, at most 200 characters.", default=None)


@strawberry.input(description="Where a courier is.")
class DeliveryOwnPositionInput:
    location: GeoPointInput = field("Here.")


@query(list[DeliveryOwnErrand], access=orders.FULFIL, cost=100)
async def delivery_own_errands(info: Info) -> list[ErrandRow]:
    """What you may take on in your stores, and what you have, oldest first; at most 100."""
    return await queries.open_to(info.work)


@mutation(DeliveryOwnErrandPayload, access=orders.FULFIL)
async def delivery_own_accept(work: Work, input: DeliveryOwnAcceptInput) -> Done:
    """Take an errand on; of several couriers who do, one has it."""
    path = ("input", "phone")
    phone = contacts.e164(input.phone, locale=work.brand.locale, path=path) if input.phone is not None else None
    return _done(await errands.accept(work, _key(input.shipment_id), phone), input.shipment_id)


@mutation(DeliveryOwnErrandPayload, access=orders.FULFIL)
async def delivery_own_pass_on(work: Work, input: DeliveryOwnPassOnInput) -> Done:
    """Offer an errand of yours to the other couriers, goods and all."""
    return _done(await errands.pass_on(work, _key(input.shipment_id)), input.shipment_id)


@mutation(DeliveryOwnErrandPayload, access=orders.FULFIL)
async def delivery_own_report(work: Work, input: DeliveryOwnReportInput) -> Done:
    """Say how an errand of yours goes; the order follows."""
    note = note_of(input.note)
    step = await errands.report(work, _key(input.shipment_id), State(input.step.value), note)
    return _done(step, input.shipment_id)


@mutation(DeliveryOwnPositionPayload, access=STAFF)
async def delivery_own_position(work: Work, input: DeliveryOwnPositionInput) -> list[ErrandRow]:
    """Say where you are, with everything that you carry: buyers see it."""
    return await errands.move(work, point_of(input.location, ("input", "location")))


def _done(step: Step, shipment_id: str) -> Done:
    remarks = [Remark("ALREADY_DONE", "You have done this before.", shipment_id)] if step.repeated else []
    return Done(step.errand, remarks)


def _key(shipment_id: str) -> UUID | None:
    return relay.key_of("Shipment", shipment_id)
