"""What stands between paid orders and their stores, until whoever holds them lets them go."""

from collections.abc import Sequence
from uuid import UUID

from core.orders import telling
from core.orders.checkout import Hold
from core.orders.errors import OrderHeld
from core.orders.events import OrderLetGo
from core.orders.rows import OrderHoldRow, OrderRow
from core.work import Work

HOLD = """
INSERT INTO order_hold (tenant_id, order_id, source, reason, until)
SELECT $1, * FROM unnest($2::uuid[], $3::text[], $4::text[], $5::timestamptz[])
"""
HOLDS = """
SELECT order_id, source, reason, until FROM order_hold
WHERE tenant_id = $1 AND order_id = any($2::uuid[]) AND ended_at IS NULL ORDER BY order_id, source
"""
LOCK = "SELECT id FROM sales_order WHERE tenant_id = $1 AND id = any($2::uuid[]) AND held ORDER BY id FOR UPDATE"
LET_GO = """
UPDATE order_hold SET ended_at = app_now()
WHERE tenant_id = $1 AND order_id = any($2::uuid[]) AND source = $3 AND ended_at IS NULL RETURNING order_id
"""
END = """
UPDATE order_hold SET ended_at = app_now() WHERE tenant_id = $1 AND order_id = any($2::uuid[]) AND ended_at IS NULL
"""
FREE = """
UPDATE sales_order o SET held = false WHERE o.tenant_id = $1 AND o.id = any($2::uuid[]) AND NOT EXISTS (
    SELECT FROM order_hold h WHERE h.tenant_id = $1 AND h.order_id = o.id AND h.ended_at IS NULL)
RETURNING o.id, o.store_id
"""


async def write_holds(work: Work, holds: Sequence[tuple[UUID, str, Hold]]) -> None:
    """Keep the holds of new orders."""
    rows = [(order_id, source, hold.reason, hold.until) for order_id, source, hold in holds]
    if rows:
        work.write(HOLD, *(list(column) for column in zip(*rows, strict=True)))


async def holds_of(work: Work, order_ids: Sequence[UUID]) -> list[list[OrderHoldRow]]:
    """What each order waits for."""
    groups: dict[UUID, list[OrderHoldRow]] = {key: [] for key in order_ids}
    for row in await work.rows(OrderHoldRow, HOLDS, list(groups)):
        groups[row.order_id].append(row)
    return [groups[key] for key in order_ids]


async def require_free(work: Work, order: OrderRow, *, path: tuple[str, ...] = ("input", "orderId")) -> None:
    """Refuse an order that something holds."""
    if order.held:
        reasons = [hold.reason for hold in (await holds_of(work, [order.id]))[0]]
        raise OrderHeld(reason=" ".join(reasons), path=path)


async def let_go(work: Work, order_ids: Sequence[UUID], source: str) -> list[UUID]:
    """End a plugin's holds; what nothing holds any more may be carried out. Returns the orders it had held."""
    locked = [row["id"] for row in await work.fetch(LOCK, list(set(order_ids)))]
    ended = [row["order_id"] for row in await work.fetch(LET_GO, locked, source)] if locked else []
    if not ended:
        return []
    await telling.tell(work, ended, "let_go", note=source)
    for row in await work.fetch(FREE, ended):
        work.emit(OrderLetGo(order_id=row["id"], store_id=row["store_id"], source=source))
    return sorted(ended)


async def end_holds(work: Work, order_ids: Sequence[UUID]) -> None:
    """What ends waits for nothing any more."""
    if order_ids:
        await work.execute(END, list(order_ids))
