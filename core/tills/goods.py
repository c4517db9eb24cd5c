"""What tills have sold, in the catalog's words and by the store's prices."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from core import catalog, inventory, money, pricing
from core.catalog import VariantRow
from core.errors import Invalid, NotFound
from core.ids import new_id
from core.money import split
from core.orders import Sale, SaleLine
from core.pricing import PriceRow, cost, totals_of
from core.tills.told import TillLine, TillSale
from core.work import Work


@dataclass(frozen=True, slots=True)
class Goods:
    """What there is to know of everything that some sales name."""

    variants: Mapping[str, VariantRow]  #: by barcode
    bundles: Mapping[UUID, Mapping[UUID, int]]  #: what each bundle is made of
    prices: Mapping[UUID, PriceRow]  #: of the store, as they are now

    def prices_that_differ(self, sale: Sale) -> Iterator[tuple[SaleLine, int]]:
        """Lines that were sold at another price than the store has, and that price."""
        for line in sale.lines:
            price = self.prices[line.variant_id].price
            if price != line.unit_price:
                yield line, price


async def goods_of(work: Work, store_id: UUID, sales: Sequence[TillSale]) -> Goods:
    """Everything that these sales name, in three statements."""
    barcodes = sorted({line.barcode for sale in sales for line in sale.lines if "\x00" not in line.barcode})
    found = await catalog.variants_by_barcodes(work, barcodes)
    variants = {barcode: one for barcode, one in zip(barcodes, found, strict=True) if one is not None}
    bundles = await catalog.parts_of(work, {one.id for one in variants.values() if one.bundle})
    return Goods(variants, bundles, await pricing.prices(work, store_id, [one.id for one in variants.values()]))


def sale_of(work: Work, store_id: UUID, told: TillSale, goods: Goods) -> Sale:
    """The order that a sale becomes, its member left out; or a refusal that says what is wrong with it."""
    sold = [_variant(told, line, goods) for line in told.lines]
    totals = [cost(line.unit_price, one.priced_per, line.quantity) for line, one in zip(told.lines, sold, strict=True)]
    _check(told, items := sum(totals))
    sale = Sale(
        id=new_id(),
        store_id=store_id,
        kind="IN_STORE",
        status="COMPLETED",
        payment_status="CAPTURED",
        totals=totals_of(work.brand.currency, items=items, discounts=items - told.paid),
        lines=_lines(told, sold, totals, goods),
        placed_at=told.sold_at,
        external_reference=told.reference,
    )
    if max(sale.goods.values()) > inventory.MOST:
        raise Invalid(reason="No store has so much.", path=(*told.path, "lines", "quantity"))
    return sale


def _variant(told: TillSale, line: TillLine, goods: Goods) -> VariantRow:
    found = goods.variants.get(line.barcode)
    if found is None:
        raise NotFound(what=f"barcode {line.barcode}", path=(*told.path, "lines", "barcode"))
    return found


def _check(told: TillSale, items: int) -> None:
    if items > money.MOST:
        raise Invalid(reason="No sale is worth so much.", path=(*told.path, "lines"))
    if told.paid > items:
        raise Invalid(reason="More was paid than the goods cost.", path=(*told.path, "paid"))


def _lines(told: TillSale, sold: Sequence[VariantRow], totals: Sequence[int], goods: Goods) -> list[SaleLine]:
    """What was taken off the whole is shared by the lines, by their worth."""
    parts = zip(told.lines, sold, totals, split(told.paid, totals), strict=True)
    return [
        SaleLine(one.id, line.quantity, line.unit_price, total, paid, goods.bundles.get(one.id, {}))
        for line, one, total, paid in parts
    ]
