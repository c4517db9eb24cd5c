"""A group's price among other prices: what it shuts out, and what may be better than it."""

from collections.abc import Sequence
from uuid import UUID

import pytest

from core import carts
from core.carts import CartRow
from core.hooks import hookimpl
from core.pricing import Adjustment, Basket, Percent, Stage
from core.work import Work
from hexmart.testing import UsePlugins
from plugins.group_buy.tests.shop import LEADER_PRICE, MILK, PRICE, Shop

pytestmark = pytest.mark.anyio


class HalfOff:
    """A coupon that everybody has."""

    @hookimpl
    async def adjust_prices(self, work: Work, baskets: Sequence[Basket]) -> Sequence[Sequence[Adjustment]]:
        return [[self._half(work)] for _ in baskets]

    def _half(self, work: Work) -> Adjustment:
        reason = f"at {work.brand.slug}"
        return Adjustment(stage=Stage.COUPON, source="half_off", label="-50 %", reason=reason, effect=Percent(5_000))


async def priced(shop: Shop, cart_id: UUID) -> CartRow:
    async with shop.work(read_only=True) as work:
        cart = (await carts.by_ids(work, [cart_id]))[0]
    assert cart is not None
    return cart


async def payable(shop: Shop, cart_id: UUID) -> int:
    totals = (await priced(shop, cart_id)).totals
    assert totals is not None
    return totals.payable.minor


async def test_coupons_do_not_apply_to_a_group_s_price_unless_the_rule_says_so(
    shop: Shop, use_plugins: UsePlugins
) -> None:
    await use_plugins(half_off=HalfOff())
    campaign, who = await shop.campaign(), await shop.shopper()
    cart_id = await shop.cart(who)
    assert await payable(shop, cart_id) == 1590 // 2
    await shop.ask(who, cart_id, campaign=campaign)
    assert await payable(shop, cart_id) == LEADER_PRICE
    await shop.decide(coupons_too=True)
    assert await payable(shop, cart_id) == LEADER_PRICE // 2


async def test_a_store_that_is_cheaper_stays_so(shop: Shop) -> None:
    campaign, who = await shop.campaign({2: 5000}), await shop.shopper()
    cart_id = await shop.cart(who)
    await shop.ask(who, cart_id, campaign=campaign)
    assert await payable(shop, cart_id) == 1590


async def test_the_price_says_which_team_and_campaign_it_comes_from(shop: Shop) -> None:
    campaign, who = await shop.campaign({4: PRICE}), await shop.shopper()
    cart_id = await shop.cart(who, {MILK: 2})
    await shop.ask(who, cart_id, campaign=campaign)
    cart = await priced(shop, cart_id)
    assert cart.priced is not None
    [step] = cart.priced.steps
    assert (step.amount, step.adjustment.subject_id) == (2 * (LEADER_PRICE - 1590), campaign)
    assert step.adjustment.reason == f"The price of a team of 4 in campaign {campaign}."


async def test_a_cart_whose_team_has_filled_up_is_refused_and_never_charged_in_full(shop: Shop) -> None:
    leader, second, third = await shop.crowd(3)
    team, _ = await shop.opens(leader, await shop.campaign({2: PRICE}))
    cart_id = await shop.cart(third)
    await shop.ask(third, cart_id, team=team)
    await shop.joins(second, team)
    assert await payable(shop, cart_id) == PRICE
    assert not isinstance(await shop.order(third, cart_id), UUID)
