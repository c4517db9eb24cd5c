"""The steps of a store's part of an order: each is a compare-and-set, and a repeat by the same hand is no error."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from core import clock, inventory, orders
from core.errors import Invalid, NotFound
from core.fulfilment.events import PackageReady
from core.fulfilment.machine import (
    ACCEPTED,
    CANCELLED,
    COMPLETED,
    DISPATCHED,
    ENDED,
    HANDED_OVER,
    PREPARED,
    READY,
    REJECTED,
)
from core.fulfilment.queries import of_orders
from core.fulfilment.rows import FulfilmentRow
from core.machine import SCAN_AND_GO, Transition
from core.orders import HANDED_ON, OrderRow, OrderRules, OrderState
from core.work import Work

MOVE = """
UPDATE fulfilment SET status = $3, complete_by = $5 WHERE tenant_id = $1 AND id = $2 AND status = any($4::text[])
"""
END = f"""
UPDATE fulfilment SET status = $3 WHERE tenant_id = $1 AND order_id = $2 AND status IN {CANCELLED.among}
"""
STEPS = {"accept": ACCEPTED, "prepare": PREPARED, "ready": READY, "dispatch": DISPATCHED, "complete": COMPLETED}
LEFT = ("DISPATCHED", "DONE")  #: parts whose goods have left the store
_TAKES_THE_GOODS = (DISPATCHED, HANDED_OVER)
ORDER, FULFILMENT = ("input", "orderId"), ("input", "fulfilmentId")


@dataclass(frozen=True, slots=True)
class Advance:
    """What a step did; `repeated` when the same actor had done it before."""

    order_id: UUID
    repeated: bool = False


async def advance(
    work: Work, order_id: UUID | None, step_name: str, *, fulfilment_id: UUID | None = None, note: str | None = None
) -> Advance:
    """Take an order one step further in its store."""
    step = STEPS[step_name]
    order, found, part = await meant(work, order_id, fulfilment_id)
    if part is not None and await repeated(work, order, part, step):
        return Advance(order.id, repeated=True)
    _require_kind(step, order)
    await take(work, order, found, part, step, note=note)
    return Advance(order.id)


async def take(
    work: Work,
    order: OrderRow,
    found: Sequence[FulfilmentRow],
    part: FulfilmentRow | None,
    step: Transition,
    *,
    note: str | None = None,
    path: tuple[str, ...] = ORDER,
) -> None:
    """Carry a part of a locked order over to where a step leads, and the order after it."""
    await orders.require_free(work, order, path=path)
    if part is None or not await move(work, part, step):
        raise OrderState(status=order.status, path=path)
    states = [step.to if one.id == part.id else one.status for one in found]
    assert step.told is not None, "a step is told"
    await orders.follow(work, order, states, told=step.told, note=note)
    if step is READY and order.also_at:
        work.emit(PackageReady(fulfilment_id=part.id, order_id=order.id, store_id=part.store_id))
    if step in _TAKES_THE_GOODS:
        await inventory.consume(work, order.id, part.store_id)


async def move(work: Work, part: FulfilmentRow, step: Transition) -> bool:
    """Carry a part over to where a step leads; False where it stands elsewhere."""
    days = work.rules(OrderRules, part.store_id).complete_days if step is DISPATCHED else 0
    complete_by = clock.now() + timedelta(days=days) if days else None
    return bool(await work.execute(MOVE, part.id, step.to, list(step.after), complete_by))


def _require_kind(step: Transition, order: OrderRow) -> None:
    if order.kind in step.kinds:
        return
    reason = "Only a delivery has this step."
    if order.kind == SCAN_AND_GO and step.kinds != COMPLETED.kinds:
        reason = "The shopper has the goods already, and leaves with the exit code."
    raise Invalid(reason=reason, path=ORDER)


async def meant(
    work: Work, order_id: UUID | None, named: UUID | None
) -> tuple[OrderRow, list[FulfilmentRow], FulfilmentRow | None]:
    """An order, held, its parts, and the one that is meant, where that is with a store that the actor works for."""
    order = await orders.lock(work, order_id) if order_id is not None else None
    found = (await of_orders(work, [order.id]))[0] if order is not None else []
    part = next((one for one in found if one.id == named), None) if named else _own(work, found)
    if order is None or not work.actor.may(orders.FULFIL.name, part.store_id if part else order.store_id):
        raise NotFound(what="order", path=ORDER)
    if named is not None and part is None:
        raise NotFound(what="fulfilment in this order", path=FULFILMENT)
    return order, found, part


def _own(work: Work, found: Sequence[FulfilmentRow]) -> FulfilmentRow | None:
    """The part that is with a store that the actor works for, else whichever there is; one of several is named."""
    active = [part for part in found if part.status not in ENDED]
    own = [part for part in active if work.actor.may(orders.FULFIL.name, part.store_id)]
    if len(own) > 1:
        raise Invalid(reason="The order comes in several packages: say which.", path=FULFILMENT)
    return next(iter(own or active), None)


def carried_out(found: Sequence[FulfilmentRow]) -> FulfilmentRow | None:
    """The part of an order, of which there is one, that a store carries out still, or has carried out."""
    return next((part for part in found if part.status not in ENDED), None)


async def end(work: Work, order: OrderRow, *, rejected: bool = False) -> None:
    """End what stores were carrying out of an order that has ended."""
    await work.execute(END, order.id, (REJECTED if rejected else CANCELLED).to)


async def repeated(work: Work, order: OrderRow, part: FulfilmentRow, step: Transition) -> bool:
    """Whether a part stands where a step leads because the same actor has taken it there before."""
    if part.status != step.to:
        return False
    timeline = (await orders.timeline_of(work, [order.id]))[0]
    anew = max((number for number, event in enumerate(timeline) if event.name == HANDED_ON), default=0)
    since = timeline if step is REJECTED else timeline[anew:]  # what was done in the store before is not this part's
    return any(event.name == step.told and event.actor == work.actor.label for event in since)
