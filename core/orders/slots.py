"""Slots take so many orders: who counts a slot's orders holds its row, so that none is promised twice.

How many it has is read from the orders themselves: one that ends leaves its slot by ending.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from core import clock, stores
from core.errors import Invalid
from core.jobs import forget, forgetting
from core.machine import DELIVERY, PICKUP
from core.money import Money
from core.orders.rows import OrderRow
from core.orders.rules import OrderRules
from core.pricing import PricingRules
from core.stores import StoreRow
from core.work import Work

Slot = tuple[UUID, str, datetime]  #: store, kind, when it begins
_MOST_DAYS = 60

# The rows are locked in the order in which they are inserted.
HOLD = """
INSERT INTO slot (tenant_id, store_id, kind, starts_at)
SELECT $1, * FROM unnest($2::uuid[], $3::text[], $4::timestamptz[])
ON CONFLICT (tenant_id, starts_at, store_id, kind) DO UPDATE SET kind = excluded.kind
"""
TAKEN = """
SELECT o.store_id, o.kind, o.slot_start, count(*) AS orders FROM sales_order o
WHERE o.tenant_id = $1 AND o.slot_start = any($2::timestamptz[]) AND o.store_id = any($3::uuid[])
    AND o.slot_start IS NOT NULL AND o.status NOT IN ('CANCELLED', 'REFUNDED')
GROUP BY o.store_id, o.kind, o.slot_start
"""
FORGET = forgetting("slot", "starts_at")
KEPT = timedelta(days=1)  #: after it has begun


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """A slot of a store as whoever orders for later sees it."""

    start: datetime
    end: datetime
    remaining: int | None  #: how many orders it still takes; None: any number
    fee: Money | None


def capacity(work: Work, store_id: UUID, kind: str) -> int | None:
    """How many orders of a kind a store has in one slot at most; None: any number."""
    rules = work.rules(OrderRules, store_id)
    return {DELIVERY: rules.delivery_slot_orders, PICKUP: rules.pickup_slot_orders}.get(kind) or None


async def free_slots(work: Work, store: StoreRow, kind: str, after: datetime | None, first: int) -> list[FreeSlot]:
    """The slots of a store from a moment on."""
    if kind not in (DELIVERY, PICKUP) or kind not in store.fulfilments:
        return []
    now, length = clock.now(), _length(work, store.id)
    begin = max(now, after) if after is not None else now
    days = work.rules(OrderRules, store.id).slot_days - (begin - now).days
    days = min(max(days, 0), _MOST_DAYS)
    starts = list(islice(stores.slots_from(store.opening_hours, work.brand.time_zone, length, begin, days), first))
    most, fee = capacity(work, store.id, kind), _fee(work, store.id, kind)
    taken = await _taken(work, [(store.id, kind, start) for start in starts]) if most is not None else Counter()
    left = [None if most is None else max(most - taken[store.id, kind, start], 0) for start in starts]
    return [FreeSlot(start, start + length, room, fee) for start, room in zip(starts, left, strict=True)]


def require_slot(work: Work, store: StoreRow, start: datetime | None, *, path: tuple[str, ...]) -> None:
    """Refuse a time for which a store has no slot."""
    if start is None:
        return
    if start <= clock.now():
        raise Invalid(reason="The slot has begun already: choose another one.", path=path)
    if not stores.begins_slot(store.opening_hours, work.brand.time_zone, _length(work, store.id), start):
        raise Invalid(reason="The store has no slot that begins then: `slots` lists them.", path=path)


async def hold(work: Work, slots: Collection[Slot]) -> Counter[Slot]:
    """How many orders each slot has; nobody adds one to it until the transaction ends."""
    if not slots:
        return Counter()
    locked = sorted(slots, key=lambda slot: (slot[2], slot[0], slot[1]))
    await work.execute(HOLD, *(list(column) for column in zip(*locked, strict=True)))
    return await _taken(work, locked)


async def has_room(work: Work, order: OrderRow, store_id: UUID) -> bool:
    """Whether a store has room for another order at this one's time; so it stays until the transaction ends."""
    most = capacity(work, store_id, order.kind)
    if order.slot_start is None or most is None:
        return True
    slot = (store_id, order.kind, order.slot_start)
    return (await hold(work, [slot]))[slot] < most


async def forget_slots(work: Work) -> int:
    """Delete a batch of slots that are long over; returns how many."""
    return await forget(work, FORGET, clock.now() - KEPT)


async def _taken(work: Work, slots: Sequence[Slot]) -> Counter[Slot]:
    rows = await work.fetch(TAKEN, [slot[2] for slot in slots], list({slot[0] for slot in slots}))
    return Counter({(row["store_id"], row["kind"], row["slot_start"]): row["orders"] for row in rows})


def _length(work: Work, store_id: UUID) -> timedelta:
    return timedelta(minutes=work.rules(OrderRules, store_id).slot_minutes)


def _fee(work: Work, store_id: UUID, kind: str) -> Money:
    fee = work.rules(PricingRules, store_id).delivery_fee if kind == DELIVERY else 0
    return Money(fee, work.brand.currency)
