"""What a plugin may say about a price: declared, so that core can order, bound, split and explain it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from uuid import UUID


class Stage(IntEnum):
    """When an adjustment is applied; each sees what the stages before it have left."""

    PRICE = 10  #: another price for goods: a group's, a flash sale's, a member's
    PROMOTION = 20  #: what the brand takes off for everybody who qualifies
    COUPON = 30  #: what a shopper has and gives up
    FEE = 40  #: what is added: wrapping, a deposit
    DELIVERY = 50  #: what bringing it costs


@dataclass(frozen=True, slots=True)
class PriceEach:
    """Another unit price for its lines; one that is higher than the price they have changes nothing."""

    minor: int  #: for `priced_per` of the unit


@dataclass(frozen=True, slots=True)
class TakeOff:
    """A fixed amount off its lines together, as far as they are worth it."""

    minor: int


@dataclass(frozen=True, slots=True)
class Percent:
    """A share off its lines."""

    basis_points: int  #: hundredths of a percent: 1500 is 15 %
    at_most: int | None = None  #: minor units


@dataclass(frozen=True, slots=True)
class Charge:
    """An amount added, on its lines by their worth."""

    minor: int


@dataclass(frozen=True, slots=True)
class DeliveryOff:
    """An amount off the delivery fee; None: all of it."""

    minor: int | None = None


Effect = PriceEach | TakeOff | Percent | Charge | DeliveryOff


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """One reason why a cart does not cost what its lines add up to."""

    stage: Stage
    source: str  #: the plugin, or the plugin with a dot and which of its campaigns: "coupons.welcome"
    label: str  #: for shoppers
    reason: str  #: for staff who ask why
    effect: Effect
    lines: frozenset[UUID] | None = None  #: cart lines that it is for; None: all of them
    code: str | None = None  #: the cart's code that it answers
    alone: bool = False  #: does not stack with others of its stage: what is best for the shopper stands
    excludes: frozenset[Stage] = field(default_factory=frozenset)  #: later stages that do not apply to its lines
    subject_id: UUID | None = None  #: the plugin's own row behind it, for its `claim`


@dataclass(frozen=True, slots=True)
class Declined:
    """Why a code of the cart gives nothing as the cart stands."""

    code: str
    reason: str  #: for shoppers


Offer = Adjustment | Declined


@dataclass(frozen=True, slots=True)
class Step:
    """What became of an adjustment."""

    plugin: str
    adjustment: Adjustment
    amount: int  #: minor units; negative: taken off
    by_line: Mapping[UUID, int]  #: the same, by cart line; a delivery's has none
    applied: bool
    why_not: str | None = None
