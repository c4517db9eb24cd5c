"""What is written of a shipment, whoever makes it change: its state, what was said, and who is told."""

from datetime import datetime
from uuid import UUID

from core import clock, fulfilment, orders
from core.deliveries.events import ShipmentChanged, ShipmentGivenUp, ShipmentInTrouble
from core.deliveries.queries import LOCK, LOCK_CALL, SHIPMENT
from core.deliveries.rows import CallRow, ShipmentRow
from core.deliveries.states import LAST, LEFT, RANKS, TAKEN, State
from core.ids import new_id
from core.work import Work

KNOWN = "SELECT 1 FROM shipment_event WHERE tenant_id = $1 AND shipment_id = $2 AND key = $3"
EVENT = """
INSERT INTO shipment_event (tenant_id, id, shipment_id, key, state, raw, note, told_at, at, actor, ignored_because)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""
CLIMB = f"""
UPDATE shipment SET state = $4, rank = $5, told_at = greatest(told_at, $6),
    accepted_at = CASE WHEN $5 BETWEEN {TAKEN} AND {LAST} AND $4 <> 'CANCELLED' THEN coalesce(accepted_at, $7)
        ELSE accepted_at END,
    picked_up_at = CASE WHEN $5 >= {LEFT} AND $4 <> 'CANCELLED' THEN coalesce(picked_up_at, $7)
        ELSE picked_up_at END,
    ended_at = CASE WHEN $5 = {LAST} THEN $7 END, look_at = CASE WHEN $5 < {LAST} THEN look_at END,
    failure = coalesce($8, failure)
WHERE tenant_id = $1 AND id = $2 AND state = $3 RETURNING {SHIPMENT}
"""
GIVE_UP = f"""
UPDATE shipment SET given_up_at = $3, failure = coalesce(failure, $4)
WHERE tenant_id = $1 AND id = $2 AND given_up_at IS NULL AND ended_at IS NULL RETURNING {SHIPMENT}
"""


async def hold(work: Work, shipment: ShipmentRow) -> ShipmentRow:
    """The shipment as it is now, held with its order: who holds the order may change its deliveries."""
    await orders.lock(work, shipment.order_id)
    found = await work.row(ShipmentRow, LOCK, shipment.id)
    assert found is not None, "shipments stay"
    return found


async def hold_call(work: Work, fulfilment_id: UUID) -> CallRow:
    """The call, held; its order has to be already."""
    found = await work.row(CallRow, LOCK_CALL, fulfilment_id)
    assert found is not None, "a shipment without its call"
    return found


async def climb(
    work: Work, shipment: ShipmentRow, state: State, *, at: datetime, failure: str | None = None
) -> ShipmentRow | None:
    """Give a shipment its next state, if it is still in the one that it was seen in; something wrong has no rank."""
    rank = RANKS.get(state, shipment.rank)
    changed = await work.row(ShipmentRow, CLIMB, shipment.id, shipment.state, state, rank, at, clock.now(), failure)
    if changed is not None:
        tell(work, changed)
    return changed


async def note(
    work: Work,
    shipment: ShipmentRow,
    state: str | None,
    *,
    key: str | None = None,
    raw: str = "",
    told_at: datetime | None = None,
    why: str | None = None,
    ignored_because: str | None = None,
) -> None:
    """Write down what was said or done, and why nothing came of it where nothing did."""
    event_id, now = new_id(), clock.now()
    said = (key or str(event_id), state, raw, why, told_at or now, now, work.actor.label, ignored_because)
    await work.execute(EVENT, event_id, shipment.id, *said)


async def known(work: Work, shipment: ShipmentRow, key: str) -> bool:
    """Whether the same was said before."""
    return await work.value(KNOWN, shipment.id, key) is not None


async def give_up(work: Work, shipment: ShipmentRow, reason: str) -> bool:
    """Have a shipment that is not over cancelled by its provider, once this is committed; False where it was before."""
    if await work.row(ShipmentRow, GIVE_UP, shipment.id, clock.now(), reason) is None:
        return False
    await note(work, shipment, None, raw="given up", why=reason)
    work.emit(ShipmentGivenUp(shipment_id=shipment.id, order_id=shipment.order_id, reason=reason))
    return True


def tell(work: Work, shipment: ShipmentRow) -> None:
    """Tell whoever listens how it stands."""
    work.emit(
        ShipmentChanged(
            shipment_id=shipment.id,
            fulfilment_id=shipment.fulfilment_id,
            order_id=shipment.order_id,
            store_id=shipment.store_id,
            provider=shipment.provider,
            state=shipment.state,
        )
    )


async def trouble(work: Work, shipment: ShipmentRow, what: str) -> None:
    """Tell staff of what no rule decides."""
    order = await orders.lock(work, shipment.order_id)
    assert order is not None, "a shipment without its order"
    await orders.record(work, order, fulfilment.TROUBLE, note=what)
    work.emit(
        ShipmentInTrouble(shipment_id=shipment.id, order_id=shipment.order_id, store_id=shipment.store_id, trouble=what)
    )
