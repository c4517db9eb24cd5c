"""Orders, as their buyers and their stores see them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import strawberry
from strawberry import ID

from core import catalog, contacts, fulfilment, orders, stores
from core.catalog import VariantRow
from core.fulfilment import FulfilmentLineRow, FulfilmentRow
from core.orders import Filter, FreeSlot, OrderEventRow, OrderHoldRow, OrderLineRow, OrderPartRow, OrderRow
from core.stores import StoreRow
from schema import personal, relay
from schema.catalog import ProductVariant
from schema.checkout import Adjustment, Given, Slot, Totals, adjustments_of, slot_of
from schema.common import Address, Contact, Money
from schema.context import Info
from schema.enums import FulfilmentKind, FulfilmentStatus, OrderPaymentStatus, OrderStatus
from schema.fields import PUBLIC, batched, field, node_type, query, row_type
from schema.pages import PAGE, Connection, Page, alone, connection, exactly_one, position, size_of
from schema.relay import Node
from schema.stores import Store


@row_type(OrderLineRow)
class OrderLine:
    """What was sold, at the price of that moment."""

    quantity: int = field("In the variant's unit.")
    unit_price: Money = field("The price, for `pricedPer` of the unit.")
    total: Money = field("What the line cost.")
    refunded_quantity: int = field("How much of it went back.")


@row_type(OrderEventRow)
class OrderEvent:
    """Something that happened to an order."""

    at: datetime = field("When.")
    name: str = field("What: placed, paid, accepted, ready, completed, cancelled ...")
    note: str | None = field("Why, where somebody said.")


@row_type(OrderHoldRow)
class OrderHold:
    """Why an order may not be carried out yet."""

    reason: str = field("The reason, for people.")
    source: str = field("Who holds it: a plugin, or `transfer` while goods are on their way to the store.")
    until: datetime | None = field("When it will be settled at the latest.")


@node_type(OrderRow, orders.visible)
class Order(Node):
    """A promise to sell. The id of a guest's order is a secret."""

    number: str = field("What people call it by.")
    status: OrderStatus = field("How far it is.")
    payment_status: OrderPaymentStatus = field("Where its money is.")
    kind: FulfilmentKind = field("How it reaches the shopper.")
    note: str | None = field("What the buyer asked for.")
    totals: Totals = field("What it came to.")
    reserved_until: datetime | None = field("Until when it must be paid; then its stock is for sale again.")
    placed_at: datetime = field("When it was placed.")


@node_type(FulfilmentRow, fulfilment.visible)
class Fulfilment(Node):
    """A store's part of an order."""

    kind: FulfilmentKind = field("How it reaches the shopper.")
    status: FulfilmentStatus = field("How far the store is.")
    accept_by: datetime | None = field("Until when the store should accept it.")


@row_type(FulfilmentLineRow)
class FulfilmentLine:
    """How much of an order line a fulfilment carries."""

    quantity: int = field("In the variant's unit.")


@batched(OrderLine, ID, cost=0, name="id")
async def line_id(lines: Sequence[OrderLineRow], info: Info) -> list[ID]:
    """Opaque."""
    return [relay.id_of(line) for line in lines]


@batched(OrderLine, ProductVariant, name="variant")
async def line_variant(lines: Sequence[OrderLineRow], info: Info) -> Sequence[VariantRow | None]:
    """What was sold."""
    return await catalog.variants_sold(info.work, [line.variant_id for line in lines])


@batched(OrderLine, Store, cost=2, name="store")
async def line_store(lines: Sequence[OrderLineRow], info: Info) -> Sequence[StoreRow | None]:
    """The store that it comes from: of an order in several packages, not the same for all."""
    return await stores.by_ids(info.work, [line.store_id for line in lines])


@row_type(OrderPartRow)
class OrderLinePart:
    """What a bundle was made of when it was sold."""

    quantity: int = field("How many were in one bundle.")


@batched(OrderLine, list[OrderLinePart], cost=4)
async def parts(lines: Sequence[OrderLineRow], info: Info) -> list[list[OrderPartRow]]:
    """What its bundle was made of when it was sold, for whoever packs it; empty for what is no bundle."""
    return await orders.parts_of(info.work, [line.id for line in lines])


@batched(OrderLinePart, ProductVariant, name="variant")
async def part_variant(found: Sequence[OrderPartRow], info: Info) -> Sequence[VariantRow | None]:
    """What it is."""
    return await catalog.variants_sold(info.work, [part.variant_id for part in found])


@batched(OrderEvent, str, cost=0)
async def actor(events: Sequence[OrderEventRow], info: Info) -> list[str]:
    """Who did it: guest, member, staff, app or the part of the system; for staff with the id."""
    named = info.viewer.may(orders.READ.name)
    return [event.actor if named else event.actor.split(":")[0] for event in events]


@batched(Order, Store, name="store")
async def order_store(found: Sequence[OrderRow], info: Info) -> Sequence[StoreRow | None]:
    """The store that carries it out."""
    return await stores.by_ids(info.work, [order.store_id for order in found])


@batched(Order, list[OrderLine], cost=10)
async def lines(found: Sequence[OrderRow], info: Info) -> list[list[OrderLineRow]]:
    """What was sold."""
    return await orders.lines_of(info.work, [order.id for order in found])


