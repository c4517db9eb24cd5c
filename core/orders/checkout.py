"""An order as plugins see it while it is placed, and when it ends."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from core.pricing import Basket, Step, Totals

_LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Checkout:
    """A cart on its way to be an order; the order's row is written after the claims."""

    order_id: UUID
    basket: Basket
    member_id: UUID | None  #: the buyer: of the cart, or who places it
    totals: Totals
    steps: tuple[Step, ...]  #: what the price came from

    def steps_of(self, plugin: str) -> list[Step]:
        """The adjustments of a plugin that were applied."""
        return [step for step in self.steps if step.plugin == plugin and step.applied]


@dataclass(frozen=True, slots=True)
class Hold:
    """Why an order may not be carried out yet; whoever holds it lets it go by `orders.let_go`."""

    reason: str  #: for people
    until: datetime | None = None  #: when it will be settled at the latest

    def __post_init__(self) -> None:
        if not 1 <= len(self.reason) <= _LONGEST_REASON or "\x00" in self.reason:
            raise ValueError(f"a hold's reason has 1 to {_LONGEST_REASON} characters")
        if self.until is not None and self.until.tzinfo is None:
            raise ValueError("a hold ends at a moment with a time zone")


class Cause(StrEnum):
    """Why what was taken with an order is given back."""

    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"  #: it was not paid in time
    REJECTED = "REJECTED"  #: its store cannot carry it out
    REFUNDED = "REFUNDED"  #: in part or whole


@dataclass(frozen=True, slots=True)
class Release:
    """An order that gives back what plugins took with it."""

    order_id: UUID
    cause: Cause
    whole: bool = True  #: whether nothing of the order is left; a part that is refunded leaves the rest
