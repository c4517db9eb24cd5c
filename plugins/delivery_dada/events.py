"""What Dada has called about; nothing of it is believed until Dada was asked."""

from dataclasses import dataclass
from uuid import UUID

from core.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryDadaTold(Event):
    """It is said that a shipment stands otherwise."""

    shipment_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryDadaRiderAsks(Event):
    """It is said that a courier wants to be let go."""

    shipment_id: UUID
    dada_order: str
