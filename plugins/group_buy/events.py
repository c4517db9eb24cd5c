"""Facts about teams."""

from dataclasses import dataclass
from uuid import UUID

from core.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupBuyOpened(Event):
    team_id: UUID
    order_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupBuyJoined(Event):
    team_id: UUID
    order_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupBuyPaid(Event):
    """A seat was paid for, in a team that was open or had succeeded without it."""

    team_id: UUID
    order_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupBuyPaidLate(Event):
    """A seat was paid for after its team had failed."""

    team_id: UUID
    order_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupBuyLeft(Event):
    team_id: UUID
    order_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupBuyHandedOver(Event):
    team_id: UUID
    member_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupBuySucceeded(Event):
    team_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupBuyFailed(Event):
    team_id: UUID
    state: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupBuyOwed(Event):
    """An order of a team that has failed is to be ended, and its money to go back."""

    order_id: UUID
