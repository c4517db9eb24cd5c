"""What becomes of an order that waits, whenever something has arrived for it or will not come."""

from collections.abc import Mapping
from uuid import UUID

from core import inventory, transfers
from core.inventory import Demand, OutOfStock
from core.orders import telling
from core.orders.holding import let_go
from core.orders.queries import lock
from core.orders.rows import OrderRow
from core.orders.waiting import TRANSFER, elsewhere, hold, requests
from core.transfers import TransferCancelled, TransferReceived
from core.work import Work

_WAITS = ("PENDING_PAYMENT", "PAID")
_FAILED = "What it waited for has not come, and is nowhere else: its store decides what becomes of it."

HOLDS = """
SELECT 1 FROM order_hold WHERE tenant_id = $1 AND order_id = $2 AND source = $3 AND ended_at IS NULL
"""
SAY = """
UPDATE order_hold SET reason = $4, until = $5
WHERE tenant_id = $1 AND order_id = $2 AND source = $3 AND ended_at IS NULL AND reason <> $4
"""
STANDING = """
SELECT g.variant_id, g.wanted, coalesce((
    SELECT sum(r.quantity) FROM reservation r WHERE r.tenant_id = $1 AND r.order_id = $2
    AND r.variant_id = g.variant_id AND r.state IN ('OPEN', 'CLAIMED')), 0)::bigint AS kept
FROM (
    SELECT coalesce(p.variant_id, l.variant_id) AS variant_id,
        sum((l.quantity - l.refunded_quantity) * coalesce(p.quantity, 1))::bigint AS wanted
    FROM sales_order_line l
    LEFT JOIN sales_order_line_part p ON p.tenant_id = $1 AND p.order_line_id = l.id
    WHERE l.tenant_id = $1 AND l.order_id = $2 GROUP BY 1
) g
"""


async def received(work: Work, event: TransferReceived) -> None:
    """Look after the order that a transfer has arrived for."""
    await _settle(work, event.order_id)


async def called_off(work: Work, event: TransferCancelled) -> None:
    """Look after the order whose transfer does not come."""
    await _settle(work, event.order_id)


async def give_up(work: Work, order: OrderRow, quantities: Mapping[UUID, int]) -> None:
    """Part of an order goes back before it was handed over: less is waited for, and what is left of it is for sale."""
    if not order.held:
        await inventory.release_part(work, order.id, quantities)
        return
    coming = await transfers.coming(work, order.id)
    lacking = await _lacking(work, order.id)
    await transfers.limit(work, coming, {key: max(lack, 0) for key, lack in lacking.items()})
    too_many = {key: -lack for key, lack in lacking.items() if lack < 0}
    if too_many:
        await inventory.release_part(work, order.id, too_many)
    await _settle(work, order.id)


async def _settle(work: Work, order_id: UUID | None) -> None:
    """Let an order go that has all its goods; look elsewhere for what one lacks that waits for nothing any more."""
    order = await lock(work, order_id) if order_id is not None else None
    if order is None or order.status not in _WAITS or await work.value(HOLDS, order.id, TRANSFER) is None:
        return
    if await transfers.coming(work, order.id):
        return
    missing = {key: lack for key, lack in (await _lacking(work, order.id)).items() if lack > 0}
    if not missing or await _found(work, order, missing):
        await let_go(work, [order.id], TRANSFER)


async def _lacking(work: Work, order_id: UUID) -> dict[UUID, int]:
    """How much of each variant an order wants beyond what its store keeps for it; below 0 it keeps too many."""
    return {row["variant_id"]: row["wanted"] - row["kept"] for row in await work.fetch(STANDING, order_id)}


async def _found(work: Work, order: OrderRow, missing: Mapping[UUID, int]) -> bool:
    """Whether the order's own store has by now what is missing; if it has not, another place may."""
    demand = Demand(order.id, order.store_id, missing)
    helpers = await transfers.helpers(work, [demand])
    taken = (await inventory.reserve_with_help(work, [demand], helpers))[0]
    if isinstance(taken, OutOfStock):
        if await work.execute(SAY, order.id, TRANSFER, _FAILED, None):
            await telling.tell(work, [order.id], "transfer_failed", note=_FAILED)
        return False
    claim = "OPEN" if order.status == "PENDING_PAYMENT" else "CLAIMED"
    fetched = elsewhere(taken, order.store_id)
    here = {place[1]: quantity for place, quantity in taken.items() if place not in fetched}
    await inventory.add_reservations(work, [Demand(order.id, order.store_id, here)], state=claim)
    await transfers.request(work, requests(order.id, order.store_id, fetched, claim))
    again = hold(work, order.store_id)
    await work.execute(SAY, order.id, TRANSFER, again.reason, again.until)
    return not fetched
