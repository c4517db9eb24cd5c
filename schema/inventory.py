"""Correcting stock, and the till's sales."""

from dataclasses import astuple
from datetime import datetime
from decimal import Decimal

import strawberry
from strawberry import ID

from core import catalog, contacts, idempotency, inventory, orders, payments
from core.errors import NotFound
from core.idempotency import Request
from core.ids import new_id
from core.inventory import Correction, StockRow
from core.orders import OrderRow
from core.payments import TillLine, TillSale
from core.work import Work
from schema import relay
from schema.catalog import Stock
from schema.common import minor_of
from schema.fields import field, mutation
from schema.ordering import OrderPayload, readable
from schema.payloads import Payload


@strawberry.type(description="The stock, or why it was not changed.")
class StockPayload(Payload):
    stock: Stock | None = field("The stock as it is now.")


@strawberry.input(description="A correction of stock: a delta, or a count.")
class StockAdjustInput:
    location_id: ID = field("The place; a store's id is its location's.")
    variant_id: ID = field("The variant.")
    delta: int | None = strawberry.field(description="By how much on hand changes.", default=None)
    reason: str = field("Why, for the movement.")
    counted_to: int | None = strawberry.field(description="What was counted.", default=None)
    expected_on_hand: int | None = strawberry.field(
        description="What the counter thought was there; anything else is STALE.", default=None
    )
    idempotency_key: str = field("The same key again changes nothing.")


@strawberry.input(description="Something sold at a till.")
class PosLineInput:
    barcode: str = field("Its barcode.")
    quantity: int = field("In the variant's unit.")
    unit_price: Decimal = field("The price, for `pricedPer` of the unit.")


@strawberry.input(description="A sale that a till has made.")
class PosSaleRecordInput:
    store_id: ID = field("Where.")
    external_reference: str = field("The till's own number of the sale, once a store.")
    sold_at: datetime = field("When.")
    lines: list[PosLineInput] = field("What.")
    member_phone: str | None = strawberry.field(description="Who, when the buyer said so.", default=None)
    paid: Decimal = field("How much was paid.")


@mutation(StockPayload, access=inventory.ADJUST)
async def stock_adjust(work: Work, input: StockAdjustInput) -> StockRow:
    """Correct what is on hand, by a delta or to a count; the movement remembers why."""
    place = relay.place_key(input.location_id)
    variant = relay.key_of("ProductVariant", input.variant_id)
    if place is None or not work.actor.may(inventory.ADJUST.name, place):
        raise NotFound(what="location", path=("input", "locationId"))
    known = (await catalog.variants_sold(work, [variant]))[0] if variant is not None else None
    if variant is None or known is None:
        raise NotFound(what="variant", path=("input", "variantId"))
    catalog.require_own_stock([known], ("input", "variantId"))
    reason = contacts.text(input.reason, path=("input", "reason"))
    found = Correction(reason, input.delta, input.counted_to, input.expected_on_hand)
    request = Request(
        "stockAdjust", work.actor.label, input.idempotency_key, [str(place), str(variant), astuple(found)]
    )

    async def perform(_: object) -> None:
        await inventory.correct(work, place, variant, found)

    await idempotency.once(work, request, new_id(), perform)
    return (await inventory.at_location(work, place, [variant]))[0]


@mutation(OrderPayload, access=orders.RECORD_SALE)
async def pos_sale_record(work: Work, input: PosSaleRecordInput) -> OrderRow | None:
    """Record a till's sale: its goods leave stock at once. The same reference of a store is one sale."""
    phone, currency = input.member_phone, work.brand.currency
    sale = TillSale(
        store_id=relay.key_of("Store", input.store_id),
        reference=contacts.text(input.external_reference, path=("input", "externalReference")),
        sold_at=input.sold_at,
        paid=minor_of(input.paid, currency, ("input", "paid")),
        member_phone=contacts.e164(phone, locale=work.brand.locale, path=("input", "memberPhone")) if phone else None,
        lines=[
            TillLine(line.barcode, line.quantity, minor_of(line.unit_price, currency, ("input", "lines", "unitPrice")))
            for line in input.lines
        ],
    )
    return await readable(work, await payments.record_sale(work, sale))
