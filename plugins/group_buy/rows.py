"""Campaigns, teams and seats as they are read."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.money import Money
from core.stores import StoreRow


@dataclass(slots=True)
class CampaignRow:
    id: UUID
    product_id: UUID
    name: str
    active: bool
    starts_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    hours: int
    orders_per_member: int | None
    quantity_per_order: int | None
    stock: int | None
    taken: int
    new_members_only: bool
    per_store: bool
    store_ids: list[UUID]
    region_ids: list[UUID]
    read_at: datetime  #: by the database's clock, which decides

    @property
    def begun(self) -> bool:
        """Whether it is on, or was: a team that it has may still be joined by rule."""
        return self.active and self.starts_at <= self.read_at

    @property
    def over(self) -> bool:
        return self.ended_at is not None or self.ends_at <= self.read_at

    @property
    def running(self) -> bool:
        return self.begun and not self.over

    @property
    def left(self) -> int | None:
        """How many units may still be sold; None: any number."""
        return None if self.stock is None else self.stock - self.taken

    def reaches(self, store: StoreRow) -> bool:
        """Whether it is to be had at a store."""
        everywhere = not self.store_ids and not self.region_ids
        return everywhere or store.id in self.store_ids or store.region_id in self.region_ids


@dataclass(frozen=True, slots=True)
class PriceRow:
    campaign_id: UUID
    variant_id: UUID
    size: int
    minor: int  #: for the variant's `priced_per`
    leader_minor: int | None
    currency: str

    @property
    def price(self) -> Money:
        return Money(self.minor, self.currency)

    @property
    def leader_price(self) -> Money:
        return Money(self.minor if self.leader_minor is None else self.leader_minor, self.currency)


@dataclass(slots=True)
class TeamRow:
    id: UUID
    campaign_id: UUID
    code: str
    store_id: UUID
    leader_id: UUID
    size: int
    stored_state: str
    taken: int
    paid: int
    filled: int
    opened_at: datetime
    expires_at: datetime
    closed_at: datetime | None
    read_at: datetime

    @property
    def state(self) -> str:
        """A team that somebody has paid for is forming."""
        return "FORMING" if self.stored_state == "OPEN" and self.paid else self.stored_state

    @property
    def open(self) -> bool:
        return self.stored_state == "OPEN" and self.expires_at > self.read_at

    @property
    def reserved(self) -> int:
        """Seats that are still to be paid for."""
        return self.taken - self.paid

    @property
    def missing(self) -> int:
        return max(self.size - self.taken - self.filled, 0)


@dataclass(slots=True)
class SeatRow:
    order_id: UUID
    team_id: UUID
    member_id: UUID
    quantity: int
    state: str
    number: int  #: in its team, from 1, in the order in which seats were taken
    leads: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """What a cart is bought for."""

    cart_id: UUID
    campaign_id: UUID
    team_id: UUID | None  #: None: the member opens one
    size: int
    member_id: UUID
