"""Whether a coupon can be used, and what it gives a basket; the reasons are for shoppers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from core import clock
from core.pricing import Adjustment, Basket, BasketLine, DeliveryOff, Effect, Percent, Stage, TakeOff
from core.work import Work
from plugins.coupons.rows import CouponRow
from plugins.coupons.terms import Terms, spoken

Families = Mapping[UUID, tuple[UUID, ...]]  #: of each category itself and all that it stands below

_OVER = {
    "TAKEN": "It is in another order already.",
    "USED": "It was used already.",
    "EXPIRED": "Its time is over.",
    "GIVEN": "It was given away.",
    "REVOKED": "It was withdrawn.",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a coupon gives a basket, or why it gives nothing."""

    adjustment: Adjustment | None
    reason: str | None = None


def judge(work: Work, coupon: CouponRow, basket: Basket, families: Families, code: str | None = None) -> Verdict:
    """What a coupon gives a basket as it stands."""
    terms, lines = coupon.terms, [line for line in basket.lines if _is_for(coupon.terms, line, families)]
    reason = (
        why_not_now(work, coupon)
        or _why_not_here(terms, basket)
        or why_not_for(terms, coupon.tier)
        or _why_not_with(terms, basket, lines)
    )
    if reason is not None:
        return Verdict(None, reason)
    scope = frozenset(line.id for line in lines) if terms.is_scoped else None
    stage = Stage.DELIVERY if terms.kind == "FREE_DELIVERY" else Stage.COUPON
    return Verdict(
        Adjustment(
            stage=stage,
            source=f"coupons.{coupon.campaign_id}",
            label=terms.label,
            reason=f"coupon {coupon.id}",
            effect=_effect(terms),
            lines=None if stage == Stage.DELIVERY else scope,
            code=code,
            alone=not terms.stackable,
            subject_id=coupon.id,
        )
    )


def why_not_now(work: Work, coupon: CouponRow, *, waiting: bool = False) -> str | None:
    """Why a coupon cannot be used by anybody anywhere; one may wait for its time to come."""
    if coupon.state in _OVER:
        return _OVER[coupon.state]
    if coupon.valid_from > clock.now() and not waiting:
        return f"It can be used from {_spoken(work, coupon.valid_from)}."
    return None


def why_not_for(terms: Terms, tier: str | None) -> str | None:
    """Why a member of such a standing cannot use it."""
    if terms.tiers and tier not in terms.tiers:
        return f"It is for members who are {' or '.join(terms.tiers)}."
    return None


def why_not_at(terms: Terms, store_id: UUID | None) -> str | None:
    """Why a store does not take it."""
    if terms.store_ids and store_id not in terms.store_ids:
        return (
            "This store does not take it." if store_id is not None else "Choose a store first: not every one takes it."
        )
    return None


def why_not_worth(terms: Terms, worth: int) -> str | None:
    """Why goods of such a value are not enough."""
    if worth < terms.minimum_spend:
        return f"{spoken(terms.minimum_spend - worth, terms.currency)} more of the goods it is for are needed."
    return None


def _why_not_here(terms: Terms, basket: Basket) -> str | None:
    if terms.channel == "COUNTER":
        return "It is taken at a store's counter, and not in a cart."
    if terms.fulfilments and basket.fulfilment not in terms.fulfilments:
        return f"It is good for {' and '.join(terms.fulfilments)} alone."
    if terms.currency != basket.currency:
        return f"It is in {terms.currency}."
    return why_not_at(terms, basket.store_id)


def _why_not_with(terms: Terms, basket: Basket, lines: list[BasketLine]) -> str | None:
    """The minimum is measured on what the goods cost before anything is taken off."""
    if not lines:
        return "None of the goods it is for are in the cart." if basket.lines else "The cart is empty."
    return why_not_worth(terms, sum(max(line.total, 0) for line in lines))


def _is_for(terms: Terms, line: BasketLine, families: Families) -> bool:
    above = families.get(line.category_id, (line.category_id,)) if line.category_id is not None else ()
    return terms.is_for(line.product_id, above)


def _effect(terms: Terms) -> Effect:
    if terms.kind == "FREE_DELIVERY":
        return DeliveryOff(terms.most)
    return TakeOff(terms.off) if terms.kind == "AMOUNT" else Percent(terms.basis_points, terms.most)


def _spoken(work: Work, moment: datetime) -> str:
    return f"{moment.astimezone(ZoneInfo(work.brand.time_zone)):%Y-%m-%d %H:%M}"
