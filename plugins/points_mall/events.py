"""Facts about the points mall."""

from dataclasses import dataclass
from uuid import UUID

from core.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class PointsMallRedeemed(Event):
    redemption_id: UUID
    offer_id: UUID
    quantity: int
    points: int  #: all that was spent on it


@dataclass(frozen=True, kw_only=True, slots=True)
class PointsMallReturned(Event):
    """Some of what was redeemed has been given back, and its points are the member's again."""

    redemption_id: UUID
    offer_id: UUID
    quantity: int
    points: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PointsMallServiceUsed(Event):
    redemption_id: UUID
    offer_id: UUID
    store_id: UUID
