"""What stands behind a barcode in a store: its goods at that store's price, and how much of them a label says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from core import catalog
from core.carts.rows import CartLineRow, CartRow
from core.catalog import CatalogRules, ScaleLabel
from core.errors import Invalid, NotFound
from core.ids import new_id
from core.inventory import stock_at
from core.money import Money
from core.pricing import quantity_for
from core.work import Work

WEIGHED = "GRAM"
PATH = ("input", "barcode")
Read = tuple[UUID, str]  #: a store and a barcode that was read there

# What a store neither has on a shelf nor keeps books of is not to be had there; of a bundle those of all its parts.
FIND = """
SELECT w.store_id, v.barcode, v.id, v.product_id, p.category_id, v.unit, coalesce(h.price, v.price), v.priced_per,
    coalesce(s.on_hand, 0), coalesce(s.reserved, 0), v.bundle
FROM unnest($2::uuid[], $3::text[]) AS w(store_id, barcode)
JOIN variant v ON v.tenant_id = $1 AND v.barcode = w.barcode
JOIN product p ON p.tenant_id = $1 AND p.id = v.product_id AND p.published
LEFT JOIN shelf h ON h.tenant_id = $1 AND h.store_id = w.store_id AND h.variant_id = v.id
LEFT JOIN stock s ON s.tenant_id = $1 AND s.location_id = w.store_id AND s.variant_id = v.id
WHERE h.variant_id IS NOT NULL OR s.variant_id IS NOT NULL OR (v.bundle AND NOT EXISTS (
    SELECT FROM bundle_component c
    LEFT JOIN stock part ON part.tenant_id = $1 AND part.location_id = w.store_id AND part.variant_id = c.variant_id
    WHERE c.tenant_id = $1 AND c.bundle_id = v.id AND part.variant_id IS NULL))
"""


@dataclass(slots=True)
class GoodsRow:
    store_id: UUID
    barcode: str
    variant_id: UUID
    product_id: UUID
    category_id: UUID | None
    unit: str
    price: int  #: minor units for `priced_per`
    priced_per: int
    on_hand: int
    reserved: int
    bundle: bool

    def line_of(self, work: Work, cart: CartRow) -> CartLineRow:
        """A new line of a cart at that store, with nothing on it yet."""
        unit_price, nothing = Money(self.price, cart.currency), Money(0, cart.currency)
        left = stock_at(work, self.store_id, self.on_hand, self.reserved).left(at_shelf=cart.at_shelf)
        bought = (self.variant_id, 0, unit_price, nothing, left, self.priced_per)
        return CartLineRow(new_id(), cart.id, *bought, self.product_id, self.category_id, self.bundle)


@dataclass(frozen=True, slots=True)
class Goods:
    """Goods, and how much of them one reading of a barcode stands for."""

    row: GoodsRow
    quantity: int  #: in the variant's unit


@dataclass(frozen=True, slots=True)
class Readings:
    """Barcodes that were read, with what they say and what there is under them."""

    labels: Mapping[Read, ScaleLabel | None]
    found: Mapping[Read, GoodsRow]

    def goods(self, store_id: UUID, barcode: str) -> Goods:
        """What a barcode stands for in its store; its own goods come before those that it would have as a label."""
        own, label = self.found.get((store_id, barcode)), self.labels[store_id, barcode]
        if own is not None and (label is None or own.unit != WEIGHED):
            return Goods(own, 1)
        weighed = self.found.get((store_id, label.barcode)) if label is not None else None
        if label is None or weighed is None or weighed.unit != WEIGHED:
            raise NotFound(what="barcode in this store", path=PATH)
        grams = quantity_for(label.amount, weighed.price, weighed.priced_per) if label.priced else label.amount
        if not grams:
            raise Invalid(reason="This label does not say how much is in the bag: have it weighed.", path=PATH)
        return Goods(weighed, grams)


async def look_up(work: Work, read: Iterable[Read]) -> Readings:
    """What is known of barcodes in their stores."""
    labels = {one: catalog.scale_label(one[1], work.rules(CatalogRules, one[0])) for one in read}
    asked = {*labels} | {(store_id, label.barcode) for (store_id, _), label in labels.items() if label is not None}
    rows = await work.rows(GoodsRow, FIND, [one[0] for one in asked], [one[1] for one in asked])
    return Readings(labels, {(row.store_id, row.barcode): row for row in rows})
