"""Facts about stores' parts in orders."""

from dataclasses import dataclass
from uuid import UUID

from core.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class PackageReady(Event):
    """One of several packages of an order is ready, whatever the others are."""

    fulfilment_id: UUID
    order_id: UUID
    store_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class PackageEnded(Event):
    """Nobody sends one of several packages of an order; the others go on."""

    fulfilment_id: UUID
    order_id: UUID
    store_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryUnconfirmed(Event):
    """Nobody has said for days that a delivery has arrived, nor that it has not."""

    fulfilment_id: UUID
    order_id: UUID
    store_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class AcceptanceLapsed(Event):
    """A store has not accepted its part of an order in time."""

    fulfilment_id: UUID
    order_id: UUID
    store_id: UUID
