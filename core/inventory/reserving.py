"""Promising stock to orders, and what becomes of the promise. Every writer locks rows in key order."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from core.inventory.errors import OutOfStock, ShortLine
from core.inventory.movements import SALE, record
from core.inventory.rows import StockRow
from core.inventory.sellable import stock_at
from core.work import Work

Place = tuple[UUID, UUID]  #: location, variant

LOCK = """
SELECT s.location_id, s.variant_id, s.on_hand, s.reserved
FROM stock s JOIN unnest($2::uuid[], $3::uuid[]) AS wanted(location_id, variant_id)
  ON s.location_id = wanted.location_id AND s.variant_id = wanted.variant_id
WHERE s.tenant_id = $1 ORDER BY s.location_id, s.variant_id FOR UPDATE OF s
"""
TAKE = """
UPDATE stock s SET reserved = s.reserved + taken.quantity
FROM unnest($2::uuid[], $3::uuid[], $4::bigint[]) AS taken(location_id, variant_id, quantity)
WHERE s.tenant_id = $1 AND s.location_id = taken.location_id AND s.variant_id = taken.variant_id
  AND s.on_hand - s.reserved >= taken.quantity
"""
WRITE = """
INSERT INTO reservation (tenant_id, order_id, location_id, variant_id, quantity)
SELECT $1, * FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::bigint[])
"""
# What has arrived for an order lies beside what its store had for it from the beginning.
ADD = """
INSERT INTO reservation (tenant_id, order_id, location_id, variant_id, quantity, state)
SELECT $1, a.*, $6 FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::bigint[]) AS a
ON CONFLICT (tenant_id, order_id, location_id, variant_id) DO UPDATE SET state = excluded.state,
    quantity = excluded.quantity
        + CASE WHEN reservation.state IN ('OPEN', 'CLAIMED') THEN reservation.quantity ELSE 0 END
"""
LOCK_HELD = """
SELECT 1 FROM stock s JOIN reservation r
  ON r.tenant_id = s.tenant_id AND r.location_id = s.location_id AND r.variant_id = s.variant_id
WHERE s.tenant_id = $1 AND r.tenant_id = $1 AND r.order_id = any($2::uuid[]) AND r.state IN ('OPEN', 'CLAIMED')
ORDER BY s.location_id, s.variant_id FOR UPDATE OF s
"""
LOCK_AT_ONCE = """
WITH locked AS MATERIALIZED (
    SELECT s.location_id, s.variant_id FROM stock s
    WHERE s.tenant_id = $1 AND (s.location_id, s.variant_id) IN (
        SELECT r.location_id, r.variant_id FROM reservation r
        WHERE r.tenant_id = $1 AND r.order_id = any($2::uuid[]) AND r.state = 'OPEN')
    ORDER BY s.location_id, s.variant_id FOR UPDATE OF s SKIP LOCKED
)
SELECT r.order_id FROM reservation r
LEFT JOIN locked l ON l.location_id = r.location_id AND l.variant_id = r.variant_id
WHERE r.tenant_id = $1 AND r.order_id = any($2::uuid[]) AND r.state = 'OPEN'
GROUP BY r.order_id HAVING count(*) = count(l.variant_id)
"""
GIVEN_BACK = """
SELECT location_id, variant_id, quantity FROM reservation
WHERE tenant_id = $1 AND order_id = $2 AND state = 'RELEASED'
"""
REOPEN = "UPDATE reservation SET state = 'OPEN' WHERE tenant_id = $1 AND order_id = $2 AND state = 'RELEASED'"
# The same with stock that was promised without a reservation: all in one order, so that nobody waits in a circle.
LOCK_HELD_AND = """
SELECT 1 FROM stock s JOIN (
    SELECT r.location_id, r.variant_id FROM reservation r
    WHERE r.tenant_id = $1 AND r.order_id = any($2::uuid[]) AND r.state IN ('OPEN', 'CLAIMED')
    UNION SELECT * FROM unnest($3::uuid[], $4::uuid[])
) AS held(location_id, variant_id) ON held.location_id = s.location_id AND held.variant_id = s.variant_id
WHERE s.tenant_id = $1 ORDER BY s.location_id, s.variant_id FOR UPDATE OF s
"""
CLAIM = "UPDATE reservation SET state = 'CLAIMED' WHERE tenant_id = $1 AND order_id = $2 AND state = 'OPEN'"
END = """
UPDATE reservation SET state = $3 WHERE tenant_id = $1 AND order_id = any($2::uuid[]) AND state IN ('OPEN', 'CLAIMED')
    AND ($4::uuid IS NULL OR location_id = $4)
