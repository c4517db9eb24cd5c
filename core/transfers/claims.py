"""What orders have to do with the transfers that they wait for. Each order is held by whoever calls."""

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from core import clock
from core.inventory import Place
from core.transfers.events import TransferCancelled
from core.work import Work

CONFIRM = "UPDATE transfer SET claim = 'CLAIMED' WHERE tenant_id = $1 AND order_id = $2 AND claim = 'OPEN'"
CALL_OFF = """
UPDATE transfer SET claim = 'RELEASED',
    status = CASE status WHEN 'REQUESTED' THEN 'CANCELLED' ELSE status END,
    ended_at = CASE status WHEN 'REQUESTED' THEN $3::timestamptz END,
    ended_by = CASE status WHEN 'REQUESTED' THEN $4::text END
WHERE tenant_id = $1 AND order_id = any($2::uuid[]) AND status IN ('REQUESTED', 'SENT') AND claim IN ('OPEN', 'CLAIMED')
RETURNING id, source_id, destination_id, order_id, status
"""
PROMISED = """
SELECT t.source_id, l.variant_id, l.quantity
FROM transfer_line l JOIN transfer t ON t.tenant_id = $1 AND t.id = l.transfer_id
WHERE l.tenant_id = $1 AND l.transfer_id = any($2::uuid[])
"""
COMING = """
SELECT t.id FROM transfer t WHERE t.tenant_id = $1 AND t.order_id = $2 AND t.status IN ('REQUESTED', 'SENT')
AND t.claim IN ('OPEN', 'CLAIMED') AND EXISTS (
    SELECT FROM transfer_line l WHERE l.tenant_id = $1 AND l.transfer_id = t.id AND l.claimed > 0)
ORDER BY t.id FOR UPDATE
"""
LIMIT = """
UPDATE transfer_line l SET claimed = wanted.quantity
FROM unnest($3::uuid[], $4::bigint[]) AS wanted(variant_id, quantity)
WHERE l.tenant_id = $1 AND l.transfer_id = any($2::uuid[]) AND l.variant_id = wanted.variant_id
  AND l.claimed > wanted.quantity
"""


async def confirm(work: Work, order_id: UUID) -> None:
    """The order is paid: what it waits for may be sent."""
    await work.execute(CONFIRM, order_id)


async def call_off(work: Work, order_ids: Sequence[UUID]) -> Counter[Place]:
    """Orders are over: what is not sent stays where it is, what is on its way goes on the shelf where it arrives.

    Returns what is still promised at the sources for nobody; the caller gives it back, with all else in key order.
    """
    rows = await work.fetch(CALL_OFF, list(order_ids), clock.now(), work.actor.label) if order_ids else []
    stayed = [row for row in rows if row["status"] == "CANCELLED"]
    promised: Counter[Place] = Counter()
    for row in await work.fetch(PROMISED, [row["id"] for row in stayed]) if stayed else []:
        promised[row["source_id"], row["variant_id"]] += row["quantity"]
    for row in stayed:
        work.emit(
            TransferCancelled(
                transfer_id=row["id"],
                source_id=row["source_id"],
                destination_id=row["destination_id"],
                order_id=row["order_id"],
            )
        )
    return promised


async def coming(work: Work, order_id: UUID) -> list[UUID]:
    """The transfers that an order still waits for, held."""
    return [row["id"] for row in await work.fetch(COMING, order_id)]


async def limit(work: Work, transfer_ids: Sequence[UUID], quantities: Mapping[UUID, int]) -> None:
    """An order wants no more than so much of what is coming: the rest goes on the shelf where it arrives."""
    if transfer_ids and quantities:
        wanted = sorted(quantities)
        await work.execute(LIMIT, list(transfer_ids), wanted, [quantities[key] for key in wanted])
