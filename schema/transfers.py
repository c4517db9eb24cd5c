"""Transfers: stock on its way from place to place."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import strawberry
from strawberry import ID

from core import catalog, idempotency, inventory, orders, stores, transfers
from core.catalog import VariantRow
from core.idempotency import Request
from core.ids import new_id
from core.orders import OrderRow
from core.stores import LocationRow
from core.transfers import NewTransfer, Step, TransferFilter, TransferLineRow, TransferRow
from core.work import Work
from schema import relay
from schema.catalog import ProductVariant
from schema.context import Info
from schema.enums import TransferStatus
from schema.fields import batched, field, mutation, node_type, query, row_type
from schema.ordering import note_of
from schema.orders import Order
from schema.pages import PAGE, Connection, Page, alone, connection, position, size_of
from schema.payloads import Done, Payload, Remark
from schema.relay import Node
from schema.warehouses import Location


@node_type(TransferRow, transfers.visible)
class Transfer(Node):
    """Stock that goes from one place to another. Until it is sent it is reserved at its source."""

    status: TransferStatus = field("How far it is.")
    note: str | None = field("What it is for, where somebody said.")
    requested_at: datetime = field("When it was asked for.")
    sent_at: datetime | None = field("When it left its source.")
    ended_at: datetime | None = field("When it arrived, came back or was called off.")


@row_type(TransferLineRow)
class TransferLine:
    """How much of a variant is moved."""

    quantity: int = field("How much was asked for, and was sent, in the variant's unit.")
    received: int | None = field("How much of it arrived; null: it has not been received.")
    lost: int | None = field("How much of it did not arrive; null: it has not been received.")


@batched(Transfer, Location, name="source")
async def source(found: Sequence[TransferRow], info: Info) -> Sequence[LocationRow | None]:
    """Where it comes from."""
    return await stores.locations_by_ids(info.work, [one.source_id for one in found])


@batched(Transfer, Location, name="destination")
async def destination(found: Sequence[TransferRow], info: Info) -> Sequence[LocationRow | None]:
    """Where it goes."""
    return await stores.locations_by_ids(info.work, [one.destination_id for one in found])


@batched(Transfer, Order | None, name="order")
async def transfer_order(found: Sequence[TransferRow], info: Info) -> list[OrderRow | None]:
    """Who waits for it, if you may see that order; null: it is for the shelf."""
    rows = await orders.visible(info.work, [one.order_id for one in found if one.order_id is not None])
    by_id = {row.id: row for row in rows if row is not None}
    return [by_id.get(one.order_id) if one.order_id else None for one in found]


@batched(Transfer, list[TransferLine], cost=5, name="lines")
async def transfer_lines(found: Sequence[TransferRow], info: Info) -> list[list[TransferLineRow]]:
    """What it moves."""
    return await transfers.lines_of(info.work, [one.id for one in found])


@batched(TransferLine, ProductVariant, name="variant")
async def moved_variant(lines: Sequence[TransferLineRow], info: Info) -> Sequence[VariantRow | None]:
    """What is moved."""
    return await catalog.variants_sold(info.work, [line.variant_id for line in lines])


@strawberry.type(description="A transfer in a page.")
class TransferEdge:
    cursor: str = field("Where this item stands.")
    node: Transfer = field("The transfer.")


@strawberry.type(description="A page of transfers.")
class TransferConnection(Page):
    edges: list[TransferEdge] = field("The items with their cursors.")
    nodes: list[Transfer] = field("The items.")


@strawberry.type(description="The transfer, or why nothing was done.")
class TransferPayload(Payload):
    transfer: Transfer | None = field("The transfer as it is now.")


@strawberry.input(description="Which transfers.")
class TransferWhere:
    location_id: ID | None = strawberry.field(
        description="From this place or to it; a store's id is its location's.", default=None
    )
    statuses: list[TransferStatus] | None = strawberry.field(description="In one of these states.", default=None)


@strawberry.input(description="So much of a variant.")
class TransferLineInput:
    variant_id: ID = field("The variant.")
    quantity: int = field("In the variant's unit.")


@strawberry.input(description="Stock that is wanted elsewhere.")
class TransferCreateInput:
    source_id: ID = field("Where it is; a store's id is its location's.")
    destination_id: ID = field("Where it is wanted.")
    lines: list[TransferLineInput] = field("What is wanted, 1 to 200; the same variant twice is one number.")
    note: str | None = strawberry.field(description="What it is for, at most 500 characters.", default=None)
    idempotency_key: str = field("The same key with the same input gives the same transfer.")


@strawberry.input(description="A step of a transfer.")
class TransferActionInput:
    transfer_id: ID = field("The transfer.")


@strawberry.input(description="What has arrived.")
class TransferReceiveInput:
    transfer_id: ID = field("The transfer.")
    lines: list[TransferLineInput] | None = strawberry.field(
        description="Variants of which not all has arrived, with how much has; the rest of them is lost.", default=None
    )
    idempotency_key: str = field("The same key again changes nothing.")


@query(Transfer | None, access=inventory.READ)
async def transfer(info: Info, id: ID) -> TransferRow | None:
    """One transfer, if you see the stock at either end."""
    key = relay.key_of("Transfer", id)
    return (await transfers.visible(info.work, [key]))[0] if key else None


@query(TransferConnection, access=inventory.READ, cost=2, name="transfers")
async def list_transfers(
    info: Info, first: int | None = PAGE, after: str | None = None, where: TransferWhere | None = None
) -> Connection[TransferRow]:
    """Transfers from or to the places whose stock you see, newest first."""
    size, last, asked = size_of(first), position(after, UUID), where or TransferWhere()
    place = None if asked.location_id is None else _place(asked.location_id) or relay.NOTHING
    wanted = TransferFilter(place, asked.statuses)
    rows = await transfers.page(info.work, replace(wanted, after=last[0] if last else None), size + 1)
    return connection(
        rows, first=size, after=after, key=_key_of, count=alone(lambda work: transfers.count(work, wanted))
    )


@mutation(TransferPayload, access=transfers.MANAGE)
async def transfer_create(work: Work, input: TransferCreateInput) -> TransferRow | None:
    """Ask for stock of another place, where it is reserved at once; for staff of either end."""
    wanted = NewTransfer(
        source_id=_place(input.source_id) or relay.NOTHING,
        destination_id=_place(input.destination_id) or relay.NOTHING,
        quantities=_quantities(input.lines),
        note=note_of(input.note),
    )
    lines = {str(key): quantity for key, quantity in wanted.quantities.items()}
    asked = [str(wanted.source_id), str(wanted.destination_id), lines, wanted.note]
    request = Request("transferCreate", work.actor.label, input.idempotency_key, asked)

    async def perform(key: UUID) -> None:
        await transfers.create(work, replace(wanted, id=key))

    return await _shown(work, await idempotency.once(work, request, new_id(), perform))


@mutation(TransferPayload, access=transfers.MANAGE)
async def transfer_send(work: Work, input: TransferActionInput) -> Done:
    """The goods leave; for staff of their source. What an order waits for is sent once the order is paid."""
    return await _done(work, await transfers.send(work, relay.key_of("Transfer", input.transfer_id)), input)


@mutation(TransferPayload, access=transfers.MANAGE)
async def transfer_receive(work: Work, input: TransferReceiveInput) -> TransferRow | None:
    """The goods are there; for staff of their destination. What an order waits for is kept for it alone."""
    key, less = relay.key_of("Transfer", input.transfer_id), _quantities(input.lines or [])
    asked = [str(key), {str(variant): quantity for variant, quantity in less.items()}]
    request = Request("transferReceive", work.actor.label, input.idempotency_key, asked)

    async def perform(_: UUID) -> None:
        await transfers.receive(work, key, less)

    return await _shown(work, await idempotency.once(work, request, key or relay.NOTHING, perform))


@mutation(TransferPayload, access=transfers.MANAGE)
async def transfer_cancel(work: Work, input: TransferActionInput) -> Done:
    """Call it off while it is not sent; for staff of either end. Staff of its source take back what was sent."""
    return await _done(work, await transfers.cancel(work, relay.key_of("Transfer", input.transfer_id)), input)


async def _done(work: Work, step: Step, input: TransferActionInput) -> Done:
    remarks = [Remark("ALREADY_DONE", "You have done this before.", input.transfer_id)] if step.repeated else []
    return Done(await _shown(work, step.transfer_id), remarks)


async def _shown(work: Work, key: UUID) -> TransferRow | None:
    return (await transfers.visible(work, [key]))[0]


def _place(value: str) -> UUID | None:
    """A store's id is its location's."""
    return relay.key_of("Store", value) or relay.key_of("Location", value)


def _quantities(lines: Sequence[TransferLineInput]) -> dict[UUID, int]:
    quantities: Counter[UUID] = Counter()
    for line in lines:
        quantities[relay.key_or_nothing("ProductVariant", line.variant_id)] += line.quantity
    return dict(quantities)


def _key_of(row: TransferRow) -> list[UUID]:
    return [row.id]
