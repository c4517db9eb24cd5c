"""Approved returns whose goods do not come: a sweep tells of them, and each is closed in its own transaction."""

from core import orders
from core.returns.events import ReturnOverdue
from core.returns.machine import EXCHANGE, EXPIRED
from core.returns.queries import by_id
from core.returns.replacing import let_go
from core.returns.steps import move
from core.work import Work

SWEEP = 200  #: returns told of in one transaction

IS_DUE = """
SELECT 1 FROM sales_return
WHERE tenant_id = $1 AND status = 'APPROVED' AND due_at IS NOT NULL AND due_at <= (SELECT app_now())
"""
DUE = """
UPDATE sales_return SET due_at = NULL WHERE tenant_id = $1 AND id = any(ARRAY(
    SELECT id FROM sales_return
    WHERE tenant_id = $1 AND status = 'APPROVED' AND due_at IS NOT NULL AND due_at <= (SELECT app_now())
    ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED
)) RETURNING id, order_id
"""


async def find_overdue(work: Work) -> int:
    """Tell of a batch of returns whose time is over; returns how many."""
    overdue = await work.fetch(DUE, SWEEP)
    for row in overdue:
        work.emit(ReturnOverdue(return_id=row["id"], order_id=row["order_id"]))
    return len(overdue)


async def close(work: Work, event: ReturnOverdue) -> None:
    """The goods have not come: the buyer keeps them, unless they are on their way by now."""
    order = await orders.lock(work, event.order_id)
    found = await by_id(work, event.return_id)
    if order is None or found is None or found.status not in EXPIRED.after:
        return
    await move(work, order, found, (EXPIRED,), note="the goods have not come in time")
    if found.kind == EXCHANGE:
        await let_go(work, found)
