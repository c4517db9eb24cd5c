"""Ordering goods from suppliers, and taking them in."""

from dataclasses import astuple
from decimal import Decimal

import strawberry
from strawberry import ID

from core import contacts, idempotency
from core.idempotency import Request
from core.ids import new_id
from core.money import minor_of
from core.supply import purchasing
from core.supply.permissions import PURCHASING_MANAGE, RECEIVE
from core.supply.purchasing import (
    Arrival,
    ArrivalLine,
    Draft,
    DraftLine,
    PurchaseOrderRow,
    ReceiptRow,
    SupplierDraft,
    SupplierRow,
)
from core.work import Work
from schema import relay
from schema.common import ContactInput, contact_of
from schema.fields import field, mutation
from schema.payloads import Done, Payload, Remark
from schema.purchasing import PurchaseOrder, Receipt, Supplier

_DONE = "This was done already."


@strawberry.type(description="The supplier, or why nothing was done.")
class SupplierPayload(Payload):
    supplier: Supplier | None = field("The supplier as it is now.")


@strawberry.type(description="The purchase order, or why nothing was done.")
class PurchaseOrderPayload(Payload):
    purchase_order: PurchaseOrder | None = field("The purchase order as it is now.")


@strawberry.type(description="The receipt, or why nothing was done.")
class ReceiptPayload(Payload):
    receipt: Receipt | None = field("What was written down.")


@strawberry.input(description="A new supplier.")
class SupplierCreateInput:
    name: str = field("Its name, which no other supplier has.")
    contact: ContactInput | None = strawberry.field(description="Whom to call.", default=None)
    lead_days: int = strawberry.field(description="How many days a delivery takes.", default=0)


@strawberry.input(description="What is to be changed of a supplier; what is absent stays as it is.")
class SupplierUpdateInput:
    supplier_id: ID = field("The supplier.")
    name: str | None = strawberry.field(description="Its name.", default=None)
    contact: ContactInput | None = strawberry.field(description="Whom to call.", default=None)
    lead_days: int | None = strawberry.field(description="How many days a delivery takes.", default=None)
    active: bool | None = strawberry.field(description="Whether anything is ordered there.", default=None)


@strawberry.input(description="How much of a variant is ordered, and at what cost.")
class PurchaseOrderLineInput:
    variant_id: ID = field("The variant; each stands in one line.")
    quantity: int = field("How much, in the variant's unit.")
    unit_cost: Decimal = field("What it costs, for `pricedPer` of the unit.")


@strawberry.input(description="A new purchase order; it is a draft until it is submitted.")
class PurchaseOrderCreateInput:
    supplier_id: ID = field("From whom.")
    location_id: ID = field("To which place; a store's id is its location's.")
    lines: list[PurchaseOrderLineInput] = field("What.")
    note: str | None = strawberry.field(description="What is said with it.", default=None)
    idempotency_key: str = field("The same key again is the same purchase order.")


@strawberry.input(description="A purchase order that something is to be done with.")
class PurchaseOrderActionInput:
    purchase_order_id: ID = field("The purchase order.")


@strawberry.input(description="How much of a variant came.")
class ReceiptLineInput:
    variant_id: ID = field("The variant; each stands in one line.")
    received: int = field("What is fit for sale, in the variant's unit.")
    damaged: int = strawberry.field(description="What is not: it does not enter stock and is still owed.", default=0)


@strawberry.input(description="Goods that came in: of a purchase order, or without one at a place.")
class ReceiptRecordInput:
    purchase_order_id: ID | None = strawberry.field(description="The order that they belong to.", default=None)
    location_id: ID | None = strawberry.field(
        description="Where they came, if they belong to no order; a store's id is its location's.", default=None
    )
    reference: str | None = strawberry.field(description="The number on the delivery note.", default=None)
    lines: list[ReceiptLineInput] = field("What came.")
    idempotency_key: str = field("The same key again brings nothing more.")


