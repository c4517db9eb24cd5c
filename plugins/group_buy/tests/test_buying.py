"""Opening teams, joining them, and what an order costs there."""

from uuid import UUID

import pytest

from core import carts
from core.errors import DomainError
from plugins.group_buy.errors import (
    GroupBuyAlone,
    GroupBuyClosed,
    GroupBuyElsewhere,
    GroupBuyFull,
    GroupBuyLimit,
    GroupBuyMember,
    GroupBuyNewMembers,
    GroupBuyOver,
    GroupBuyQuantity,
    GroupBuySeated,
    GroupBuySoldOut,
)
from plugins.group_buy.tests.shop import BREAD, LEADER_PRICE, MILK, PRICE, Money, Shop

pytestmark = pytest.mark.anyio


async def refusal_of(shop: Shop, **asked: UUID) -> type[DomainError]:
    """Why somebody new may not mark a cart with a litre of milk."""
    who = await shop.shopper()
    with pytest.raises(DomainError) as caught:
        await shop.ask(who, await shop.cart(who), **asked)  # type: ignore[arg-type]  # campaign or team
    return caught.type


async def test_a_full_team_succeeds_and_its_orders_are_let_go(shop: Shop) -> None:
    campaign = await shop.campaign()
    leader, second, third = await shop.crowd(3)
    team, first = await shop.opens(leader, campaign)
    joined = [await shop.joins(second, team), await shop.joins(third, team, pays=False)]
    await shop.delivers()
    assert (await shop.team(team)).state == "FORMING"
    assert [await shop.held(order) for order in (first, *joined)] == [True, True, True]
    await shop.pays(third, joined[1])
    await shop.delivers()
    found = await shop.team(team)
    assert (found.state, found.paid, found.missing) == ("SUCCEEDED", 3, 0)
    assert [await shop.held(order) for order in (first, *joined)] == [False, False, False]
    assert [await shop.money(order) for order in (first, *joined)] == [
        Money(LEADER_PRICE, 0, 0),
        Money(PRICE, 0, 0),
        Money(PRICE, 0, 0),
    ]


async def test_a_team_that_is_full_but_not_paid_for_has_not_succeeded(shop: Shop) -> None:
    """litemall #159: a group that was not complete was carried out."""
    campaign = await shop.campaign({2: PRICE})
    leader, second = await shop.crowd(2)
    team, order = await shop.opens(leader, campaign)
    await shop.joins(second, team, pays=False)
    await shop.delivers()
    found = await shop.team(team)
    assert (found.state, found.paid, found.reserved, found.missing) == ("FORMING", 1, 1, 0)
    assert await shop.held(order)


async def test_a_team_that_nobody_has_paid_for_is_open_and_not_forming(shop: Shop) -> None:
    leader = await shop.shopper()
    team, _ = await shop.opens(leader, await shop.campaign(), pays=False)
    assert (await shop.team(team)).state == "OPEN"


async def test_a_larger_team_pays_the_price_of_its_rung(shop: Shop) -> None:
    campaign = await shop.campaign({2: 1400, 5: 1190})
    leader, second = await shop.crowd(2)
    team, order = await shop.opens(leader, campaign, size=5)
    assert (await shop.money(order)).paid == LEADER_PRICE
    assert (await shop.money(await shop.joins(second, team))).paid == 1190
    small, order = await shop.opens(second, campaign, size=2)
    assert ((await shop.team(small)).size, (await shop.money(order)).paid) == (2, 1400)


async def test_a_size_that_no_price_is_named_for_is_refused(shop: Shop) -> None:
    campaign, who = await shop.campaign({3: PRICE}), await shop.shopper()
    with pytest.raises(DomainError, match="Teams here are of 3 members"):
        await shop.ask(who, await shop.cart(who), campaign=campaign, size=4)


