"""Deliveries as they are read."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.money import Money
from core.stores import GeoPoint


@dataclass(slots=True)
class CallRow:
    fulfilment_id: UUID
    order_id: UUID
    store_id: UUID
    strategy: str
    provider: str | None
    status: str
    round: int
    rounds_left: int  #: after this one
    quoted: bool
    winner_id: UUID | None
    called_by: str


@dataclass(slots=True)
class QuoteRow:
    provider: str
    minor: int
    currency: str
    minutes: int | None
    distance_meters: int | None
    reference: str | None
    expires_at: datetime | None

    @property
    def fee(self) -> Money:
        return Money(self.minor, self.currency)


@dataclass(frozen=True, slots=True)
class Offer:
    """What a provider says when it is asked what it takes."""

    provider: str
    fee: Money | None = None
    minutes: int | None = None
    distance_meters: int | None = None
    refusal: str | None = None


@dataclass(slots=True)
class ShipmentRow:
    id: UUID
    fulfilment_id: UUID
    order_id: UUID
    store_id: UUID
    round: int
    provider: str
    reference: str | None
    tracking_number: str | None
    state: str
    rank: int
    currency: str
    fee_minor: int
    cost_minor: int
    sealed_courier: bytes | None
    latitude: float | None
    longitude: float | None
    positioned_at: datetime | None
    minutes: int | None
    failure: str | None
    created_at: datetime
    told_at: datetime
    accept_by: datetime
    accepted_at: datetime | None
    picked_up_at: datetime | None
    ended_at: datetime | None
    given_up_at: datetime | None
    settled_at: datetime | None

    @property
    def status(self) -> str:
        return self.state

    @property
    def fee(self) -> Money:
        return Money(self.fee_minor, self.currency)

    @property
    def cost(self) -> Money:
        return Money(self.cost_minor, self.currency)

    @property
    def position(self) -> GeoPoint | None:
        """Where it was seen last."""
        if self.latitude is None or self.longitude is None:
            return None
        return GeoPoint(self.latitude, self.longitude)


@dataclass(slots=True)
class ShipmentEventRow:
    shipment_id: UUID
    status: str | None
    raw: str
    note: str | None
    told_at: datetime
    at: datetime
    actor: str
    ignored_because: str | None


@dataclass(slots=True)
class ShipmentChargeRow:
    shipment_id: UUID
    kind: str
    minor: int
    currency: str
    status: str
    at: datetime

    @property
    def amount(self) -> Money:
        return Money(self.minor, self.currency)
