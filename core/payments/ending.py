"""Orders that end before their goods change hands: stock and money go back."""

from uuid import UUID

from core import fulfilment, idempotency, orders
from core.actors import ActorKind
from core.errors import NotFound
from core.idempotency import Request
from core.orders import Cause, OrderRow
from core.payments.refunding import refund_rest
from core.work import Work

BY_BUYER = ("PENDING_PAYMENT", "PAID")
BY_STORE = ("PENDING_PAYMENT", "PAID", "ACCEPTED", "PREPARING", "READY")


async def cancel_order(work: Work, order_id: UUID | None, *, reason: str, key: str) -> UUID:
    """Cancel an order for its buyer, or for staff who may; returns its id, again for the same key."""
    order = await orders.lock(work, order_id) if order_id is not None else None
    by_staff = order is not None and work.actor.may(orders.CANCEL.name, order.store_id)
    if order is None or not (by_staff or orders.owned(order, work.actor)):
        raise NotFound(what="order", path=("input", "orderId"))
    caller = f"guest:{order.id}" if work.actor.kind == ActorKind.ANONYMOUS else work.actor.label
    request, found = Request("orderCancel", caller, key, [str(order.id), reason]), order

    async def perform(_: UUID) -> None:
        await _end(work, found, Cause.CANCELLED, reason, states=BY_STORE if by_staff else BY_BUYER)

    return await idempotency.once(work, request, order.id, perform)


async def reject_order(work: Work, order_id: UUID | None, *, fulfilment_id: UUID | None = None, note: str) -> UUID:
    """A store cannot carry the order out: the shopper gets everything back."""
    order = await orders.lock(work, order_id) if order_id is not None else None
    if order is None or not work.actor.may(orders.FULFIL.name, order.store_id):
        raise NotFound(what="order", path=("input", "orderId"))
    await fulfilment.parts(work, order, fulfilment_id)
    await _end(work, order, Cause.REJECTED, note, states=("PAID", "ACCEPTED", "PREPARING"))
    return order.id


async def end(work: Work, order_id: UUID, *, cause: Cause, reason: str) -> bool:
    """End an order for a plugin, paid or not: everything goes back. False where it was over or out of the door."""
    order = await orders.lock(work, order_id)
    if order is None or order.status not in BY_STORE:
        return False
    await _end(work, order, cause, reason, states=BY_STORE)
    return True


async def _end(work: Work, order: OrderRow, cause: Cause, note: str, *, states: tuple[str, ...]) -> None:
    await orders.cancel(work, order, why=cause, note=note, states=states)
    await fulfilment.cancel_all(work, order, "REJECTED" if cause == Cause.REJECTED else "CANCELLED")
    await refund_rest(work, order, note)