RETURNING order_id, location_id, variant_id, quantity
"""
# The last of it is released, so that a reservation's quantity stays what it was for.
SHRINK = """
UPDATE reservation r
SET quantity = CASE WHEN r.quantity > back.quantity THEN r.quantity - back.quantity ELSE r.quantity END,
    state = CASE WHEN r.quantity > back.quantity THEN r.state ELSE 'RELEASED' END
FROM unnest($3::uuid[], $4::bigint[]) AS back(variant_id, quantity)
WHERE r.tenant_id = $1 AND r.order_id = $2 AND r.variant_id = back.variant_id AND r.state IN ('OPEN', 'CLAIMED')
  AND r.quantity >= back.quantity
RETURNING r.location_id, r.variant_id
"""
FREE = """
UPDATE stock s SET reserved = s.reserved - freed.quantity, on_hand = s.on_hand - freed.leaving
FROM unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[]) AS freed(location_id, variant_id, quantity, leaving)
WHERE s.tenant_id = $1 AND s.location_id = freed.location_id AND s.variant_id = freed.variant_id
"""


@dataclass(frozen=True, slots=True)
class Demand:
    """What one order wants from one place; the same variant twice is one number."""

    order_id: UUID
    location_id: UUID
    quantities: Mapping[UUID, int]
    at_shelf: bool = False  #: of whoever has the goods in hand, shopper or staff, from whom no share is kept

    @property
    def places(self) -> list[Place]:
        return [(self.location_id, variant_id) for variant_id in sorted(self.quantities)]


async def reserve(work: Work, demands: Sequence[Demand]) -> list[OutOfStock | None]:
    """Take stock for each demand that can be met whole, in turn; the answer stands in the demand's place."""
    stock = await lock(work, {place for demand in demands for place in demand.places})
    taken: Counter[Place] = Counter()
    answers = [_allot(demand, stock, taken) for demand in demands]
    await take(work, taken)
    return answers


async def lock(work: Work, places: Collection[Place]) -> dict[Place, StockRow]:
    """Hold the stock of places in key order until the transaction ends."""
    wanted = sorted(places)
    rows = await work.fetch(LOCK, [place[0] for place in wanted], [place[1] for place in wanted])
    return {
        (row["location_id"], row["variant_id"]): stock_at(work, row["location_id"], row["on_hand"], row["reserved"])
        for row in rows
    }


async def take(work: Work, quantities: Mapping[Place, int]) -> None:
    """Promise stock that is held and was found free."""
    if quantities and await work.execute(TAKE, *_columns(quantities)) != len(quantities):
        raise RuntimeError("stock changed under a lock")


async def set_free(work: Work, quantities: Mapping[Place, int], *, leaves: bool = False) -> None:
    """End promises of stock that is held; the goods stay, or leave with them."""
    if quantities:
        locations, variants, amounts = _columns(quantities)
        await work.execute(FREE, locations, variants, amounts, amounts if leaves else [0] * len(amounts))


def _allot(demand: Demand, stock: Mapping[Place, StockRow], taken: Counter[Place]) -> OutOfStock | None:
    """Set a demand's stock aside in `taken`, or say what is short and take nothing."""
    wanted = {place: demand.quantities[place[1]] for place in demand.places}
    left = {
        place: max(stock[place].left(at_shelf=demand.at_shelf) - taken[place], 0) if place in stock else 0
        for place in wanted
    }
    short = [ShortLine(*place, quantity, left[place]) for place, quantity in wanted.items() if left[place] < quantity]
    if short:
        return OutOfStock(short)
    taken.update(wanted)
    return None