async def test_a_marked_cart_costs_what_the_group_pays_until_it_is_bought_alone(shop: Shop) -> None:
    campaign, who = await shop.campaign(), await shop.shopper()
    cart_id = await shop.cart(who, {MILK: 2})
    before = await payable(shop, cart_id)
    await shop.ask(who, cart_id, campaign=campaign)
    assert (before, await payable(shop, cart_id)) == ((2 * 1590, 1), (2 * LEADER_PRICE, 2))
    await shop.forget(who, cart_id)
    assert await payable(shop, cart_id) == (2 * 1590, 3)


async def payable(shop: Shop, cart_id: UUID) -> tuple[int, int]:
    """What a cart costs, and its version."""
    async with shop.work(read_only=True) as work:
        cart = (await carts.by_ids(work, [cart_id]))[0]
    assert cart is not None
    assert cart.totals is not None
    return cart.totals.payable.minor, cart.version


async def test_whoever_sits_in_a_team_does_not_join_it_again(shop: Shop) -> None:
    leader = await shop.shopper()
    team, _ = await shop.opens(leader, await shop.campaign())
    with pytest.raises(GroupBuySeated):
        await shop.ask(leader, await shop.cart(leader), team=team)


async def test_a_cart_marked_before_the_place_was_taken_is_refused_when_it_is_ordered(shop: Shop) -> None:
    campaign = await shop.campaign({2: PRICE})
    leader, second, third = await shop.crowd(3)
    team, _ = await shop.opens(leader, campaign)
    waiting = [await shop.cart(who) for who in (second, second, third)]
    for who, cart_id in zip((second, second, third), waiting, strict=True):
        await shop.ask(who, cart_id, team=team)
    assert isinstance(await shop.order(second, waiting[0]), UUID)
    assert isinstance(await shop.order(second, waiting[1]), GroupBuySeated)
    assert isinstance(await shop.order(third, waiting[2]), GroupBuyFull)


async def test_a_full_team_and_a_team_whose_time_is_up_take_nobody(shop: Shop) -> None:
    campaign = await shop.campaign({2: PRICE})
    leader, second = await shop.crowd(2)
    full, _ = await shop.opens(leader, campaign)
    await shop.joins(second, full)
    assert await refusal_of(shop, team=full) is GroupBuyFull
    late, _ = await shop.opens(leader, campaign)
    await shop.expire(late)
    assert await refusal_of(shop, team=late) is GroupBuyClosed


async def test_an_order_is_for_what_the_campaign_sells_and_for_no_more_than_it_allows(shop: Shop) -> None:
    campaign, who = await shop.campaign(quantity_per_order=2), await shop.shopper()
    for wanted, kind in (
        ({MILK: 3}, GroupBuyQuantity),
        ({MILK: 1, BREAD: 1}, GroupBuyAlone),
        ({BREAD: 1}, GroupBuyAlone),
    ):
        with pytest.raises(kind):
            await shop.ask(who, await shop.cart(who, wanted), campaign=campaign)


async def test_what_is_put_into_a_marked_cart_afterwards_is_seen_when_it_is_ordered(shop: Shop) -> None:
    campaign, who = await shop.campaign(), await shop.shopper()
    cart_id = await shop.cart(who)
    await shop.ask(who, cart_id, campaign=campaign)
    async with shop.work(who) as work:
        await carts.add_lines(work, cart_id, [(shop.world.variant_keys[BREAD], 1)])
    assert isinstance(await shop.order(who, cart_id), GroupBuyAlone)


async def test_a_campaign_of_one_store_is_had_at_no_other(shop: Shop) -> None:
    campaign, who = await shop.campaign(store_ids=[shop.world.store_keys["S1"]]), await shop.shopper()
    with pytest.raises(GroupBuyElsewhere):
        await shop.ask(who, await shop.cart(who, store="S2"), campaign=campaign)
    await shop.ask(who, await shop.cart(who, store="S1"), campaign=campaign)


