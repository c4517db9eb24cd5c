"""From a basket and what plugins offer for it to what is to be paid: ordered, bounded, split and explained."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from core.pricing.adjustments import Adjustment, Declined, Offer, Step
from core.pricing.basket import Basket
from core.pricing.rules import PricingRules
from core.pricing.stacking import Candidate, choose
from core.pricing.standing import Standing
from core.pricing.totals import Totals, totals_of


@dataclass(frozen=True, slots=True)
class Priced:
    """What a basket costs, and how that came about."""

    totals: Totals
    paid: Mapping[UUID, int]  #: what each line is paid with, fees among it; minor units
    steps: tuple[Step, ...] = ()
    declined: Mapping[str, str] = field(default_factory=dict)  #: by code, why it gives nothing


def price(
    basket: Basket, offers: Iterable[tuple[str, Sequence[Offer]]], rules: PricingRules, *, delivery: int
) -> Priced:
    """Apply offers stage by stage; in which order plugins were asked makes no difference."""
    given = [(plugin, offer) for plugin, some in offers for offer in some]
    candidates = [Candidate(plugin, offer) for plugin, offer in given if isinstance(offer, Adjustment)]
    standing = Standing.of(basket, delivery=delivery, most_off_percent=rules.most_off_percent)
    steps: list[Step] = []
    for stage in sorted({one.adjustment.stage for one in candidates}):
        standing, taken = choose(standing, [one for one in candidates if one.adjustment.stage == stage])
        steps += taken
    return Priced(
        totals=_totals(basket, standing, steps),
        paid=standing.left,
        steps=tuple(steps),
        declined={offer.code: offer.reason for _, offer in given if isinstance(offer, Declined)},
    )


def _totals(basket: Basket, standing: Standing, steps: Sequence[Step]) -> Totals:
    return totals_of(
        basket.currency,
        items=basket.items,
        discounts=-sum(step.amount for step in steps if step.kind == "DISCOUNT"),
        fees=sum(step.amount for step in steps if step.kind == "FEE"),
        delivery=standing.delivery,
        points=-sum(step.amount for step in steps if step.kind == "POINTS"),
    )