async def write_reservations(work: Work, demands: Sequence[Demand]) -> None:
    """Record what reserve() took, once the orders it was taken for exist."""
    await _write(work, WRITE, demands)


async def add_reservations(work: Work, demands: Sequence[Demand], *, state: str) -> None:
    """Record what reserve() took for orders that are there, on top of what they have reserved: OPEN or CLAIMED."""
    await _write(work, ADD, demands, state)


async def _write(work: Work, sql: str, demands: Sequence[Demand], *more: str) -> None:
    rows = [(d.order_id, place[0], place[1], d.quantities[place[1]]) for d in demands for place in d.places]
    if rows:
        work.write(sql, *(list(column) for column in zip(*rows, strict=True)), *more)


async def lock_at_once(work: Work, order_ids: Sequence[UUID]) -> set[UUID]:
    """Lock what orders have reserved without waiting for anybody; says of which orders that was all of it."""
    return {row["order_id"] for row in await work.fetch(LOCK_AT_ONCE, list(order_ids))}


async def given_back(work: Work, order_id: UUID) -> list[Demand]:
    """What an order had reserved and has no more, place by place."""
    wanted: dict[UUID, dict[UUID, int]] = {}
    for row in await work.fetch(GIVEN_BACK, order_id):
        wanted.setdefault(row["location_id"], {})[row["variant_id"]] = row["quantity"]
    return [Demand(order_id, place, quantities) for place, quantities in wanted.items()]


async def reopen(work: Work, order_id: UUID) -> None:
    """Record that reserve() has taken again what an order had given back."""
    await work.execute(REOPEN, order_id)


async def claim(work: Work, order_id: UUID) -> None:
    """Keep an order's stock for good, now that it is paid."""
    work.write(CLAIM, order_id)


async def release(work: Work, order_ids: Sequence[UUID], *, also: Mapping[Place, int] = MappingProxyType({})) -> None:
    """Give back what orders had reserved, and what was promised elsewhere for them."""
    await _end(work, order_ids, "RELEASED", leaves=False, also=also)


async def release_at(work: Work, order_id: UUID, location_id: UUID) -> None:
    """Give back what an order has reserved in one place."""
    await _end(work, [order_id], "RELEASED", leaves=False, at=location_id)


async def consume(work: Work, order_id: UUID, location_id: UUID) -> None:
    """What an order has in a place leaves the shelf: on hand and reserved fall together."""
    ended = await _end(work, [order_id], "CONSUMED", leaves=True, at=location_id)
    await record(work, SALE, {place: -quantity for place, quantity in ended.items()}, order_id=order_id)


async def release_part(work: Work, order_id: UUID, quantities: Mapping[UUID, int]) -> None:
    """Give back some of what an order has reserved."""
    await work.fetch(LOCK_HELD, [order_id])
    wanted = sorted(quantities)
    rows = await work.fetch(SHRINK, order_id, wanted, [quantities[key] for key in wanted])
    freed = Counter({(row["location_id"], row["variant_id"]): quantities[row["variant_id"]] for row in rows})
    await set_free(work, freed)


async def _end(
    work: Work,
    order_ids: Sequence[UUID],
    state: str,
    *,
    leaves: bool,
    also: Mapping[Place, int] = MappingProxyType({}),
    at: UUID | None = None,
) -> Counter[Place]:
    if also:
        locations, variants, _ = _columns(also)
        await work.fetch(LOCK_HELD_AND, list(order_ids), locations, variants)
    else:
        await work.fetch(LOCK_HELD, list(order_ids))
    ended = Counter(also)
    for row in await work.fetch(END, list(order_ids), state, at):
        ended[row["location_id"], row["variant_id"]] += row["quantity"]
    await set_free(work, ended, leaves=leaves)
    return ended


def _columns(quantities: Mapping[Place, int]) -> tuple[list[UUID], list[UUID], list[int]]:
    places = sorted(quantities)
    return [p[0] for p in places], [p[1] for p in places], [quantities[p] for p in places]
