"""How good a store is for a shopper, as a sum of reasons."""

from dataclasses import dataclass, replace
from math import isnan
from uuid import UUID

from core.money import Money
from core.stores import StoreRow, StoreRules


@dataclass(frozen=True, slots=True)
class RankReason:
    factor: str
    value: float  #: 0 to 1
    weight: float
    text: str

    @property
    def bounded(self) -> "RankReason":
        """The same with value and weight from 0 to 1: a plugin's measure is one among others."""
        return replace(self, value=_bounded(self.value), weight=_bounded(self.weight))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A store as plugins see it that have a say in the ranking."""

    store_id: UUID
    distance_meters: int
    has_all_items: bool
    fulfilment: str | None  #: how the shopper wants it, where that was said


@dataclass(slots=True)
class StoreMatch:
    store: StoreRow
    distance_meters: int
    open: bool
    delivers: bool
    has_all_items: bool
    delivery_fee: Money | None
    ready_in_minutes: int | None
    reasons: list[RankReason]

    @property
    def score(self) -> float:
        """The weighted mean of the reasons, 0 to 1."""
        weights = sum(reason.weight for reason in self.reasons)
        return round(sum(r.value * r.weight for r in self.reasons) / weights, 4) if weights else 0.0


def reasons(
    *,
    rules: StoreRules,
    distance: float,
    radius: int,
    open_now: bool,
    share_in_stock: float | None,
    rating: float | None,
) -> list[RankReason]:
    """Why a store stands where it stands; what was not asked for or is not known gives no reason."""
    found = [
        RankReason("distance", round(1 - distance / radius, 4), rules.distance_weight, _away(distance)),
        RankReason("open", float(open_now), rules.open_weight, "open now" if open_now else "closed now"),
    ]
    if share_in_stock is not None:
        text = "has everything" if share_in_stock == 1 else f"has {share_in_stock:.0%} of the items"
        found.append(RankReason("stock", round(share_in_stock, 4), rules.stock_weight, text))
    if rating is not None:
        found.append(RankReason("rating", round(rating / 5, 4), rules.rating_weight, f"rated {rating:.1f} of 5"))
    return found


def _away(meters: float) -> str:
    return f"{meters:.0f} m away" if meters < 1_000 else f"{meters / 1_000:.1f} km away"


def _bounded(number: float) -> float:
    return 0.0 if isnan(number) else min(max(float(number), 0.0), 1.0)
