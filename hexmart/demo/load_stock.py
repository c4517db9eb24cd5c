"""What lies in every store, where, and at a price of its own in some."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID
from zlib import crc32

from core import clock
from core.ids import new_id
from core.inventory.movements import OPENING
from core.work import Work
from hexmart.demo import stock
from hexmart.demo.load_rows import ROWS_AT_ONCE, parts, replan
from hexmart.demo.seeds import VariantSeed

WAREHOUSE = "warehouse"  #: in place of a store's code
WAREHOUSE_FILLS = 20  #: so many stores
VARIANTS_PER_STORE = 300  #: where everything everywhere would be too much

# The movement is of what was placed just now: what the store had before is left alone.
STOCK = """
WITH wanted AS (
    SELECT * FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::bigint[])
    AS w(movement_id, location_id, variant_id, on_hand)
), placed AS (
    INSERT INTO stock (tenant_id, location_id, variant_id, on_hand)
    SELECT $1, location_id, variant_id, on_hand FROM wanted
    ON CONFLICT (tenant_id, location_id, variant_id) DO NOTHING RETURNING location_id, variant_id, on_hand
)
INSERT INTO stock_movement (tenant_id, id, location_id, variant_id, delta, reason, actor, at)
SELECT $1, w.movement_id, p.location_id, p.variant_id, p.on_hand, $6, $7, $8
FROM placed p JOIN wanted w ON w.location_id = p.location_id AND w.variant_id = p.variant_id WHERE p.on_hand > 0
"""
SHELVES = """
INSERT INTO shelf (tenant_id, store_id, variant_id, price, list_price, placement)
SELECT $1, s.* FROM unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[], $6::text[]) AS s
ON CONFLICT (tenant_id, store_id, variant_id) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Variant:
    """A variant that has its row."""

    id: UUID
    seed: VariantSeed


@dataclass(frozen=True, slots=True)
class _Place:
    """A variant in a store."""

    store_id: UUID
    store_code: str
    variant: Variant


async def fill_stores(
    work: Work,
    stores: Mapping[str, UUID],
    variants: Sequence[Variant],
    *,
    most: int | None,
    seed: int,
    filled: Callable[[int], None],
) -> None:
    """Fill the stores, several at a time, with everything or a choice, and say how many are filled by then."""
    each = len(variants) if most is None else min(most, len(variants))
    done = 0
    for part in parts(list(stores.items()), max(ROWS_AT_ONCE // each, 1)):
        places = [_Place(key, code, one) for code, key in part for one in _choice(code, variants, each)]
        await replan(work)
        await _add_stock(work, places, seed)
        await _add_shelves(work, places, seed)
        done += len(part)
        filled(done)


def _choice(store_code: str, variants: Sequence[Variant], count: int) -> Sequence[Variant]:
    """So many neighbours of the catalog, other ones in every store; a product keeps its variants together."""
    if count == len(variants):
        return variants
    first = crc32(store_code.encode()) % len(variants)
    return [*variants[first : first + count], *variants[: max(first + count - len(variants), 0)]]


async def fill_warehouse(work: Work, warehouse_id: UUID, variants: Sequence[Variant], seed: int) -> None:
    """Put everything into a warehouse, as much as some stores together have of it."""
    for part in parts(variants, ROWS_AT_ONCE):
        await replan(work)
        await _add_stock(work, [_Place(warehouse_id, WAREHOUSE, one) for one in part], seed, times=WAREHOUSE_FILLS)


async def _add_stock(work: Work, places: Sequence[_Place], seed: int, times: int = 1) -> None:
    await work.execute(
        STOCK,
        [new_id() for _ in places],
        [place.store_id for place in places],
        [place.variant.id for place in places],
        [times * stock.quantity(p.store_code, p.variant.seed.sku, p.variant.seed.unit, seed) for p in places],
        OPENING,
        work.actor.label,
        clock.now(),
    )


async def _add_shelves(work: Work, places: Sequence[_Place], seed: int) -> None:
    prices = [stock.price(p.store_code, p.variant.seed.sku, p.variant.seed.price, seed) for p in places]
    await work.execute(
        SHELVES,
        [place.store_id for place in places],
        [place.variant.id for place in places],
        prices,
        [_price_before(p.variant.seed) if own is not None else None for p, own in zip(places, prices, strict=True)],
        [stock.placement(place.store_code, place.variant.seed.sku) for place in places],
    )


def _price_before(variant: VariantSeed) -> int:
    """What a store's lower price is compared with."""
    return variant.list_price or variant.price
