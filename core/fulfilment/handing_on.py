"""A part that its store rejects, or does not accept in time, goes to the next best store that can carry it out."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from core import clock, contacts, inventory, matching, orders, stores, verification
from core.fulfilment.advancing import move
from core.fulfilment.machine import ENDED, LAPSED, REJECTED
from core.fulfilment.queries import of_orders
from core.fulfilment.rows import FulfilmentRow
from core.ids import new_id
from core.machine import DELIVERY, PICKUP
from core.matching import Search
from core.orders import OrderRow, OrderRules
from core.stores import GeoPoint, StoreRow
from core.work import Work

CHOICE = 3  #: stores whose stock is locked; more would only be locked for nothing

# Between a store that accepts and its deadline this statement decides: whatever is accepted is not WAITING any more.
LAPSE = f"""
UPDATE fulfilment SET status = '{LAPSED.to}'
WHERE tenant_id = $1 AND id = $2 AND status IN {LAPSED.among} AND accept_by <= app_now()
"""
PUT_OFF = """
UPDATE fulfilment SET accept_by = $3, lapsed = false WHERE tenant_id = $1 AND id = $2
"""
AGAIN = """
WITH begun AS (
    INSERT INTO fulfilment (tenant_id, id, order_id, store_id, kind, status, accept_by, slot_start)
    SELECT $1, $3, order_id, $4, kind, 'WAITING', $5, slot_start FROM fulfilment WHERE tenant_id = $1 AND id = $2
    RETURNING id
)
INSERT INTO fulfilment_line (tenant_id, fulfilment_id, order_line_id, quantity)
SELECT $1, begun.id, l.order_line_id, l.quantity FROM begun CROSS JOIN fulfilment_line l
WHERE l.tenant_id = $1 AND l.fulfilment_id = $2
"""


class _NobodyHasIt(Exception):
    """What was locked on the way is to be free again: plugins' rows come before stock in the order of locks."""


async def reject(work: Work, part: FulfilmentRow) -> bool:
    """Have a store give a part up; False where it is too late for that."""
    return await move(work, part, REJECTED)


async def lapse(work: Work, order: OrderRow, part: FulfilmentRow) -> bool:
    """Take a part away from a store that has not accepted it in time; False where it has, or still may."""
    if order.kind == PICKUP and not work.rules(OrderRules, part.store_id).lapse_pickup:
        return False
    if await _put_off(work, part):
        return False
    return bool(await work.execute(LAPSE, part.id))


async def _put_off(work: Work, part: FulfilmentRow) -> bool:
    """While a store is closed its time does not run: it begins anew when it opens."""
    store = (await stores.by_ids(work, [part.store_id]))[0]
    opens = stores.next_opening(store.opening_hours, clock.now(), work.brand.time_zone) if store else None
    if opens is None or opens <= clock.now():
        return False
    minutes = work.rules(OrderRules, part.store_id).accept_minutes
    await work.execute(PUT_OFF, part.id, opens + timedelta(minutes=minutes))
    return True


async def hand_on(work: Work, order: OrderRow, part: FulfilmentRow, *, cause: str, note: str) -> bool:
    """Give a part that was given up, with its stock, to the next best store; False where nobody takes it."""
    found = (await of_orders(work, [order.id]))[0]
    if not await _may_go_on(work, order, sum(one.status == REJECTED.to for one in found)):
        return False
    candidates = await _candidates(work, order, part.store_id, asked={one.store_id for one in found})
    taken = await _take(work, order, part.store_id, candidates)
    if taken is None:
        return False
    others = [one.status for one in found if one.status not in ENDED]
    await orders.hand_on(work, order, part.store_id, taken.id, others=others, cause=cause, note=note, to=taken.code)
    accept_by = clock.now() + timedelta(minutes=work.rules(OrderRules, taken.id).accept_minutes)
    await work.execute(AGAIN, part.id, new_id(), taken.id, accept_by)
    await verification.move(work, order.id, taken.id)
    return True


async def _may_go_on(work: Work, order: OrderRow, asked: int) -> bool:
    """Whether another store may be asked: so many times by rule, and whoever collects has to have agreed."""
    rules = work.rules(OrderRules, order.store_id)
    if order.held or asked > rules.most_handed_on:
        return False
    if order.kind == PICKUP:
        return rules.hand_on_pickup and await orders.agreed(work, order.id)
    return order.kind == DELIVERY


async def _candidates(work: Work, order: OrderRow, had: UUID, *, asked: set[UUID]) -> list[StoreRow]:
    """Stores that have all of it and offer it where the buyer is, best first; whoever was asked is not asked again."""
    kept = await inventory.kept(work, order.id)
    goods = {key: quantity for (place, key), quantity in kept.items() if place == had}
    point = await _where(work, order)
    if not goods or point is None:
        return []
    radius = None if order.kind == PICKUP else matching.FARTHEST
    matches = await matching.near(work, Search(point, radius, goods, order.kind, first=100))
    fitting = [m.store for m in matches if m.has_all_items and (m.open or order.slot_start is not None)]
    return [store for store in fitting if store.id not in asked][:CHOICE]


async def _where(work: Work, order: OrderRow) -> GeoPoint | None:
    """Where the goods are to come to; whoever collects goes no farther from the store than one looks for stores."""
    if order.kind == DELIVERY:
        address = contacts.open_address(work.vault, order.sealed_address, "sales_order", order.id)
        return address.location if address is not None else None
    store = (await stores.by_ids(work, [order.store_id]))[0]
    return store.location if store is not None else None


async def _take(work: Work, order: OrderRow, had: UUID, candidates: Sequence[StoreRow]) -> StoreRow | None:
    """The first that still has all of it, which is kept there from now on."""
    try:
        async with work.savepoint():
            by_id = {store.id: store for store in candidates if await orders.has_room(work, order, store.id)}
            place = await inventory.relocate(work, order.id, had, list(by_id)) if by_id else None
            if place is None:
                raise _NobodyHasIt
    except _NobodyHasIt:
        return None
    return by_id[place]
