"""Why a member does not get something for points."""

from collections.abc import Iterator

from core.errors import DomainError, Stale
from plugins.points_mall.errors import (
    PointsMallClosed,
    PointsMallElsewhere,
    PointsMallLimit,
    PointsMallSoldOut,
    PointsMallTier,
)
from plugins.points_mall.rows import OfferRow
from plugins.points_mall.wants import Share, Want

PATH = ("input", "offerId")
_STORE = ("input", "storeId")
_QUANTITY = ("input", "quantity")


def why_not(offer: OfferRow, share: Share, want: Want, *, taken: int, had: int) -> DomainError | None:
    """The first reason against it, None where there is none; so many were taken and had by the wants before it."""
    reasons = (
        _of_the_offer(offer, share, want),
        _of_the_stock(offer, want, taken),
        _of_the_member(offer, share, want, had),
    )
    return next((reason for some in reasons for reason in some), None)


def _of_the_offer(offer: OfferRow, share: Share, want: Want) -> Iterator[DomainError]:
    """What was had before, and is paid for after all, was promised: its offer may be over by now."""
    if want.turn:
        return
    if offer.why_closed is not None:
        yield PointsMallClosed(reason=offer.why_closed, path=PATH)
    if (offer.points, offer.minor) != (want.points, want.minor):
        yield Stale(path=PATH)
    if offer.tiers and share.tier not in offer.tiers:
        yield PointsMallTier(tiers=", ".join(offer.tiers), path=PATH)
    if want.store_id is not None and not offer.at(want.store_id):
        yield PointsMallElsewhere(path=_STORE)


def _of_the_stock(offer: OfferRow, want: Want, taken: int) -> Iterator[DomainError]:
    if offer.left is not None and want.quantity > offer.left - taken:
        yield PointsMallSoldOut(left=max(offer.left - taken, 0), path=_QUANTITY)


def _of_the_member(offer: OfferRow, share: Share, want: Want, had: int) -> Iterator[DomainError]:
    if offer.per_member is not None and share.taken + had + want.quantity > offer.per_member:
        yield PointsMallLimit(most=offer.per_member, span="in all", path=_QUANTITY)
    if offer.per_day is not None and share.today + had + want.quantity > offer.per_day:
        yield PointsMallLimit(most=offer.per_day, span="a day", path=_QUANTITY)
