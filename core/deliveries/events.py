"""Facts about deliveries."""

from dataclasses import dataclass
from uuid import UUID

from core.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class CourierWanted(Event):
    """Somebody is looked for to carry a fulfilment."""

    fulfilment_id: UUID
    order_id: UUID
    store_id: UUID
    round: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CourierNotFound(Event):
    """Nobody carries it: staff have to see to it."""

    fulfilment_id: UUID
    order_id: UUID
    store_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class ShipmentWanted(Event):
    """A provider is to be asked for it."""

    shipment_id: UUID
    order_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class ShipmentChanged(Event):
    """A shipment has another state, or another courier."""

    shipment_id: UUID
    fulfilment_id: UUID
    order_id: UUID
    store_id: UUID
    provider: str
    state: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ShipmentMoved(Event):
    """A shipment was seen somewhere else."""

    shipment_id: UUID
    order_id: UUID
    store_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class ShipmentGivenUp(Event):
    """It is not wanted any more: its provider is to cancel it."""

    shipment_id: UUID
    order_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ShipmentOverdue(Event):
    """Its provider has not been heard for a while."""

    shipment_id: UUID
    order_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class ShipmentInTrouble(Event):
    """Something is wrong that no rule decides: staff have to see to it."""

    shipment_id: UUID
    order_id: UUID
    store_id: UUID
    trouble: str  #: EXCEPTION, RETURNED, ANOTHER_HAS_IT, ORDER_STATE or CANCEL_REFUSED


@dataclass(frozen=True, kw_only=True, slots=True)
class TipWanted(Event):
    """A tip is to be offered to the couriers."""

    charge_id: UUID
    shipment_id: UUID
