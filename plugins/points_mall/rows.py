"""The points mall as it is read."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from core import clock
from core.money import Money


class Kind(StrEnum):
    """What is given for points."""

    GOODS = "GOODS"
    COUPON = "COUPON"
    SERVICE = "SERVICE"


@dataclass(slots=True)
class OfferRow:
    id: UUID
    kind: str
    name: str
    variant_id: UUID | None
    reward_kind: str | None
    reward_id: UUID | None
    points: int
    minor: int
    currency: str
    stock: int | None
    taken: int
    per_member: int | None
    per_day: int | None
    starts_at: datetime
    ends_at: datetime | None
    ended_at: datetime | None
    store_ids: list[UUID]
    tiers: list[str]
    valid_days: int | None

    @property
    def cash(self) -> Money:
        """What is paid beside the points, for one."""
        return Money(self.minor, self.currency)

    @property
    def left(self) -> int | None:
        """How many are still to be had; None: as many as are wanted."""
        return None if self.stock is None else self.stock - self.taken

    @property
    def why_closed(self) -> str | None:
        """Why nobody gets it just now, were there any left."""
        now = clock.now()
        if self.ended_at is not None or (self.ends_at is not None and self.ends_at <= now):
            return "it is over."
        return "it has not begun." if now < self.starts_at else None

    @property
    def running(self) -> bool:
        return self.why_closed is None

    def at(self, store_id: UUID | None) -> bool:
        """Whether it is to be had at a store."""
        return not self.store_ids or store_id in self.store_ids


@dataclass(slots=True)
class RedemptionRow:
    id: UUID
    offer_id: UUID
    member_id: UUID
    kind: str
    name: str
    state: str  #: LAPSED from the moment that its time is over, whoever has written that down
    quantity: int
    returned: int
    points_each: int
    minor: int
    currency: str
    turn: int
    day: date
    store_id: UUID | None
    order_id: UUID | None
    sealed_code: bytes | None
    valid_until: datetime | None
    used_at: datetime | None
    created_at: datetime

    @property
    def points(self) -> int:
        """What was spent on it and has not come back."""
        return self.points_each * (self.quantity - self.returned)

    @property
    def cash(self) -> Money:
        """What was paid beside the points, for one."""
        return Money(self.minor, self.currency)
