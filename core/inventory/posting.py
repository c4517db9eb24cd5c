"""Changing what is on hand of many variants of a place at once, each with a movement that says why."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from core.catalog import NoOwnStock
from core.inventory.movements import record
from core.inventory.rows import StockRow
from core.inventory.sellable import stock_at
from core.work import Work

MOST = 1_000_000_000  #: on hand of one variant at one place

ENSURE = """
INSERT INTO stock (tenant_id, location_id, variant_id, on_hand)
SELECT $1, $2, wanted.variant_id, 0 FROM unnest($3::uuid[]) AS wanted(variant_id) ORDER BY wanted.variant_id
ON CONFLICT DO NOTHING
"""
# What has become a bundle meanwhile is seen here: its key was looked at in the statement before, which waited for that.
LOCKED = """
SELECT s.variant_id, s.on_hand, s.reserved, v.bundle, v.sku
FROM stock s JOIN variant v ON v.tenant_id = $1 AND v.id = s.variant_id
WHERE s.tenant_id = $1 AND s.location_id = $2 AND s.variant_id = any($3::uuid[]) ORDER BY s.variant_id FOR UPDATE OF s
"""
SHIFT = """
UPDATE stock s SET on_hand = s.on_hand + d.delta FROM unnest($3::uuid[], $4::bigint[]) AS d(variant_id, delta)
WHERE s.tenant_id = $1 AND s.location_id = $2 AND s.variant_id = d.variant_id
  AND s.on_hand + d.delta BETWEEN s.reserved AND 1000000000
"""


async def hold(work: Work, location_id: UUID, variant_ids: Iterable[UUID]) -> dict[UUID, StockRow]:
    """The stock of variants, held until the end of the transaction; what was never there before stands at 0."""
    wanted = sorted(variant_ids)
    await work.execute(ENSURE, location_id, wanted)
    held = {}
    for key, on_hand, reserved, bundle, sku in await work.fetch(LOCKED, location_id, wanted):
        if bundle:
            raise NoOwnStock(sku=sku)
        held[key] = stock_at(work, location_id, on_hand, reserved)
    return held


async def change(work: Work, location_id: UUID, deltas: Mapping[UUID, int]) -> None:
    """Change stock that is held, never below what is promised; whoever calls this writes down why."""
    variants = sorted(deltas)
    if await work.execute(SHIFT, location_id, variants, [deltas[key] for key in variants]) != len(variants):
        raise RuntimeError("stock would fall below what is promised")


async def shift(
    work: Work, location_id: UUID, deltas: Mapping[UUID, int], reason: str, *, order_id: UUID | None = None
) -> None:
    """Change stock that is held, never below what is promised, and say why."""
    if not deltas:
        return
    await change(work, location_id, deltas)
    await record(work, reason, {(location_id, key): delta for key, delta in deltas.items()}, order_id=order_id)


def fitting(stock: StockRow, delta: int) -> int:
    """As much of a change as leaves what is promised on the shelf."""
    return max(-stock.free, min(delta, MOST - stock.on_hand))
