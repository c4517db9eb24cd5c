"""The states of a fulfilment: each change is a compare-and-set, and a repeat by the same hand is no error."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from core import inventory, orders
from core.carts import SCAN_AND_GO
from core.errors import Invalid, NotFound
from core.fulfilment.queries import of_orders
from core.fulfilment.rows import FulfilmentRow
from core.orders import OrderRow
from core.work import Work

HANDED_OVER = ("PAID", "ACCEPTED", "PREPARING", "READY")
DELIVERY = "DELIVERY"

MOVE = """
UPDATE fulfilment SET status = $3
WHERE tenant_id = $1 AND id = any($2::uuid[]) AND status NOT IN ('DONE', 'CANCELLED', 'REJECTED')
"""


@dataclass(frozen=True, slots=True)
class Step:
    status: str
    after: tuple[str, ...]  #: the order's states that lead here
    only: str | None = None  #: the kind of order that has this step


STEPS = {
    "accept": Step("ACCEPTED", ("PAID",)),
    "prepare": Step("PREPARING", ("ACCEPTED",)),
    "ready": Step("READY", ("ACCEPTED", "PREPARING")),
    "dispatch": Step("DISPATCHED", ("READY",), only=DELIVERY),
    "complete": Step("COMPLETED", ("DISPATCHED",), only=DELIVERY),
}


@dataclass(frozen=True, slots=True)
class Advance:
    """What a step did; `repeated` when the same actor had done it before."""

    order_id: UUID
    repeated: bool = False


async def advance(
    work: Work, order_id: UUID | None, step_name: str, *, fulfilment_id: UUID | None = None, note: str | None = None
) -> Advance:
    """Take an order one step further in its store."""
    step, order = STEPS[step_name], await _of_store(work, order_id)
    fulfilments = await parts(work, order, fulfilment_id)
    if order.status == step.status and await _by_same_hand(work, order, step):
        return Advance(order.id, repeated=True)
    _require_step(step, order)
    await orders.require_free(work, order)
    await orders.move(work, order, step.status, after=step.after, note=note)
    done = step.status == "COMPLETED"
    await _move(work, fulfilments, "DONE" if done else step.status)
    if step.status == "DISPATCHED":
        await inventory.consume(work, order.id)
    return Advance(order.id)


def _require_step(step: Step, order: OrderRow) -> None:
    reason = None
    if step.only is not None and order.kind != step.only:
        reason = "Only a delivery has this step."
    elif order.kind == SCAN_AND_GO:
        reason = "The shopper has the goods already, and leaves with the exit code."
    if reason is not None:
        raise Invalid(reason=reason, path=("input", "orderId"))


async def parts(work: Work, order: OrderRow, named: UUID | None) -> list[FulfilmentRow]:
    """The fulfilments of an order, among which the one that was named must be."""
    found = (await of_orders(work, [order.id]))[0]
    if named is not None and named not in {fulfilment.id for fulfilment in found}:
        raise NotFound(what="fulfilment in this order", path=("input", "fulfilmentId"))
    return found


async def complete(work: Work, order: OrderRow, fulfilments: Sequence[FulfilmentRow]) -> None:
    """End an order that was handed over."""
    await orders.move(work, order, "COMPLETED", after=HANDED_OVER)
    await _move(work, fulfilments, "DONE")


async def cancel_all(work: Work, order: OrderRow, status: str) -> None:
    """End every fulfilment of an order that will not be carried out."""
    await _move(work, (await of_orders(work, [order.id]))[0], status)


async def _of_store(work: Work, order_id: UUID | None) -> OrderRow:
    """The order, held, if it belongs to a store that the actor works for."""
    order = await orders.lock(work, order_id) if order_id is not None else None
    if order is None or not work.actor.may(orders.FULFIL.name, order.store_id):
        raise NotFound(what="order", path=("input", "orderId"))
    return order


async def _by_same_hand(work: Work, order: OrderRow, step: Step) -> bool:
    timeline = (await orders.timeline_of(work, [order.id]))[0]
    return any(event.name == step.status.lower() and event.actor == work.actor.label for event in timeline)


async def _move(work: Work, fulfilments: Sequence[FulfilmentRow], status: str) -> None:
    await work.execute(MOVE, [fulfilment.id for fulfilment in fulfilments], status)
