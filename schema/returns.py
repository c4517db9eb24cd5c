"""Returns: goods that come back, as their buyers and the stores that take them see them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import strawberry
from strawberry import ID

from core import catalog, orders, payments, returns, stores
from core.actors import ActorKind
from core.catalog import VariantRow
from core.orders import OrderLineRow, OrderRow
from core.payments import RefundRow
from core.returns import Returnable, ReturnFilter, ReturnLineRow, ReturnRow
from core.stores import StoreRow
from schema import relay
from schema.catalog import ProductVariant
from schema.common import Money
from schema.context import Info
from schema.enums import ReturnKind, ReturnReason, ReturnStatus
from schema.fields import batched, field, node_type, query, row_type
from schema.orders import Order, OrderLine
from schema.pages import PAGE, Connection, Page, alone, connection, position, size_of
from schema.payments import Refund
from schema.relay import Node
from schema.stores import Store

_NOTHING = Returnable(0, None)


@node_type(ReturnRow, returns.visible)
class Return(Node):
    """Goods of an order that their buyer is not content with. That of a guest's order is a secret."""

    kind: ReturnKind = field("What the buyer wants.")
    status: ReturnStatus = field("How far it is.")
    reason: ReturnReason = field("What is wrong.")
    note: str | None = field("What the buyer says.")
    answer: str | None = field("What the store says.")
    at_fault: bool = field("Whether the shop is at fault, by the reason or by what the store has found.")
    tracking_number: str | None = field("By which the goods are on their way.")
    refunded: Money = field("What goes back, the delivery's share among it.")
    freight: Money = field("What of it is for the delivery.")
    requested_at: datetime = field("When it was asked for.")
    due_at: datetime | None = field("Until when the goods have to come, or be on their way; then it is closed.")
    ended_at: datetime | None = field("When it was over.")


@row_type(ReturnLineRow)
class ReturnLine:
    """How much of a line comes back, and what has come."""

    quantity: int = field("How much was asked for, in the variant's unit.")
    received: int | None = field("How much has come; null: nobody has received it.")
    sellable: int | None = field("How much of that can be sold again, and is on the shelf.")


@batched(Return, Store, name="store")
async def return_store(found: Sequence[ReturnRow], info: Info) -> Sequence[StoreRow | None]:
    """The store that takes the goods; it may be another one than has sold them."""
    return await stores.by_ids(info.work, [one.store_id for one in found])


@batched(Return, Order | None, name="order")
async def return_order(found: Sequence[ReturnRow], info: Info) -> list[OrderRow | None]:
    """What the goods are from, if you may see it; a guest's order is shown to its stores alone."""
    works_there = info.viewer.kind in (ActorKind.STAFF, ActorKind.APP)
    shown = {one.order_id for one in found if one.member_id is not None or works_there}
    by_id = {row.id: row for row in await orders.visible(info.work, list(shown)) if row is not None}
    return [by_id.get(one.order_id) for one in found]


@batched(Return, Refund | None, name="refund")
async def return_refund(found: Sequence[ReturnRow], info: Info) -> list[RefundRow | None]:
    """The money on its way back, once there is any."""
    rows = await payments.refunds_by_ids(info.work, [one.refund_id for one in found if one.refund_id is not None])
    by_id = {row.id: row for row in rows if row is not None}
    return [by_id.get(one.refund_id) if one.refund_id else None for one in found]


@batched(Return, list[ReturnLine], cost=5, name="lines")
async def return_lines(found: Sequence[ReturnRow], info: Info) -> list[list[ReturnLineRow]]:
    """What comes back."""
    return await returns.lines_of(info.work, [one.id for one in found])


@batched(Return, list[str], cost=0, name="allowedActions")
async def return_actions(found: Sequence[ReturnRow], info: Info) -> list[list[str]]:
    """The mutations that you may call on it now."""
    return [returns.allowed_actions(one, info.viewer) for one in found]


@batched(ReturnLine, OrderLine, name="orderLine")
async def returned_line(found: Sequence[ReturnLineRow], info: Info) -> Sequence[OrderLineRow | None]:
    """The line of the order."""
    return await orders.lines_by_ids(info.work, [line.order_line_id for line in found])


@batched(ReturnLine, ProductVariant | None, name="replacement")
async def replacement(found: Sequence[ReturnLineRow], info: Info) -> Sequence[VariantRow | None]:
    """What is wanted in its place; null: the same again, or no exchange."""
    wanted = [line.replacement_id or relay.NOTHING for line in found]
    return await catalog.variants_sold(info.work, wanted)


@batched(Order, list[Return], cost=2, name="returns")
async def order_returns(found: Sequence[OrderRow], info: Info) -> list[list[ReturnRow]]:
    """What of it came back, or is to; for the buyer, and staff with returns.read."""
    return await returns.of_orders(info.work, [order.id for order in found])


@batched(OrderLine, int, name="returnableQuantity", shared=False)
async def returnable_quantity(found: Sequence[OrderLineRow], info: Info) -> list[int]:
    """How much of it can be returned; 0 before the order is complete."""
    return [one.quantity for one in await _returnable(info, found)]


@batched(OrderLine, datetime | None, name="returnableUntil", shared=False)
async def returnable_until(found: Sequence[OrderLineRow], info: Info) -> list[datetime | None]:
    """Until when its buyer can ask for that; null: not yet, or such goods are not taken back."""
    return [one.until for one in await _returnable(info, found)]


async def _returnable(info: Info, lines: Sequence[OrderLineRow]) -> list[Returnable]:
    rows = await orders.visible(info.work, list({line.order_id for line in lines}))
    found = await returns.returnable(info.work, {row.id: row for row in rows if row is not None}, lines)
    return [found.get(line.id, _NOTHING) for line in lines]


@strawberry.type(description="A return in a page.")
class ReturnEdge:
    cursor: str = field("Where this item stands.")
    node: Return = field("The return.")


@strawberry.type(description="A page of returns.")
class ReturnConnection(Page):
    edges: list[ReturnEdge] = field("The items with their cursors.")
    nodes: list[Return] = field("The items.")


@strawberry.input(description="Which returns.")
class ReturnWhere:
    store_id: ID | None = strawberry.field(description="That this store takes.", default=None)
    statuses: list[ReturnStatus] | None = strawberry.field(description="In one of these states.", default=None)


@query(ReturnConnection, access=returns.READ, cost=2, name="returns")
async def list_returns(
    info: Info, first: int | None = PAGE, after: str | None = None, where: ReturnWhere | None = None
) -> Connection[ReturnRow]:
    """The returns that the stores take which your role covers, newest first."""
    size, last, asked = size_of(first), position(after, UUID), where or ReturnWhere()
    wanted = ReturnFilter(relay.filter_key("Store", asked.store_id), asked.statuses)
    rows = await returns.page(info.work, replace(wanted, after=last[0] if last else None), size + 1)
    return connection(rows, first=size, after=after, key=_key_of, count=alone(lambda work: returns.count(work, wanted)))


def _key_of(row: ReturnRow) -> list[UUID]:
    return [row.id]