@mutation(SupplierPayload, access=PURCHASING_MANAGE)
async def supplier_create(work: Work, input: SupplierCreateInput) -> SupplierRow | None:
    """Add a supplier; needs purchasing.manage in every store."""
    contact = contact_of(work, input.contact, ("input", "contact"))
    key = await purchasing.add_supplier(work, SupplierDraft(input.name, contact, input.lead_days))
    return (await purchasing.suppliers_by_ids(work, [key]))[0]


@mutation(SupplierPayload, access=PURCHASING_MANAGE)
async def supplier_update(work: Work, input: SupplierUpdateInput) -> SupplierRow | None:
    """Change what is known of a supplier; needs purchasing.manage in every store."""
    contact = contact_of(work, input.contact, ("input", "contact"))
    draft = SupplierDraft(input.name, contact, input.lead_days, input.active)
    key = await purchasing.change_supplier(work, relay.key_of("Supplier", input.supplier_id), draft)
    return (await purchasing.suppliers_by_ids(work, [key]))[0]


@mutation(PurchaseOrderPayload, access=PURCHASING_MANAGE)
async def purchase_order_create(work: Work, input: PurchaseOrderCreateInput) -> PurchaseOrderRow | None:
    """Draft a purchase order to a place that your role reaches."""
    draft = Draft(
        supplier_id=relay.key_of("Supplier", input.supplier_id),
        location_id=relay.place_key(input.location_id),
        lines=[_drafted(work, line) for line in input.lines],
        note=contacts.text(input.note, path=("input", "note")) if input.note is not None else None,
    )
    request = Request("purchaseOrderCreate", work.actor.label, input.idempotency_key, astuple(draft))
    key = await idempotency.once(work, request, new_id(), lambda order_id: purchasing.create(work, draft, order_id))
    return (await purchasing.orders_by_ids(work, [key]))[0]


@mutation(PurchaseOrderPayload, access=PURCHASING_MANAGE)
async def purchase_order_submit(work: Work, input: PurchaseOrderActionInput) -> Done:
    """Send a draft to its supplier: from now on goods are expected."""
    key = relay.key_or_nothing("PurchaseOrder", input.purchase_order_id)
    done = await purchasing.submit(work, key)
    return Done((await purchasing.orders_by_ids(work, [key]))[0], [] if done else [Remark("ALREADY_DONE", _DONE)])


@mutation(PurchaseOrderPayload, access=PURCHASING_MANAGE)
async def purchase_order_cancel(work: Work, input: PurchaseOrderActionInput) -> Done:
    """Expect nothing more of a purchase order; what has come stays."""
    key = relay.key_or_nothing("PurchaseOrder", input.purchase_order_id)
    done = await purchasing.cancel(work, key)
    return Done((await purchasing.orders_by_ids(work, [key]))[0], [] if done else [Remark("ALREADY_DONE", _DONE)])


@mutation(ReceiptPayload, access=RECEIVE)
async def receipt_record(work: Work, input: ReceiptRecordInput) -> ReceiptRow | None:
    """Record goods that have come in: what is fit for sale is on hand at once."""
    reference = input.reference
    arrival = Arrival(
        lines=[
            ArrivalLine(relay.key_of("ProductVariant", line.variant_id), line.received, line.damaged)
            for line in input.lines
        ],
        purchase_order_id=relay.filter_key("PurchaseOrder", input.purchase_order_id),
        location_id=relay.place_key(input.location_id),
        reference=contacts.text(reference, path=("input", "reference")) if reference is not None else None,
    )
    request = Request("receiptRecord", work.actor.label, input.idempotency_key, astuple(arrival))
    key = await idempotency.once(work, request, new_id(), lambda made: purchasing.receive(work, arrival, made))
    return (await purchasing.receipts_by_ids(work, [key]))[0]


def _drafted(work: Work, line: PurchaseOrderLineInput) -> DraftLine:
    cost = minor_of(line.unit_cost, work.brand.currency, ("input", "lines", "unitCost"))
    return DraftLine(relay.key_of("ProductVariant", line.variant_id), line.quantity, cost)
