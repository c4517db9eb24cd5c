"""Suppliers, purchase orders and receipts, as they are read."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import strawberry
from strawberry import ID

from core import catalog, contacts, pricing, stores
from core.catalog import VariantRow
from core.money import Money as MoneyRow
from core.stores import LocationRow
from core.supply import purchasing
from core.supply.permissions import PURCHASING_MANAGE, PURCHASING_READ
from core.supply.purchasing import (
    OrderFilter,
    PurchaseLineRow,
    PurchaseOrderRow,
    ReceiptLineRow,
    ReceiptRow,
    SupplierRow,
)
from schema import relay
from schema.catalog import ProductVariant
from schema.common import Contact, Money
from schema.context import Info
from schema.enums import PurchaseOrderStatus
from schema.fields import batched, field, node_type, query, row_type
from schema.pages import PAGE, Connection, Page, alone, connection, position, size_of
from schema.relay import Node
from schema.warehouses import Location


@node_type(SupplierRow, purchasing.suppliers_by_ids)
class Supplier(Node):
    """Who delivers goods to the brand."""

    name: str = field("Its name.")
    lead_days: int = field("How many days a delivery takes.")
    active: bool = field("Whether anything is ordered there.")


@batched(Supplier, Contact | None, cost=0, name="contact")
async def supplier_contact(found: Sequence[SupplierRow], info: Info) -> list[contacts.Contact | None]:
    """Whom to call; the phone is masked for whoever may not order goods in every store."""
    opened = [contacts.open_contact(info.work.vault, one.sealed_contact, "supplier", one.id) for one in found]
    if info.viewer.stores(PURCHASING_MANAGE.name) is not None:
        return [one.masked() if one else None for one in opened]
    for supplier, contact in zip(found, opened, strict=True):
        if contact is not None:
            info.show("Supplier", supplier.id, None)
    return opened


@node_type(PurchaseOrderRow, purchasing.orders_by_ids)
class PurchaseOrder(Node):
    """Goods that a supplier is asked for, to one place."""

    number: str = field("What people call it.")
    status: PurchaseOrderStatus = field("How far it is.")
    note: str | None = field("What was said with it.")
    created_at: datetime = field("When it was drafted.")
    ordered_at: datetime | None = field("When it was sent to the supplier.")
    expected_at: datetime | None = field("When it should be there, by the supplier's days.")
    ended_at: datetime | None = field("When nothing more was to come.")


@row_type(PurchaseLineRow)
class PurchaseOrderLine:
    """How much of a variant was ordered, and how much of it has come."""

    quantity: int = field("What was ordered, in the variant's unit.")
    received: int = field("What has come and was fit for sale.")
    damaged: int = field("What has come and was not; it is still owed.")
    outstanding: int = field("What is still to come.")


@node_type(ReceiptRow, purchasing.receipts_by_ids)
class Receipt(Node):
    """Goods that came in."""

    reference: str | None = field("The number on the supplier's delivery note.")
    received_at: datetime = field("When.")


@row_type(ReceiptLineRow)
class ReceiptLine:
    """How much of a variant came."""

    received: int = field("What was fit for sale; it is on hand since.")
    damaged: int = field("What was not; it never was on hand.")


@batched(PurchaseOrder, Supplier)
async def supplier(found: Sequence[PurchaseOrderRow], info: Info) -> Sequence[SupplierRow | None]:
    """Who delivers it."""
    return await purchasing.suppliers_by_ids(info.work, [order.supplier_id for order in found])


@batched(PurchaseOrder, Location, name="location")
async def order_location(found: Sequence[PurchaseOrderRow], info: Info) -> Sequence[LocationRow | None]:
    """Where it goes."""
    return await stores.locations_by_ids(info.work, [order.location_id for order in found])


@batched(PurchaseOrder, list[PurchaseOrderLine], cost=10, name="lines")
async def order_lines(found: Sequence[PurchaseOrderRow], info: Info) -> list[list[PurchaseLineRow]]:
    """What was ordered."""
    return await purchasing.lines_of(info.work, [order.id for order in found])


@batched(PurchaseOrderLine, ProductVariant, name="variant")
async def ordered_variant(found: Sequence[PurchaseLineRow], info: Info) -> Sequence[VariantRow | None]:
    """What it is."""
    return await catalog.variants_sold(info.work, [line.variant_id for line in found])


@batched(PurchaseOrderLine, Money, cost=0)
async def unit_cost(found: Sequence[PurchaseLineRow], info: Info) -> list[MoneyRow]:
    """What it costs, for `pricedPer` of the unit."""
    return [MoneyRow(line.unit_cost, info.tenant.currency) for line in found]


@batched(PurchaseOrderLine, Money, cost=0, name="total")
async def line_total(found: Sequence[PurchaseLineRow], info: Info) -> list[MoneyRow]:
    """What all that was ordered of it costs."""
    costs = [pricing.cost(line.unit_cost, line.priced_per, line.quantity) for line in found]
    return [MoneyRow(cost, info.tenant.currency) for cost in costs]


@batched(Receipt, PurchaseOrder | None)
async def purchase_order(found: Sequence[ReceiptRow], info: Info) -> list[PurchaseOrderRow | None]:
    """The order that it belongs to; null where there was none."""
    keys = [receipt.purchase_order_id or relay.NOTHING for receipt in found]
    return await purchasing.orders_by_ids(info.work, keys)


@batched(Receipt, Location, name="location")
async def receipt_location(found: Sequence[ReceiptRow], info: Info) -> Sequence[LocationRow | None]:
    """Where."""
    return await stores.locations_by_ids(info.work, [receipt.location_id for receipt in found])


@batched(Receipt, list[ReceiptLine], cost=10, name="lines")
async def receipt_lines(found: Sequence[ReceiptRow], info: Info) -> list[list[ReceiptLineRow]]:
    """What came."""
    return await purchasing.receipt_lines_of(info.work, [receipt.id for receipt in found])


@batched(ReceiptLine, ProductVariant, name="variant")
async def received_variant(found: Sequence[ReceiptLineRow], info: Info) -> Sequence[VariantRow | None]:
    """What it is."""
    return await catalog.variants_sold(info.work, [line.variant_id for line in found])


@strawberry.type(description="A supplier in a page.")
class SupplierEdge:
    cursor: str = field("Where this item stands.")
    node: Supplier = field("The supplier.")


@strawberry.type(description="A page of suppliers.")
class SupplierConnection(Page):
    edges: list[SupplierEdge] = field("The items with their cursors.")
    nodes: list[Supplier] = field("The items.")


@strawberry.type(description="A purchase order in a page.")
class PurchaseOrderEdge:
    cursor: str = field("Where this item stands.")
    node: PurchaseOrder = field("The purchase order.")


@strawberry.type(description="A page of purchase orders.")
class PurchaseOrderConnection(Page):
    edges: list[PurchaseOrderEdge] = field("The items with their cursors.")
    nodes: list[PurchaseOrder] = field("The items.")


@strawberry.type(description="A receipt in a page.")
class ReceiptEdge:
    cursor: str = field("Where this item stands.")
    node: Receipt = field("The receipt.")


@strawberry.type(description="A page of receipts.")
class ReceiptConnection(Page):
    edges: list[ReceiptEdge] = field("The items with their cursors.")
    nodes: list[Receipt] = field("The items.")


@strawberry.input(description="Which purchase orders; each condition narrows it down.")
class PurchaseOrderWhere:
    location_id: ID | None = strawberry.field(description="To this place.", default=None)
    supplier_id: ID | None = strawberry.field(description="From this supplier.", default=None)
    statuses: list[PurchaseOrderStatus] | None = strawberry.field(description="In one of these states.", default=None)


@query(SupplierConnection, access=PURCHASING_READ, cost=2)
async def suppliers(info: Info, first: int | None = PAGE, after: str | None = None) -> Connection[SupplierRow]:
    """The brand's suppliers, by name."""
    size, last = size_of(first), position(after, str)
    rows = await purchasing.page_of_suppliers(info.work, after=last[0] if last else "", limit=size + 1)
    count = alone(purchasing.count_suppliers)
    return connection(rows, first=size, after=after, key=lambda row: [row.name], count=count)