@batched(Order, Contact | None, cost=0)
async def contact(found: Sequence[OrderRow], info: Info) -> list[contacts.Contact | None]:
    """How to reach the buyer; the phone masked for staff without members.read_contact."""
    opened = [contacts.open_contact(info.work.vault, o.sealed_contact, "sales_order", o.id) for o in found]
    return personal.of_orders(info, found, opened)


@batched(Order, Address | None, cost=0)
async def address(found: Sequence[OrderRow], info: Info) -> list[contacts.Address | None]:
    """Where it goes; phone and line masked for staff without members.read_contact."""
    opened = [contacts.open_address(info.work.vault, o.sealed_address, "sales_order", o.id) for o in found]
    return personal.of_orders(info, found, opened)


@batched(Order, Slot | None, cost=0)
async def slot(found: Sequence[OrderRow], info: Info) -> list[FreeSlot | None]:
    """When it is to be collected or brought; null: as soon as possible."""
    return [slot_of(info.work, order.store_id, order.slot_start) for order in found]


@batched(Order, list[Adjustment], cost=2)
async def adjustments(found: Sequence[OrderRow], info: Info) -> list[list[Adjustment]]:
    """Why the payable amount is not that of the goods."""
    steps = await orders.steps_of(info.work, [order.id for order in found])
    return [
        adjustments_of(order.totals, [Given(s.kind, s.source, s.label, s.amount) for s in some if s.applied])
        for order, some in zip(found, steps, strict=True)
    ]


@batched(Order, list[OrderHold], cost=2)
async def holds(found: Sequence[OrderRow], info: Info) -> list[list[OrderHoldRow]]:
    """Why it may not be carried out yet: it waits for a group to fill, a payment to be looked at, goods to arrive."""
    return await orders.holds_of(info.work, [order.id for order in found])


@batched(Order, list[Fulfilment], cost=2)
async def fulfilments(found: Sequence[OrderRow], info: Info) -> list[list[FulfilmentRow]]:
    """How its stores are carrying it out, a package each; none before it is paid."""
    return await fulfilment.of_orders(info.work, [order.id for order in found])


@batched(Order, list[OrderEvent], cost=10)
async def timeline(found: Sequence[OrderRow], info: Info) -> list[list[OrderEventRow]]:
    """What happened, when, by whom."""
    return await orders.timeline_of(info.work, [order.id for order in found])


@batched(Order, list[str], cost=2)
async def allowed_actions(found: Sequence[OrderRow], info: Info) -> list[list[str]]:
    """The mutations that you may call on it now."""
    return await fulfilment.allowed_actions(info.work, found, info.viewer)


@batched(Fulfilment, Store, name="store")
async def fulfilment_store(found: Sequence[FulfilmentRow], info: Info) -> Sequence[StoreRow | None]:
    """The store."""
    return await stores.by_ids(info.work, [part.store_id for part in found])


@batched(Fulfilment, list[FulfilmentLine], cost=5, name="lines")
async def fulfilment_lines(found: Sequence[FulfilmentRow], info: Info) -> list[list[FulfilmentLineRow]]:
    """What it carries."""
    return await fulfilment.lines_of(info.work, [part.id for part in found])


@batched(Fulfilment, Slot | None, cost=0, name="slot")
async def fulfilment_slot(found: Sequence[FulfilmentRow], info: Info) -> list[FreeSlot | None]:
    """When it is to be collected or brought; null: as soon as possible."""
    return [slot_of(info.work, part.store_id, part.slot_start) for part in found]


@batched(FulfilmentLine, OrderLine)
async def order_line(found: Sequence[FulfilmentLineRow], info: Info) -> Sequence[OrderLineRow | None]:
    """The line of the order."""
    return await orders.lines_by_ids(info.work, [line.order_line_id for line in found])


@strawberry.type(description="An order in a page.")
class OrderEdge:
    cursor: str = field("Where this item stands.")
    node: Order = field("The order.")


@strawberry.type(description="A page of orders.")
class OrderConnection(Page):
    edges: list[OrderEdge] = field("The items with their cursors.")
    nodes: list[Order] = field("The items.")


@strawberry.input(description="Which orders.")
class OrderWhere:
    store_id: ID | None = strawberry.field(description="Of this store.", default=None)
    statuses: list[OrderStatus] | None = strawberry.field(description="In one of these states.", default=None)


@query(Order | None, access=PUBLIC)
async def order(info: Info, id: ID | None = None, number: str | None = None) -> OrderRow | None:
    """One order: by id for its buyer and its store's staff; by number never for a guest."""
    exactly_one(id=id, number=number)
    if number is not None:
        return await orders.visible_by_number(info.work, number)
    key = relay.key_of("Order", id)
    return (await orders.visible(info.work, [key]))[0] if key else None


@query(OrderConnection, access=orders.READ, cost=2, name="orders")
async def list_orders(
    info: Info, first: int | None = PAGE, after: str | None = None, where: OrderWhere | None = None
) -> Connection[OrderRow]:
    """The orders of the stores that your role covers, newest first."""
    size, last = size_of(first), position(after, UUID)
    asked = where or OrderWhere()
    wanted = Filter(store_id=relay.filter_key("Store", asked.store_id), statuses=asked.statuses)
    continued = replace(wanted, after=last[0] if last else None)
    rows = await orders.page(info.work, continued, size + 1)
    return connection(
        rows, first=size, after=after, key=order_key, count=alone(lambda work: orders.count(work, wanted))
    )


def order_key(row: OrderRow) -> list[UUID]:
    """What a page of orders is cut by."""
    return [row.id]
