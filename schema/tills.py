"""What tills have sold, told one by one or by the hundred."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import strawberry
from strawberry import ID

from core import orders, tills
from core.orders import OrderRow
from core.tills import ConflictRow, Outcome, Told, ToldLine
from core.work import Work
from schema import relay
from schema.context import Info
from schema.errors import Shown, UserError
from schema.fields import batched, field, mutation, row_type
from schema.ordering import OrderPayload, readable
from schema.orders import Order
from schema.payloads import Done, Payload, Remark
from schema.till_conflicts import PosConflict

_REMARKS = {
    "STOCK_SHORT": "The books had less of it: what was missing is found, and sold.",
    "PRICE_DIFFERS": "The store has another price for it.",
}


@strawberry.input(description="Something sold at a till.")
class PosLineInput:
    barcode: str = field("Its barcode.")
    quantity: int = field("In the variant's unit.")
    unit_price: Decimal = field("The price, for `pricedPer` of the unit.")


@strawberry.input(description="A sale that a till has made.")
class PosSaleInput:
    external_reference: str = field("The till's own number of the sale, once a store.")
    sold_at: datetime = field("When.")
    lines: list[PosLineInput] = field("What.")
    member_phone: str | None = strawberry.field(description="Who, when the buyer said so.", default=None)
    paid: Decimal = field("How much was paid.")


@strawberry.input(description="A sale that a till has made.")
class PosSaleRecordInput(PosSaleInput):
    store_id: ID = field("Where.")


@strawberry.input(description="Sales that tills of a store have made.")
class PosSalesRecordInput:
    store_id: ID = field("Where.")
    sales: list[PosSaleInput] = field("In any order; at most 200 sales, with 4,000 lines in all.")


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of one of many sales, and what was odd about it."""

    outcome: Outcome
    conflicts: Sequence[ConflictRow]

    @property
    def external_reference(self) -> str:
        return self.outcome.reference

    @property
    def repeated(self) -> bool:
        return self.outcome.repeated


@row_type(Recorded)
class PosSaleResult:
    """What became of one of many sales."""

    external_reference: str = field("The till's own number of it.")
    repeated: bool = field("Whether it was told before.")


@strawberry.type(description="What became of each sale, or why none was looked at.")
class PosSalesPayload(Payload):
    results: list[PosSaleResult] | None = field("In the order in which they were told.", cost=200)


@batched(PosSaleResult, Order | None, name="order")
async def recorded_order(found: Sequence[Recorded], info: Info) -> Sequence[OrderRow | None]:
    """The order that it is; null: it was refused."""
    return await orders.visible(info.work, [one.outcome.order_id or relay.NOTHING for one in found])


@batched(PosSaleResult, list[UserError], cost=1)
async def user_errors(found: Sequence[Recorded], info: Info) -> list[list[Shown]]:
    """Why it was refused; it is kept among `posConflicts`, and may be told again once that is put right."""
    refusals = [one.outcome.refusal for one in found]
    return [[Shown(refusal)] if refusal is not None else [] for refusal in refusals]


@batched(PosSaleResult, list[PosConflict], cost=2)
async def conflicts(found: Sequence[Recorded], info: Info) -> list[list[ConflictRow]]:
    """What was odd about it."""
    return [list(one.conflicts) for one in found]


@mutation(OrderPayload, access=orders.RECORD_SALE)
async def pos_sale_record(work: Work, input: PosSaleRecordInput) -> Done:
    """Record a till's sale: its goods leave stock at once. The same reference of a store is one sale."""
    recorded = await tills.record_sale(work, store := relay.key_of("Store", input.store_id), _told(input, ("input",)))
    assert store is not None, "a sale of a store"
    assert recorded.order_id is not None, "a sale that was not refused"
    return Done(await readable(work, recorded.order_id), await _remarks(work, store, recorded))


@mutation(PosSalesPayload, access=orders.RECORD_SALE, cost=200)
async def pos_sales_record(work: Work, input: PosSalesRecordInput) -> Done:
    """Record what tills have sold, perhaps long ago and told in any order: each sale has an answer of its own.

    A reference of a store is one sale, so that all of it may be told again.
    """
    told = [_told(sale, ("input", "sales", str(number))) for number, sale in enumerate(input.sales)]
    store = relay.key_of("Store", input.store_id)
    outcomes = await tills.record_sales(work, store, told)
    assert store is not None, "sales of a store"
    found = await tills.of_references(work, store, [one.reference for one in outcomes])
    return Done([Recorded(one, found.get(one.reference, ())) for one in outcomes])


def _told(sale: PosSaleInput, path: tuple[str, ...]) -> Told:
    return Told(
        reference=sale.external_reference,
        sold_at=sale.sold_at,
        lines=[ToldLine(line.barcode, line.quantity, line.unit_price) for line in sale.lines],
        paid=sale.paid,
        member_phone=sale.member_phone,
        path=path,
    )


async def _remarks(work: Work, store: UUID, recorded: Outcome) -> list[Remark]:
    found = (await tills.of_references(work, store, [recorded.reference])).get(recorded.reference, ())
    return [
        Remark(one.kind, _REMARKS[one.kind], relay.global_id("ProductVariant", one.variant_id))
        for one in found
        if one.order_id == recorded.order_id and one.variant_id is not None
    ]
