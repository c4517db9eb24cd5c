"""A till's sale, told after the fact, perhaps hours later and perhaps twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core import catalog, clock, idempotency, inventory, members, orders, stores
from core.catalog import VariantRow
from core.errors import IdempotencyKeyReused, Invalid, NotFound
from core.idempotency import Request
from core.ids import new_id
from core.money import split
from core.orders import Sale, SaleLine
from core.payments.provider import TILL
from core.payments.service import record_taken
from core.pricing import cost, totals_of
from core.work import Work

_AHEAD = timedelta(minutes=5)  # how far a till's clock may be ahead of ours
_MOST_LINES = 200
_MOST_OF_A_LINE = 1_000_000
_MOST_ITEMS = 10**12  # minor units
Bundles = Mapping[UUID, Mapping[UUID, int]]  #: what each bundle is made of


@dataclass(frozen=True, slots=True)
class TillLine:
    barcode: str
    quantity: int
    unit_price: int  #: minor units, for the variant's `priced_per`


@dataclass(frozen=True, slots=True)
class TillSale:
    store_id: UUID | None
    reference: str  #: the till's own number of the sale, once a store
    sold_at: datetime
    lines: Sequence[TillLine]
    paid: int  #: minor units
    member_phone: str | None = None  #: E.164

    @property
    def facts(self) -> list[object]:
        """What the sale consists of; the same reference with other facts is a mistake."""
        lines = [[line.barcode, line.quantity, line.unit_price] for line in self.lines]
        return [self.sold_at.isoformat(), lines, self.paid, self.member_phone]


async def record_sale(work: Work, told: TillSale) -> UUID:
    """Write a sale down with its stock and money; told again, the order it became is the answer."""
    store_id = await _store(work, told.store_id)
    _check(told)
    request = Request("posSaleRecord", str(store_id), told.reference, told.facts)
    answer = (await idempotency.recall(work, [request]))[0]
    if isinstance(answer, IdempotencyKeyReused):
        raise answer
    known = await orders.known_sale(work, store_id, told.reference)  # after the key's 24 hours as well
    if known is not None:
        return known
    order_id = new_id()

    async def perform(new_order_id: UUID) -> None:
        sold = await _variants(work, told)
        bundles = await catalog.parts_of(work, {variant.id for variant in sold.values() if variant.bundle})
        sale = await _sale(work, new_order_id, store_id, told, sold, bundles)
        if max(sale.goods.values()) > inventory.MOST:
            raise Invalid(reason="No store has so much.", path=("input", "lines", "quantity"))
        await orders.sell_over_counter(work, sale)
        order = await orders.lock(work, new_order_id)
        assert order is not None, "an order that was just written"
        await record_taken(work, order, provider=TILL, reference=f"{store_id}:{told.reference}")

    return await idempotency.once(work, request, order_id, perform)


async def _store(work: Work, store_id: UUID | None) -> UUID:
    found = (await stores.by_ids(work, [store_id]))[0] if store_id is not None else None
    if found is None or not work.actor.may(orders.RECORD_SALE.name, found.id):
        raise NotFound(what="store", path=("input", "storeId"))
    return found.id


def _check(told: TillSale) -> None:
    if told.sold_at > clock.now() + _AHEAD:
        raise Invalid(reason="This sale lies in the future.", path=("input", "soldAt"))
    if not 1 <= len(told.lines) <= _MOST_LINES:
        raise Invalid(reason=f"A sale has 1 to {_MOST_LINES} lines.", path=("input", "lines"))
    if any(not 1 <= line.quantity <= _MOST_OF_A_LINE for line in told.lines):
        raise Invalid(reason=f"A quantity lies between 1 and {_MOST_OF_A_LINE}.", path=("input", "lines", "quantity"))


async def _variants(work: Work, told: TillSale) -> dict[str, VariantRow]:
    barcodes = [line.barcode for line in told.lines]
    sold: dict[str, VariantRow] = {}
    for barcode, variant in zip(barcodes, await catalog.variants_by_barcodes(work, barcodes), strict=True):
        if variant is None:
            raise NotFound(what=f"barcode {barcode}", path=("input", "lines", "barcode"))
        sold[barcode] = variant
    return sold


async def _sale(
    work: Work, order_id: UUID, store_id: UUID, told: TillSale, sold: dict[str, VariantRow], bundles: Bundles
) -> Sale:
    totals = [cost(line.unit_price, sold[line.barcode].priced_per, line.quantity) for line in told.lines]
    items = sum(totals)
    if items > _MOST_ITEMS:
        raise Invalid(reason="No sale is worth so much.", path=("input", "lines"))
    if told.paid > items:
        raise Invalid(reason="More was paid than the goods cost.", path=("input", "paid"))
    member_id = await members.join(work, told.member_phone) if told.member_phone else None
    return Sale(
        id=order_id,
        store_id=store_id,
        member_id=member_id,
        kind="IN_STORE",
        status="COMPLETED",
        payment_status="CAPTURED",
        totals=totals_of(work.brand.currency, items=items, discounts=items - told.paid),
        lines=_lines(told, sold, totals, bundles),
        placed_at=told.sold_at,
        external_reference=told.reference,
    )


def _lines(told: TillSale, sold: dict[str, VariantRow], totals: Sequence[int], bundles: Bundles) -> list[SaleLine]:
    """What was taken off the whole is shared by the lines, by their worth."""
    parts = zip(told.lines, totals, split(told.paid, totals), strict=True)
    return [
        SaleLine((key := sold[line.barcode].id), line.quantity, line.unit_price, total, paid, bundles.get(key, {}))
        for line, total, paid in parts
    ]
