"""Reads of deliveries."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from core.deliveries.rows import CallRow, QuoteRow, ShipmentChargeRow, ShipmentEventRow, ShipmentRow
from core.work import Work

CALL = "fulfilment_id, order_id, store_id, strategy, provider, status, round, rounds_left, quoted, winner_id, called_by"
SHIPMENT = """id, fulfilment_id, order_id, store_id, round, provider, reference, tracking_number, state, rank, currency,
    fee, cost, courier, latitude, longitude, positioned_at, minutes, failure, created_at, told_at, accept_by,
    accepted_at, picked_up_at, ended_at, given_up_at, settled_at"""
CALLS = f"SELECT {CALL} FROM courier_call WHERE tenant_id = $1 AND fulfilment_id = any($2::uuid[])"
CALLS_OF = f"SELECT {CALL} FROM courier_call WHERE tenant_id = $1 AND order_id = any($2::uuid[]) ORDER BY fulfilment_id"
LOCK_CALL = f"SELECT {CALL} FROM courier_call WHERE tenant_id = $1 AND fulfilment_id = $2 FOR UPDATE"
BY_ID = f"SELECT {SHIPMENT} FROM shipment WHERE tenant_id = $1 AND id = $2"
BY_IDS = f"SELECT {SHIPMENT} FROM shipment WHERE tenant_id = $1 AND id = any($2::uuid[])"
BY_REFERENCE = f"SELECT {SHIPMENT} FROM shipment WHERE tenant_id = $1 AND provider = $2 AND reference = $3"
LOCK = f"{BY_ID} FOR UPDATE"
OF_FULFILMENTS = f"""
SELECT {SHIPMENT} FROM shipment WHERE tenant_id = $1 AND fulfilment_id = any($2::uuid[]) ORDER BY fulfilment_id, id
"""
OF_ORDERS = f"SELECT {SHIPMENT} FROM shipment WHERE tenant_id = $1 AND order_id = any($2::uuid[]) ORDER BY order_id, id"
#: who is still to be asked in a round, in order
WAITING = """
SELECT q.provider, q.fee, q.currency, q.minutes, q.distance_meters, q.reference, q.expires_at FROM courier_quote q
WHERE q.tenant_id = $1 AND q.fulfilment_id = $2 AND q.round = $3 AND q.position IS NOT NULL AND NOT EXISTS (
    SELECT FROM shipment s WHERE s.tenant_id = $1 AND s.fulfilment_id = q.fulfilment_id AND s.round = q.round
    AND s.provider = q.provider)
ORDER BY q.position
"""
QUOTED = """
SELECT provider, fee, currency, minutes, distance_meters, reference, expires_at FROM courier_quote
WHERE tenant_id = $1 AND fulfilment_id = $2 AND round = $3 AND provider = $4
"""
EVENTS = """
SELECT shipment_id, state, raw, note, told_at, at, actor, ignored_because FROM shipment_event
WHERE tenant_id = $1 AND shipment_id = any($2::uuid[]) ORDER BY shipment_id, id
"""
CHARGES = """
SELECT shipment_id, kind, amount, currency, status, at FROM shipment_charge
WHERE tenant_id = $1 AND shipment_id = any($2::uuid[]) ORDER BY shipment_id, id
"""

Child = TypeVar("Child", ShipmentEventRow, ShipmentChargeRow)


async def by_id(work: Work, shipment_id: UUID) -> ShipmentRow | None:
    """A shipment."""
    return await work.row(ShipmentRow, BY_ID, shipment_id)


async def by_ids(work: Work, ids: Sequence[UUID]) -> list[ShipmentRow | None]:
    """Shipments in the order of their ids."""
    found = {row.id: row for row in await work.rows(ShipmentRow, BY_IDS, list(set(ids)))}
    return [found.get(key) for key in ids]


async def find(work: Work, provider: str, shipment_id: UUID | None, reference: str | None) -> ShipmentRow | None:
    """A provider's shipment, by our id or by its own number."""
    if shipment_id is not None:
        found = await by_id(work, shipment_id)
        return found if found is not None and found.provider == provider else None
    return await work.row(ShipmentRow, BY_REFERENCE, provider, reference) if reference is not None else None


async def waiting(work: Work, call: CallRow) -> list[QuoteRow]:
    """Who is still to be asked in the call's round, the best first."""
    return await work.rows(QuoteRow, WAITING, call.fulfilment_id, call.round)


async def of_fulfilments(work: Work, fulfilment_ids: Sequence[UUID]) -> list[list[ShipmentRow]]:
    """The shipments of each fulfilment, oldest first."""
    groups: dict[UUID, list[ShipmentRow]] = {key: [] for key in fulfilment_ids}
    for row in await work.rows(ShipmentRow, OF_FULFILMENTS, list(groups)):
        groups[row.fulfilment_id].append(row)
    return [groups[key] for key in fulfilment_ids]


async def of_orders(work: Work, order_ids: Sequence[UUID]) -> list[list[ShipmentRow]]:
    """The shipments of each order, oldest first."""
    groups: dict[UUID, list[ShipmentRow]] = {key: [] for key in order_ids}
    for row in await work.rows(ShipmentRow, OF_ORDERS, list(groups)):
        groups[row.order_id].append(row)
    return [groups[key] for key in order_ids]


def current(shipments: Sequence[ShipmentRow]) -> ShipmentRow | None:
    """The one that people ask about: who has it or had it, else who is asked now, else who was asked last."""
    return max(shipments, key=lambda one: (one.accepted_at is not None, one.failure is None, one.id), default=None)


async def events_of(work: Work, shipment_ids: Sequence[UUID]) -> list[list[ShipmentEventRow]]:
    """What was said of each shipment, oldest first."""
    return _grouped(shipment_ids, await work.rows(ShipmentEventRow, EVENTS, list(set(shipment_ids))))


async def charges_of(work: Work, shipment_ids: Sequence[UUID]) -> list[list[ShipmentChargeRow]]:
    """What each shipment costs, and what came back."""
    return _grouped(shipment_ids, await work.rows(ShipmentChargeRow, CHARGES, list(set(shipment_ids))))


def _grouped(shipment_ids: Sequence[UUID], rows: Sequence[Child]) -> list[list[Child]]:
    groups: dict[UUID, list[Child]] = {key: [] for key in shipment_ids}
    for row in rows:
        groups[row.shipment_id].append(row)
    return [groups[key] for key in shipment_ids]
