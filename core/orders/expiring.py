"""Time to pay: how long an unpaid order keeps its stock, and what becomes of one whose time has run out."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from core.orders import telling
from core.orders.checkout import Cause, Release
from core.orders.errors import OrderState, ReservationExpired
from core.orders.events import UNPAID, OrderCancelled
from core.orders.holding import end_holds
from core.orders.machine import EXPIRED as EXPIRED_UNPAID
from core.orders.releasing import give_back_stock, release
from core.orders.rows import OrderRow
from core.orders.rules import OrderRules
from core.work import Work

SWEEP = 200  #: orders released in one transaction

# The order is locked: what is asked of it holds until the transaction ends. It is written only where that adds time.
EXTEND = """
WITH longer AS (
    UPDATE sales_order SET reserved_until = until.moment
    FROM (SELECT least(app_now() + make_interval(mins => $3), placed_at + make_interval(mins => $4)) AS moment
          FROM sales_order WHERE tenant_id = $1 AND id = $2) until
    WHERE tenant_id = $1 AND id = $2 AND status = 'PENDING_PAYMENT' AND reserved_until > app_now()
        AND reserved_until < until.moment
    RETURNING reserved_until
)
SELECT coalesce((SELECT reserved_until FROM longer), reserved_until) FROM sales_order
WHERE tenant_id = $1 AND id = $2 AND status = 'PENDING_PAYMENT' AND reserved_until > app_now()
"""
# SELECT app_now(): what it stands for is worked out once, and reaches the index; the bare call is inlined and does not
EXPIRED = """
SELECT id, store_id, held FROM sales_order
WHERE tenant_id = $1 AND status = 'PENDING_PAYMENT' AND reserved_until <= (SELECT app_now())
ORDER BY reserved_until LIMIT $2 FOR UPDATE SKIP LOCKED
"""
EXPIRE = f"""
UPDATE sales_order SET status = '{EXPIRED_UNPAID.to}', payment_status = 'CANCELLED', reserved_until = NULL,
    held = false, expired_at = app_now()
WHERE tenant_id = $1 AND id = any($2::uuid[]) AND status IN {EXPIRED_UNPAID.among}
"""


@dataclass(frozen=True, slots=True)
class Expired:
    """An unpaid order whose time has run out, locked."""

    id: UUID
    store_id: UUID
    held: bool


async def extend(work: Work, order: OrderRow) -> None:
    """Give whoever begins to pay the time for it, within what the brand allows in all; refuse what is over."""
    rules = work.rules(OrderRules, order.store_id)
    until = await work.value(EXTEND, order.id, rules.payment_minutes, rules.longest_lock_minutes)
    if until is None:
        if order.status in ("PENDING_PAYMENT", "CANCELLED"):
            raise ReservationExpired(path=("input", "orderId"))
        raise OrderState(status=order.status, path=("input", "orderId"))
    order.reserved_until = until


async def release_unpaid(work: Work) -> int:
    """Cancel orders whose time to pay has run out; returns how many."""
    expired = await work.rows(Expired, EXPIRED, SWEEP)
    await end_expired(work, expired, release)
    return len(expired)


async def end_expired(
    work: Work, expired: Sequence[Expired], give_back: Callable[[Work, Sequence[Release]], Awaitable[None]]
) -> None:
    """End orders that are locked, and free their stock; `give_back` says when plugins free what is theirs."""
    ids = [one.id for one in expired]
    if not ids:
        return
    await work.execute(EXPIRE, ids)
    await end_holds(work, [one.id for one in expired if one.held])
    await give_back(work, [Release(key, Cause.EXPIRED) for key in ids])
    await give_back_stock(work, ids, held=[one.id for one in expired if one.held])
    await telling.tell(work, ids, "expired")
    for one in expired:
        work.emit(OrderCancelled(order_id=one.id, store_id=one.store_id, cause=UNPAID))
