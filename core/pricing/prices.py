"""The price of a variant: the store's own, else the brand's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from core.work import Work

PRICES = """
SELECT v.id, coalesce(h.price, v.price), coalesce(h.list_price, v.list_price), v.priced_per
FROM variant v LEFT JOIN shelf h ON h.tenant_id = $1 AND h.variant_id = v.id AND h.store_id = $2
WHERE v.tenant_id = $1 AND v.id = any($3::uuid[])
"""

CHANGED = """
SELECT DISTINCT e.number FROM unnest($2::integer[], $3::uuid[], $4::uuid[], $5::bigint[])
    AS e(number, store_id, variant_id, price)
LEFT JOIN variant v ON v.tenant_id = $1 AND v.id = e.variant_id
LEFT JOIN shelf h ON h.tenant_id = $1 AND h.variant_id = e.variant_id AND h.store_id = e.store_id
WHERE coalesce(h.price, v.price) IS DISTINCT FROM e.price
"""


@dataclass(frozen=True, slots=True)
class PriceRow:
    variant_id: UUID
    price: int  #: minor units for `priced_per` of the variant's unit
    list_price: int | None
    priced_per: int


async def prices(work: Work, store_id: UUID | None, variant_ids: Sequence[UUID]) -> dict[UUID, PriceRow]:
    """The price of each variant at a store, or the brand's where no store is given."""
    rows = await work.rows(PriceRow, PRICES, store_id, list(set(variant_ids)))
    return {row.variant_id: row for row in rows}


async def changed(work: Work, expected: Sequence[tuple[UUID, Mapping[UUID, int]]]) -> list[bool]:
    """Whether something of each list, variants by their price at a store, has another price now."""
    rows = [(number, store, *one) for number, (store, some) in enumerate(expected) for one in some.items()]
    found = await work.fetch(CHANGED, *(list(column) for column in zip(*rows, strict=True))) if rows else ()
    numbers = {row["number"] for row in found}
    return [number in numbers for number in range(len(expected))]


def line_total(price: PriceRow, quantity: int) -> int:
    """What a quantity costs."""
    return cost(price.price, price.priced_per, quantity)


def cost(unit_price: int, priced_per: int, quantity: int) -> int:
    """What a quantity costs at a price for `priced_per` of its unit, half a minor unit and more rounded up."""
    return (2 * unit_price * quantity + priced_per) // (2 * priced_per)


def quantity_for(total: int, unit_price: int, priced_per: int) -> int:
    """How much costs that: the nearest quantity that does not cost more; 0 where nothing does, or all of it is free."""
    if unit_price == 0:
        return 0
    nearest = (2 * total * priced_per + unit_price) // (2 * unit_price)
    return nearest - 1 if cost(unit_price, priced_per, nearest) > total else nearest
