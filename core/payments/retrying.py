"""Refunds that a provider has refused: asked for once more, by whoever has seen to the cause."""

from dataclasses import dataclass
from uuid import UUID

from core import audit, orders
from core.errors import NotFound
from core.orders import OrderRow
from core.payments import machine
from core.payments.events import RefundRequested
from core.payments.permissions import REFUND
from core.payments.queries import refunds_by_ids
from core.work import Work

RETRY = f"""
UPDATE refund SET status = '{machine.RETRIED.to}', settled_at = NULL, look_at = NULL
WHERE tenant_id = $1 AND id = $2 AND status IN {machine.RETRIED.among}
"""


@dataclass(frozen=True, slots=True)
class Retried:
    refund_id: UUID
    asked: bool  #: False where the refund is under way or paid out: nothing is to be asked


async def retry(work: Work, refund_id: UUID | None) -> Retried:
    """Ask a provider again for a refund that it has refused; it knows the refund by its id, so it pays once."""
    refund = (await refunds_by_ids(work, [refund_id]))[0] if refund_id is not None else None
    order = await orders.lock(work, refund.order_id) if refund is not None and refund.order_id is not None else None
    if refund is None or not _may_retry(work, order):
        raise NotFound(what="refund", path=("input", "refundId"))
    if not await work.execute(RETRY, refund.id):
        return Retried(refund.id, asked=False)
    if order is not None:
        await orders.record(work, order, "refund_requested", note=refund.reason)
    facts = {"refund": refund.id, "amount": refund.minor, "currency": refund.currency}
    subject = ("Order", order.id) if order is not None else ("Refund", refund.id)
    store_id = order.store_id if order is not None else None
    await audit.record_if_staff(work, "refund.retried", *subject, store_id=store_id, after=facts)
    work.emit(RefundRequested(refund_id=refund.id, order_id=refund.order_id))
    return Retried(refund.id, asked=True)


def _may_retry(work: Work, order: OrderRow | None) -> bool:
    """Who pays back at the order's store; where it is of no order, at every store."""
    if order is None:
        return work.actor.stores(REFUND.name) is None
    return work.actor.may(REFUND.name, order.store_id)
