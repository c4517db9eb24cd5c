"""How a basket stands between two adjustments."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from core.pricing.adjustments import Adjustment, DeliveryOff, Pays, PriceEach, Stage, Step
from core.pricing.basket import Basket, BasketLine
from core.pricing.effects import Amounts, amounts, at_most

_NOT_THERE = "None of its goods are in the cart."
_CLOSED = "Another offer for its goods lets nothing else apply to them."
_CHEAPER = "Its goods cost no more than that already."
_NOTHING = "It comes to nothing here."
_NO_DELIVERY = "There is no delivery to pay for."
_CUT = "No more than {percent} % may come off the goods."


@dataclass(frozen=True, slots=True)
class Standing:
    """What each line is still worth, what delivery costs, and what may still come off."""

    basket: Basket
    left: dict[UUID, int]
    delivery: int
    allowed: int  #: minor units that may still come off
    most_off_percent: int
    closed: frozenset[tuple[UUID, Stage]] = frozenset()  #: lines to which a stage does not apply

    @classmethod
    def of(cls, basket: Basket, *, delivery: int, most_off_percent: int) -> "Standing":
        """The beginning."""
        allowed = basket.items * most_off_percent // 100
        return cls(basket, {line.id: line.total for line in basket.lines}, delivery, allowed, most_off_percent)

    def take(self, plugin: str, adjustment: Adjustment) -> tuple["Standing", Step]:
        """How it stands after an adjustment, and what became of that."""
        if isinstance(adjustment.effect, DeliveryOff):
            return self._bring_for_less(plugin, adjustment, adjustment.effect)
        meant = [line for line in self.basket.lines if adjustment.lines is None or line.id in adjustment.lines]
        lines = [line for line in meant if (line.id, adjustment.stage) not in self.closed]
        if not lines:
            return self, refused(plugin, adjustment, _CLOSED if meant else _NOT_THERE)
        wanted = amounts(adjustment.effect, lines, self.left)
        paid = isinstance(adjustment.effect, Pays)  # which is no discount, and not bounded as one
        changes = wanted if paid else at_most(wanted, self.allowed)
        cut = _CUT.format(percent=self.most_off_percent) if changes is not wanted else None
        if not any(changes.values()):
            nothing = _CHEAPER if isinstance(adjustment.effect, PriceEach) else _NOTHING
            return self, refused(plugin, adjustment, cut or nothing)
        return self._after(adjustment, lines, changes), _applied(plugin, adjustment, changes, cut)

    def _bring_for_less(self, plugin: str, adjustment: Adjustment, effect: DeliveryOff) -> tuple["Standing", Step]:
        off = self.delivery if effect.minor is None else min(effect.minor, self.delivery)
        if not off:
            return self, refused(plugin, adjustment, _NO_DELIVERY if not self.delivery else _NOTHING)
        return replace(self, delivery=self.delivery - off), Step(plugin, adjustment, -off, {}, applied=True)

    def _after(self, adjustment: Adjustment, lines: Sequence[BasketLine], changes: Amounts) -> "Standing":
        """A price that changes nothing for a line closes it to nobody."""
        its = [line.id for line in lines if changes[line.id] or not isinstance(adjustment.effect, PriceEach)]
        return replace(
            self,
            left=self.left | {key: self.left[key] + change for key, change in changes.items()},
            allowed=self.allowed - max(-sum(changes.values()), 0),
            closed=self.closed | {(key, later) for key in its for later in adjustment.excludes},
        )


def refused(plugin: str, adjustment: Adjustment, why_not: str) -> Step:
    """An adjustment of which nothing was applied."""
    return Step(plugin, adjustment, 0, {}, applied=False, why_not=why_not)


def _applied(plugin: str, adjustment: Adjustment, changes: Amounts, cut: str | None) -> Step:
    by_line = {key: change for key, change in changes.items() if change}
    return Step(plugin, adjustment, sum(by_line.values()), by_line, applied=True, why_not=cut)
