"""Coupons that another plugin gives: once for an occasion, within what their campaign allows."""

import pytest

from core.actors import Actor, ActorKind
from core.ids import new_id
from core.rewards import Reward
from plugins.coupons.awarding import KIND
from plugins.coupons.errors import CouponsLimitReached, CouponsSoldOut
from plugins.coupons.permissions import GRANT
from plugins.coupons.tests.shop import FIVE_OFF, Shop

pytestmark = pytest.mark.anyio


async def test_a_campaign_is_known_by_its_type_while_it_gives_coupons_to_whoever_is_chosen(shop: Shop) -> None:
    campaign = await shop.campaign(audience="STAFF")
    unknown = [
        Reward(KIND, new_id()),
        Reward("Product", campaign),
        Reward(KIND, await shop.campaign(audience="AFTER_SALE")),
    ]
    async with shop.work() as work:
        assert await work.hooks.name_reward(work, Reward(KIND, campaign)) == FIVE_OFF.label
        assert [await work.hooks.name_reward(work, one) for one in unknown] == [None] * 3
        assert await work.hooks.issue_reward(work, unknown[0], await shop.member(), new_id()) is None


async def test_whoever_may_not_give_coupons_has_no_other_plugin_give_them(shop: Shop) -> None:
    reward = Reward(KIND, await shop.campaign(audience="STAFF"))
    for grants, known in (({GRANT.name: None}, FIVE_OFF.label), ({}, None)):
        async with shop.work(Actor(ActorKind.STAFF, new_id(), grants=grants)) as work:
            assert await work.hooks.name_reward(work, reward) == known


async def test_a_member_is_given_one_within_the_limits_of_the_campaign(shop: Shop) -> None:
    first, second = await shop.members(2)
    reward, occasion = Reward(KIND, await shop.campaign(audience="STAFF", total=1)), new_id()
    async with shop.work() as work:
        assert await work.hooks.issue_reward(work, reward, first, occasion) == FIVE_OFF.label
    for who, refusal in ((first, CouponsLimitReached), (second, CouponsSoldOut)):
        async with shop.work() as work:
            with pytest.raises(refusal):
                await work.hooks.issue_reward(work, reward, who, new_id())
    assert await shop.value("SELECT count(*) FROM coupons_coupon WHERE tenant_id = $1 AND origin = 'REWARD'") == 1
