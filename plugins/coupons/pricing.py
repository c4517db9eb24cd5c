"""What coupons give carts: those whose codes the shopper has put on them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from core import catalog
from core.catalog import CategoryRow
from core.ids import new_id
from core.pricing import Basket, Declined, Offer
from core.work import Work
from plugins.coupons import claiming, codes, queries
from plugins.coupons.errors import CouponsNotUsable, CouponsSignInFirst
from plugins.coupons.judging import Families, judge, why_not_now
from plugins.coupons.rows import CouponRow

PLUGIN_NAME = "coupons"
_FOREIGN = "It is no coupon of yours."
_GUEST = "Sign in to use it."
_TWICE = "It stands for a coupon that is on the cart already."
_PATH = ("input", "code")


@dataclass(slots=True)
class _Asked:
    """A code of a cart, and the member's coupons that it stands for."""

    basket: Basket
    code: str
    coupons: list[CouponRow] = field(default_factory=list)

    @property
    def coupon(self) -> CouponRow | None:
        """One that can still be used, where there is one: a word may have been turned into several."""
        ordered = sorted(self.coupons, key=lambda coupon: (coupon.state != "UNUSED", coupon.valid_until, coupon.id))
        return ordered[0] if ordered else None


async def offers(work: Work, baskets: Sequence[Basket]) -> list[list[Offer]]:
    """What the coupons on each cart give, or why they give nothing; nothing is read where there are none."""
    asked = [_Asked(basket, code) for basket in baskets for code in basket.codes_of(PLUGIN_NAME)]
    await _find(work, asked)
    families = await families_for(work, [one.coupon for one in asked])
    by_cart: dict[UUID, list[Offer]] = {basket.cart_id: [] for basket in baskets}
    seen: set[tuple[UUID, UUID]] = set()
    for one in asked:
        by_cart[one.basket.cart_id].append(_offer(work, one, families, seen))
    return [by_cart[basket.cart_id] for basket in baskets]


def _offer(work: Work, one: _Asked, families: Families, seen: set[tuple[UUID, UUID]]) -> Offer:
    coupon = one.coupon
    if coupon is None:
        return Declined(one.code, _GUEST if one.basket.member_id is None else _FOREIGN)
    if (one.basket.cart_id, coupon.id) in seen:
        return Declined(one.code, _TWICE)
    seen.add((one.basket.cart_id, coupon.id))
    verdict = judge(work, coupon, one.basket, families, one.code)
    return verdict.adjustment or Declined(one.code, verdict.reason or _FOREIGN)


async def _find(work: Work, asked: Sequence[_Asked]) -> None:
    """Give each code its coupons."""
    own = [(place, one) for place, one in enumerate(asked) if one.basket.member_id is not None]
    if own:
        indexes = [codes.index_of(work, one.code) for _, one in own]
        holders = [one.basket.member_id for _, one in own]
        for record in await work.fetch(queries.OF_CODES, [place for place, _ in own], indexes, holders):
            place, *columns = record
            asked[place].coupons.append(CouponRow(*columns))


async def families_for(work: Work, coupons: Iterable[CouponRow | None]) -> Families:
    """How categories stand below each other, where any of the coupons has to know."""
    if not any(coupon is not None and coupon.terms.category_ids for coupon in coupons):
        return {}
    found = {row.id: row for row in await catalog.categories(work)}
    return {key: _upward(key, found) for key in found}


def _upward(key: UUID, found: Mapping[UUID, CategoryRow]) -> tuple[UUID, ...]:
    way: list[UUID] = []
    at: UUID | None = key
    while at is not None and at not in way:
        way.append(at)
        at = found[at].parent_id if at in found else None
    return tuple(way)


async def over(work: Work, baskets: Sequence[Basket]) -> list[CouponRow | None]:
    """Of each cart a coupon whose code is on it and that nobody can use any more."""
    asked = [_Asked(basket, code) for basket in baskets for code in basket.codes_of(PLUGIN_NAME)]
    await _find(work, asked)
    found: dict[UUID, CouponRow] = {}
    for one in asked:
        if one.coupon is not None and why_not_now(work, one.coupon, waiting=True):
            found.setdefault(one.basket.cart_id, one.coupon)
    return [found.get(basket.cart_id) for basket in baskets]


async def redeem(work: Work, basket: Basket, code: str) -> str | None:
    """What a code is called, if it is a coupon of the cart's member, or one that turns into one."""
    index = codes.index_of(work, code)
    coupon = await queries.by_code(work, index)
    if coupon is not None:
        return _usable(work, coupon) if coupon.member_id == basket.member_id else None
    known = await claiming.find(work, code)
    if known is None:
        return None
    if basket.member_id is None:
        raise CouponsSignInFirst(path=_PATH)
    before = [_Asked(basket, code)]
    await _find(work, before)
    if not any(one.state == "UNUSED" for one in before[0].coupons):
        await claiming.turn_into_coupon(work, known, basket.member_id, new_id())
        await _find(work, before)
    found = before[0].coupon
    assert found is not None, "a code that was just turned into a coupon"
    return found.terms.label


def _usable(work: Work, coupon: CouponRow) -> str:
    """What a coupon is called, unless it can never be used."""
    reason = why_not_now(work, coupon, waiting=True)
    if reason is not None:
        raise CouponsNotUsable(reason=reason, path=_PATH)
    return coupon.terms.label
