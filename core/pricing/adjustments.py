"""What a plugin may say about a price: declared, so that core can order, bound, split and explain it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from uuid import UUID

MOST = 10**12  #: minor units; more is a mistake, and the plugin's
_ALL = 10_000  # basis points
_LONGEST = 200  # characters of a source, a label or a code
_LONGEST_REASON = 500


class Stage(IntEnum):
    """When an adjustment is applied; each sees what the stages before it have left."""

    PRICE = 10  #: another price for goods: a group's, a flash sale's, a member's
    PROMOTION = 20  #: what the brand takes off for everybody who qualifies
    COUPON = 30  #: what a shopper has and gives up
    FEE = 40  #: what is added: wrapping, a deposit
    DELIVERY = 50  #: what bringing it costs
    POINTS = 60  #: what a member pays with points, of whatever goods and fees are left to be paid


@dataclass(frozen=True, slots=True)
class PriceEach:
    """Another unit price for its lines; one that is higher than the price they have changes nothing."""

    minor: int  #: for `priced_per` of the unit

    def __post_init__(self) -> None:
        _require(self.minor)


@dataclass(frozen=True, slots=True)
class TakeOff:
    """A fixed amount off its lines together, as far as they are worth it."""

    minor: int

    def __post_init__(self) -> None:
        _require(self.minor)


@dataclass(frozen=True, slots=True)
class Percent:
    """A share off its lines."""

    basis_points: int  #: hundredths of a percent: 1500 is 15 %
    at_most: int | None = None  #: minor units

    def __post_init__(self) -> None:
        _require(self.basis_points, most=_ALL)
        _require(0 if self.at_most is None else self.at_most)


@dataclass(frozen=True, slots=True)
class Charge:
    """An amount added, on its lines by their worth."""

    minor: int

    def __post_init__(self) -> None:
        _require(self.minor)


@dataclass(frozen=True, slots=True)
class DeliveryOff:
    """An amount off the delivery fee; None: all of it."""

    minor: int | None = None

    def __post_init__(self) -> None:
        _require(0 if self.minor is None else self.minor)


@dataclass(frozen=True, slots=True)
class Pays:
    """Points that pay for its lines: whole ones, in steps, up to a share of what the lines are still worth."""

    points: int
    each: int  #: what one pays, in minor units
    step: int = 1
    most_percent: int = 100

    def __post_init__(self) -> None:
        for number in (self.points, self.each, self.step, self.most_percent):
            _require(number)
        if not (self.each and self.step):
            raise ValueError("a point pays something, in steps")


Effect = PriceEach | TakeOff | Percent | Charge | DeliveryOff | Pays


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

    def __post_init__(self) -> None:
        stage = Stage(self.stage)
        if any(later <= stage for later in self.excludes):
            raise ValueError("an adjustment excludes stages that come after its own")
        for text in (self.source, self.label, self.code or ""):
            _require_text(text, _LONGEST)
        _require_text(self.reason, _LONGEST_REASON)


@dataclass(frozen=True, slots=True)
class Declined:
    """Why a code of the cart gives nothing as the cart stands."""

    code: str
    reason: str  #: for shoppers

    def __post_init__(self) -> None:
        _require_text(self.reason, _LONGEST_REASON)


Offer = Adjustment | Declined


@dataclass(frozen=True, slots=True)
class Step:
    """What became of an adjustment."""

    plugin: str
    adjustment: Adjustment
    amount: int  #: minor units; negative: taken off
    by_line: Mapping[UUID, int]  #: the same, by cart line; a delivery's has none
    applied: bool
    why_not: str | None = None  #: nothing of it was applied, or less than it says

    @property
    def kind(self) -> str:
        """Which of the totals it goes into."""
        return _KINDS.get(type(self.adjustment.effect), "DISCOUNT")


_KINDS: Mapping[type, str] = {Charge: "FEE", DeliveryOff: "DELIVERY", Pays: "POINTS"}


def _require(amount: object, *, most: int = MOST) -> None:
    """A number that is none stops the plugin here, where everybody sees whose it is."""
    if not isinstance(amount, int) or isinstance(amount, bool) or not 0 <= amount <= most:
        raise ValueError(f"{amount!r} is no whole number of 0 to {most}")


def _require_text(text: object, longest: int) -> None:
    if not isinstance(text, str) or len(text) > longest or "\x00" in text:
        raise ValueError(f"{text!r} is no text of at most {longest} characters")
