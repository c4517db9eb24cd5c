"""Reads of errands."""

from collections.abc import Sequence
from uuid import UUID

from core import orders
from core.work import Work
from plugins.delivery_own.rows import ErrandRow

MOST = 100  #: errands that a courier is shown
ERRAND = "shipment_id, order_id, store_id, state, courier_id, offered_at, accepted_at"
BY_ID = f"SELECT {ERRAND} FROM delivery_own_errand WHERE tenant_id = $1 AND shipment_id = $2"
#: what may be taken on in one's stores, and what one has, oldest first
OPEN = f"""
SELECT {ERRAND} FROM delivery_own_errand WHERE tenant_id = $1 AND ((state = 'OFFERED' AND ($2::uuid[] IS NULL
    OR store_id = any($2))) OR (state = 'ACCEPTED' AND courier_id = $3))
ORDER BY offered_at, shipment_id LIMIT $4
"""
CARRIED = f"""
SELECT {ERRAND} FROM delivery_own_errand WHERE tenant_id = $1 AND state = 'ACCEPTED' AND courier_id = $2
ORDER BY accepted_at LIMIT $3
"""


async def by_id(work: Work, shipment_id: UUID) -> ErrandRow | None:
    """The errand of a shipment."""
    return await work.row(ErrandRow, BY_ID, shipment_id)


async def open_to(work: Work) -> list[ErrandRow]:
    """What the actor may take on, and what the actor has."""
    return await work.rows(ErrandRow, OPEN, work.actor.stores(orders.FULFIL.name), work.actor.id, MOST)


async def carried(work: Work) -> Sequence[ErrandRow]:
    """What the actor has."""
    return await work.rows(ErrandRow, CARRIED, work.actor.id, MOST)
