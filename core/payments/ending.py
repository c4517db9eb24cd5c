"""Orders that end before their goods change hands: stock and money go back."""

from uuid import UUID

from core import fulfilment, idempotency, inventory, orders
from core.actors import ActorKind
from core.errors import Invalid, NotFound
from core.fulfilment import AcceptanceLapsed, Advance, FulfilmentRow, PackageEnded
from core.fulfilment.machine import REJECTED
from core.idempotency import Request
from core.machine import Transition
from core.orders import Cause, OrderRow, OrderState
from core.orders.machine import CANCELLED, CANCELLED_BY_STORE, NOT_TAKEN
from core.payments import parts
from core.payments.refunding import pay_back_package, refund_rest
from core.work import Work


async def cancel_order(work: Work, order_id: UUID | None, *, reason: str, key: str) -> UUID:
    """Cancel an order for its buyer, or for staff who may; returns its id, again for the same key."""
    order = await orders.lock(work, order_id) if order_id is not None else None
    by_staff = order is not None and work.actor.may(orders.CANCEL.name, order.store_id)
    if order is None or not (by_staff or orders.owned(order, work.actor)):
        raise NotFound(what="order", path=("input", "orderId"))
    caller = f"guest:{order.id}" if work.actor.kind == ActorKind.ANONYMOUS else work.actor.label
    request, found = Request("orderCancel", caller, key, [str(order.id), reason]), order

    async def perform(_: UUID) -> None:
        if found.also_at and await fulfilment.has_left(work, found.id):
            raise OrderState(status=found.status, path=("input", "orderId"))
        await _end(work, found, Cause.CANCELLED, reason, by=CANCELLED_BY_STORE if by_staff else CANCELLED)

    return await idempotency.once(work, request, order.id, perform)


async def reject_order(work: Work, order_id: UUID | None, *, fulfilment_id: UUID | None = None, note: str) -> Advance:
    """A store cannot carry the order out: the next best one does, or the shopper gets everything back."""
    order, found, part = await fulfilment.meant(work, order_id, fulfilment_id)
    if fulfilment_id is None and len(found) > 1:
        raise Invalid(reason="The order has several parts: say which.", path=("input", "fulfilmentId"))
    if part is not None and await fulfilment.repeated(work, order, part, REJECTED):
        return Advance(order.id, repeated=True)
    if part is None or not await fulfilment.reject(work, part):
        raise OrderState(status=order.status, path=("input", "orderId"))
    await _hand_on_or_end(work, order, part, cause="rejected", note=note)
    return Advance(order.id)


async def lapsed(work: Work, event: AcceptanceLapsed) -> None:
    """A store has not accepted in time: another one gets the order, or the shopper everything back."""
    order = await orders.lock(work, event.order_id)
    found = (await fulfilment.of_orders(work, [event.order_id]))[0]
    part = next((one for one in found if one.id == event.fulfilment_id), None)
    if order is not None and part is not None and await fulfilment.lapse(work, order, part):
        await _hand_on_or_end(work, order, part, cause="not_accepted", note="not accepted in time")


async def _hand_on_or_end(work: Work, order: OrderRow, part: FulfilmentRow, *, cause: str, note: str) -> None:
    if await fulfilment.hand_on(work, order, part, cause=cause, note=note):
        return
    rest = await fulfilment.active(work, order.id) if order.also_at else []
    if not rest:
        await _end(work, order, Cause.REJECTED, note, by=NOT_TAKEN)
        return
    await orders.record(work, order, cause, note=note)
    await pay_back_package(work, order, await fulfilment.carried(work, part.id), note)
    await inventory.release_at(work, order.id, part.store_id)
    await orders.follow(work, order, rest, told="package_ended", note=note)
    work.emit(PackageEnded(fulfilment_id=part.id, order_id=order.id, store_id=part.store_id))


async def end(work: Work, order_id: UUID, *, cause: Cause, reason: str) -> bool:
    """End an order for a plugin, paid or not: everything goes back. False where it was over or out of the door."""
    order = await orders.lock(work, order_id)
    if order is None or order.status not in CANCELLED_BY_STORE.after:
        return False
    if order.also_at and await fulfilment.has_left(work, order.id):
        return False
    await _end(work, order, cause, reason, by=CANCELLED_BY_STORE)
    return True


async def _end(work: Work, order: OrderRow, cause: Cause, note: str, *, by: Transition) -> None:
    await orders.cancel(work, order, why=cause, note=note, by=by)
    await fulfilment.end(work, order, rejected=cause == Cause.REJECTED)
    if order.payment_status == parts.PARTLY_PAID:
        await parts.give_back(work, order, note)
    else:
        await refund_rest(work, order, note)