@query(PurchaseOrderConnection, access=PURCHASING_READ, cost=2)
async def purchase_orders(
    info: Info, first: int | None = PAGE, after: str | None = None, where: PurchaseOrderWhere | None = None
) -> Connection[PurchaseOrderRow]:
    """The purchase orders to the places that your role reaches, newest first."""
    size, last, asked = size_of(first), position(after, UUID), where or PurchaseOrderWhere()
    wanted = OrderFilter(
        relay.place_key(asked.location_id), relay.filter_key("Supplier", asked.supplier_id), asked.statuses
    )
    rows = await purchasing.page_of_orders(info.work, wanted, after=last[0] if last else None, limit=size + 1)
    count = alone(lambda work: purchasing.count_orders(work, wanted))
    return connection(rows, first=size, after=after, key=lambda row: [row.id], count=count)


@query(ReceiptConnection, access=PURCHASING_READ, cost=2)
async def receipts(
    info: Info, location_id: ID | None = None, first: int | None = PAGE, after: str | None = None
) -> Connection[ReceiptRow]:
    """What came in at a place, or wherever your role reaches, newest first."""
    size, last, place = size_of(first), position(after, UUID), relay.place_key(location_id)
    rows = await purchasing.page_of_receipts(info.work, place, after=last[0] if last else None, limit=size + 1)
    count = alone(lambda work: purchasing.count_receipts(work, place))
    return connection(rows, first=size, after=after, key=lambda row: [row.id], count=count)
