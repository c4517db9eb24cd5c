"""Charges of shipments: each is booked once, and what a shipment costs is what they come to."""

from uuid import UUID

from core import clock
from core.deliveries.rows import ShipmentRow
from core.ids import new_id
from core.work import Work

BOOK = """
INSERT INTO shipment_charge (tenant_id, id, shipment_id, kind, key, amount, currency, status, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'BOOKED', $8) ON CONFLICT (tenant_id, shipment_id, key) DO NOTHING
"""
ASK = """
INSERT INTO shipment_charge (tenant_id, id, shipment_id, kind, key, amount, currency, status, at)
VALUES ($1, $2, $3, 'TIP', $4, $5, $6, 'ASKED', $7)
"""
SETTLE = """
UPDATE shipment_charge SET status = $4 WHERE tenant_id = $1 AND id = $2 AND shipment_id = $3 AND status = 'ASKED'
"""
COST = "UPDATE shipment SET cost = cost + $3 WHERE tenant_id = $1 AND id = $2"
FEE = "UPDATE shipment SET fee = $3 WHERE tenant_id = $1 AND id = $2"
REFUSE_TIPS = """
UPDATE shipment_charge SET status = 'REFUSED' WHERE tenant_id = $1 AND shipment_id = $2 AND status = 'ASKED'
"""
PAID = """
SELECT coalesce(sum(amount), 0)::bigint FROM shipment_charge
WHERE tenant_id = $1 AND shipment_id = $2 AND kind IN ('DELIVERY', 'TIP') AND status = 'BOOKED'
"""
CANCELLED = """
UPDATE shipment SET settled_at = $3 WHERE tenant_id = $1 AND id = $2 AND settled_at IS NULL
"""


async def book_delivery(work: Work, shipment: ShipmentRow, minor: int) -> None:
    """What the provider takes for carrying it."""
    await work.execute(FEE, shipment.id, minor)
    await _book(work, shipment.id, "DELIVERY", "DELIVERY", minor, shipment.currency)


async def ask_for_tip(work: Work, shipment: ShipmentRow, tip_id: UUID, minor: int) -> None:
    """A tip that the provider is still to be told of."""
    await work.execute(ASK, tip_id, shipment.id, f"TIP:{tip_id}", minor, shipment.currency, clock.now())


async def settle_tip(work: Work, shipment: ShipmentRow, tip_id: UUID, minor: int, *, taken: bool) -> bool:
    """Whether a tip was taken; said once."""
    if not await work.execute(SETTLE, tip_id, shipment.id, "BOOKED" if taken else "REFUSED"):
        return False
    if taken:
        await work.execute(COST, shipment.id, minor)
    return True


async def settle_cancellation(work: Work, shipment: ShipmentRow, fee: int) -> None:
    """What was to be paid for carrying it comes back, and the provider takes what it takes for nothing."""
    if not await work.execute(CANCELLED, shipment.id, clock.now()):
        return
    await work.execute(REFUSE_TIPS, shipment.id)
    paid = int(await work.value(PAID, shipment.id))
    await _book(work, shipment.id, "REFUND", "REFUND", -paid, shipment.currency)
    await _book(work, shipment.id, "CANCEL", "CANCEL", fee, shipment.currency)


async def _book(work: Work, shipment_id: UUID, kind: str, key: str, minor: int, currency: str) -> None:
    booked = minor and await work.execute(BOOK, new_id(), shipment_id, kind, key, minor, currency, clock.now())
    if booked:
        await work.execute(COST, shipment_id, minor)