async def test_a_team_of_one_store_is_joined_there_alone(shop: Shop) -> None:
    leader, second = await shop.crowd(2)
    team, _ = await shop.opens(leader, await shop.campaign(per_store=True))
    with pytest.raises(GroupBuyElsewhere):
        await shop.ask(second, await shop.cart(second, store="S2"), team=team)
    await shop.joins(second, team)


async def test_new_members_join_whom_an_old_one_leads(shop: Shop) -> None:
    old, newcomer = await shop.crowd(2)
    await shop.pays(old, await shop.buys_alone(old))
    team, _ = await shop.opens(old, await shop.campaign(new_members_only=True))
    await shop.joins(newcomer, team)
    other = await shop.shopper()
    await shop.pays(other, await shop.buys_alone(other))
    with pytest.raises(GroupBuyNewMembers):
        await shop.ask(other, await shop.cart(other), team=team)


async def test_whoever_has_cancelled_all_they_bought_is_new(shop: Shop) -> None:
    leader, other = await shop.crowd(2)
    team, _ = await shop.opens(leader, await shop.campaign(new_members_only=True))
    order = await shop.buys_alone(other)
    await shop.pays(other, order)
    await shop.cancels(other, order)
    await shop.joins(other, team)


async def test_a_limit_counts_for_a_member_without_earlier_orders(shop: Shop) -> None:
    """yudao passes over the limit of whoever has no earlier record."""
    campaign, who = await shop.campaign(orders_per_member=1), await shop.shopper()
    await shop.opens(who, campaign)
    with pytest.raises(GroupBuyLimit, match="1 times"):
        await shop.ask(who, await shop.cart(who), campaign=campaign)


async def test_a_place_that_was_given_back_does_not_count_against_the_limit(shop: Shop) -> None:
    campaign, who = await shop.campaign(orders_per_member=1), await shop.shopper()
    _, order = await shop.opens(who, campaign, pays=False)
    await shop.cancels(who, order)
    await shop.opens(who, campaign)


async def test_what_is_left_of_the_campaign_bounds_an_order(shop: Shop) -> None:
    campaign, who = await shop.campaign(stock=3), await shop.shopper()
    with pytest.raises(GroupBuySoldOut, match="only 3 are left"):
        await shop.ask(who, await shop.cart(who, {MILK: 4}), campaign=campaign)


async def test_a_marked_cart_is_ordered_by_whoever_marked_it(shop: Shop) -> None:
    campaign, (who, other) = await shop.campaign(), await shop.crowd(2)
    async with shop.work() as work:
        lines = [(shop.world.variant_keys[MILK], 1)]
        store_id = shop.world.store_keys["S1"]
        cart, _ = await carts.create(work, store_id=store_id, fulfilment="PICKUP", member_id=None, wanted=lines)
    await shop.ask(who, cart.id, campaign=campaign)
    assert isinstance(await shop.order(other, cart.id), GroupBuyMember)
    assert isinstance(await shop.order(who, cart.id), UUID)


async def test_a_team_may_be_joined_after_its_campaign_has_ended_until_its_own_end(shop: Shop) -> None:
    """lilishop computes a team's end from the activity's start."""
    campaign, who = await shop.campaign(), await shop.shopper()
    team, _ = await shop.opens(who, campaign)
    await shop.end_campaign(campaign)
    assert await refusal_of(shop, campaign=campaign) is GroupBuyOver
    await shop.joins(await shop.shopper(), team)
    await shop.decide(join_after_end=False)
    assert await refusal_of(shop, team=team) is GroupBuyOver


async def test_a_campaign_that_is_switched_off_takes_nobody(shop: Shop) -> None:
    campaign, who = await shop.campaign(), await shop.shopper()
    team, _ = await shop.opens(who, campaign)
    await shop.change(campaign, active=False)
    assert await refusal_of(shop, team=team) is GroupBuyOver
