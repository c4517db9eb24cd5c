"""Whether a return is accepted, and ending one whose goods do not come."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from core import clock
from core.inventory import OutOfStock
from core.orders import OrderRow
from core.returns import paying, replacing
from core.returns.machine import APPROVED, CANCELLED, EXCHANGE, PAID_BACK, REFUND, REJECTED, SENT
from core.returns.permissions import MANAGE
from core.returns.queries import lines_of
from core.returns.rows import ReturnRow
from core.returns.rules import ReturnRules
from core.returns.steps import PATH, Step, hold, move, repeated
from core.work import Work

_APPROVES = (APPROVED, PAID_BACK)

FAULT = "UPDATE sales_return SET at_fault = $3 WHERE tenant_id = $1 AND id = $2"
TRACK = "UPDATE sales_return SET tracking_number = $3 WHERE tenant_id = $1 AND id = $2"


async def approve(work: Work, return_id: UUID | None, *, answer: str | None, at_fault: bool | None) -> Step:
    """The store agrees: the goods may come, or, where none have to, their money goes back."""
    order, found = await hold(work, return_id, _APPROVES)
    if repeated(work, found, _APPROVES):
        return Step(found.id, repeated=True)
    if at_fault is not None:
        await work.execute(FAULT, found.id, at_fault)
        found.at_fault = at_fault
    short = await _grant(work, order, found, answer=answer)
    if short is not None:
        short.path = PATH
        raise short
    return Step(found.id)


async def reject(work: Work, return_id: UUID | None, *, answer: str) -> Step:
    """The store does not agree, or does not take what has come; the buyer keeps the goods, or gets them back."""
    order, found = await hold(work, return_id, (REJECTED,))
    if repeated(work, found, (REJECTED,)):
        return Step(found.id, repeated=True)
    await move(work, order, found, (REJECTED,), answer=answer)
    await _let_go(work, found)
    return Step(found.id)


async def cancel(work: Work, return_id: UUID | None) -> Step:
    """The buyer keeps the goods after all."""
    order, found = await hold(work, return_id, (CANCELLED,))
    if repeated(work, found, (CANCELLED,)):
        return Step(found.id, repeated=True)
    await move(work, order, found, (CANCELLED,))
    await _let_go(work, found)
    return Step(found.id)


async def send(work: Work, return_id: UUID | None, *, tracking_number: str | None) -> Step:
    """The goods are on their way: the return waits for them, however long they take."""
    order, found = await hold(work, return_id, (SENT,))
    if repeated(work, found, (SENT,)):
        return Step(found.id, repeated=True)
    await move(work, order, found, (SENT,), note=tracking_number)
    await work.execute(TRACK, found.id, tracking_number)
    return Step(found.id)


async def decide_at_once(work: Work, order: OrderRow, found: ReturnRow, quantities: Mapping[UUID, int]) -> None:
    """Who may approve agrees with what they ask for; to anything else the brand's rules may, up to a worth."""
    if work.actor.may(MANAGE.name, found.store_id):
        short = await _grant(work, order, found)
        if short is not None:
            short.path = ("input", "lines")
            raise short
        return
    rules = work.rules(ReturnRules, order.store_id)
    below = rules.refund_below if found.kind == REFUND else rules.approve_below
    if below and await paying.worth(work, order, quantities) < below:
        await _grant(work, order, found)  # where the replacement is short, staff decide


async def _grant(work: Work, order: OrderRow, found: ReturnRow, *, answer: str | None = None) -> OutOfStock | None:
    if found.kind == EXCHANGE and found.status in APPROVED.after:
        short = await replacing.keep(work, found)
        if short is not None:
            return short
    days = work.rules(ReturnRules, order.store_id).send_days
    due_at = clock.now() + timedelta(days=days) if found.kind != REFUND else None
    await move(work, order, found, _APPROVES, due_at=due_at, answer=answer)
    if found.kind == REFUND:
        lines = (await lines_of(work, [found.id]))[0]
        await paying.pay_back(work, order, found, {line.order_line_id: line.quantity for line in lines})
    return None


async def _let_go(work: Work, found: ReturnRow) -> None:
    if found.kind == EXCHANGE:
        await replacing.let_go(work, found)
