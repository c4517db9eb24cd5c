"""Goods, coupons and services for points: what each costs, and what it takes."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from core import clock, rulebook
from core.actors import system
from core.errors import DomainError, Invalid, NotFound, Stale
from core.ids import new_id
from core.inventory import OutOfStock
from core.ledger import InsufficientPoints
from core.rewards import Reward
from core.rulebook import Wanted
from hexmart.databases import Databases
from hexmart.testing import Client
from plugins.points_mall import offers, taking
from plugins.points_mall.errors import (
    PointsMallClosed,
    PointsMallElsewhere,
    PointsMallSoldOut,
    PointsMallTier,
)
from plugins.points_mall.redeeming import Delivery
from plugins.points_mall.tests.shop import ADDRESS, Shop
from schema.relay import parse
from tenants.plugins import enable
from tests.databases import plain
from tests.schema.shop import done

pytestmark = pytest.mark.anyio
MoveClock = Callable[[timedelta], Awaitable[None]]


async def test_goods_for_points_alone_are_an_order_that_costs_nothing_and_needs_no_provider(shop: Shop) -> None:
    who = await shop.member(500)
    redemption = await shop.redeem(who, await shop.goods(points=200, stock=5), 2)
    order = await shop.order(redemption)
    assert (order.payable, order.items, order.status) == (0, 3_180, "PENDING_PAYMENT")
    assert await shop.balance(who) == 100
    assert await shop.stands(redemption) == ("ORDERED", 0, 2)
    await shop.pay(who, order.id)
    await shop.delivers()
    assert (await shop.order(redemption)).status == "PAID"
    assert not await shop.audit()


async def test_goods_for_points_and_money_cost_that_money(shop: Shop) -> None:
    who = await shop.member(500)
    order = await shop.order(await shop.redeem(who, await shop.goods(points=100, minor=399), 2))
    assert (order.payable, await shop.balance(who)) == (798, 300)


async def test_goods_are_brought_where_the_member_says(shop: Shop) -> None:
    who = await shop.member()
    order = await shop.order(await shop.brought(who, await shop.goods()))
    assert (order.kind, order.payable) == ("DELIVERY", order.delivery)


async def test_the_same_key_redeems_once(shop: Shop) -> None:
    who, offer = await shop.member(), await shop.goods()
    first, second = [await shop.redeem(who, offer, key="k") for _ in range(2)]
    assert (first, await shop.balance(who)) == (second, 900)


async def test_what_is_too_little_on_the_shelf_is_not_cut_but_refused_and_nothing_is_taken(shop: Shop) -> None:
    await shop.stock_up(1)
    who, offer = await shop.member(), await shop.goods(stock=5)
    with pytest.raises(OutOfStock) as refusal:
        await shop.redeem(who, offer, 2)
    assert refusal.value.path == ("input", "quantity")
    assert ((await shop.row(offer)).taken, await shop.balance(who)) == (0, 1_000)
    assert not await shop.audit()


async def test_who_has_too_few_points_is_told_how_many_and_gets_nothing(shop: Shop) -> None:
    who = await shop.member(150)
    for offer in (await shop.goods(points=200), await shop.service(points=200)):
        with pytest.raises(InsufficientPoints) as refusal:
            await shop.redeem(who, offer)
        assert refusal.value.facts == {"needed": 200, "available": 150}
        assert ((await shop.row(offer)).taken, await shop.balance(who)) == (0, 150)


async def test_a_service_waits_for_its_code_and_is_used_once(shop: Shop) -> None:
    who = await shop.member()
    redemption = await shop.redeem(who, await shop.service(), store_id=None)
    shown = await shop.show((await shop.code(redemption)).lower())
    assert (shown.kind, shown.subject_id) == ("points_mall.appointment", redemption)
    assert (await shop.stands(redemption))[0] == "USED"
    with pytest.raises(DomainError) as refusal:
        await shop.show(await shop.code(redemption))
    assert refusal.value.code == "CODE_USED"
    assert not await shop.audit()


async def test_a_service_is_for_the_store_that_was_chosen(shop: Shop) -> None:
    redemption = await shop.redeem(await shop.member(), await shop.service())
    with pytest.raises(DomainError) as refusal:
        await shop.show(await shop.code(redemption), "S2")
    assert refusal.value.code == "POINTS_MALL_NOT_USABLE"
    assert (await shop.stands(redemption))[0] == "OPEN"


async def test_a_coupon_of_another_plugin_is_given_at_once(shop: Shop, campaign: Reward) -> None:
    who, offer = await shop.member(), await shop.offer(kind="COUPON", points=300, reward=campaign)
    redemption = await shop.redeem(who, offer)
    assert (await shop.stands(redemption), await shop.balance(who)) == (("ISSUED", 0, 1), 700)
    async with shop.work(read_only=True) as work:
        held = await work.fetch("SELECT member_id, occasion_id FROM coupons_coupon WHERE tenant_id = $1")
    assert [tuple(row) for row in held] == [(who, redemption)]
    assert not await shop.audit()


async def test_a_coupon_that_its_plugin_refuses_costs_no_points(shop: Shop, campaign: Reward) -> None:
    who, offer = await shop.member(), await shop.offer(kind="COUPON", points=300, reward=campaign)
    await shop.redeem(who, offer)
    with pytest.raises(DomainError) as refusal:
        await shop.redeem(who, offer)
    assert refusal.value.code == "COUPONS_LIMIT_REACHED"
    assert ((await shop.row(offer)).taken, await shop.balance(who)) == (1, 700)


async def test_who_may_not_have_it_is_told_why(shop: Shop) -> None:
    who, elsewhere = await shop.member(), [shop.world.store_keys["S2"]]
    refused: dict[UUID, type[DomainError]] = {
        await shop.goods(starts_at=clock.now() + timedelta(days=1)): PointsMallClosed,
        await shop.goods(tiers=["gold"]): PointsMallTier,
        await shop.goods(store_ids=elsewhere): PointsMallElsewhere,
        await shop.service(store_ids=elsewhere): PointsMallElsewhere,
        new_id(): NotFound,
    }
    for offer, refusal in refused.items():
        with pytest.raises(refusal):
            await shop.redeem(who, offer)
    assert await shop.balance(who) == 1_000


async def test_what_is_over_is_over(shop: Shop, move_clock: MoveClock) -> None:
    who = await shop.member()
    ended, due = await shop.goods(), await shop.goods(ends_at=clock.now() + timedelta(hours=1))
    async with shop.work() as work:
        await offers.end(work, ended)
    await move_clock(timedelta(hours=2))
    for offer in (ended, due):
        with pytest.raises(PointsMallClosed):
            await shop.redeem(who, offer)


async def test_a_member_of_the_tier_may_have_it(shop: Shop, databases: Databases) -> None:
    who, offer = await shop.member(), await shop.goods(tiers=["gold", "black"])
    owner = await asyncpg.connect(plain(databases.owner))
    await owner.execute("UPDATE member SET tier = 'gold' WHERE tenant_id = $1", shop.world.tenant.id)
    await owner.close()
    assert (await shop.stands(await shop.redeem(who, offer)))[0] == "ORDERED"


async def test_what_makes_no_sense_names_its_field(shop: Shop) -> None:
    who, goods, service = await shop.member(), await shop.goods(), await shop.service()
    wrong: list[tuple[UUID, int, dict[str, Any], str]] = [
        (goods, 0, {}, "quantity"),
        (service, 2, {}, "quantity"),
        (goods, 1, {"store_id": None}, "storeId"),
        (service, 1, {"delivery": Delivery(ADDRESS)}, "delivery"),
    ]
    for offer, quantity, wish, field in wrong:
        with pytest.raises(Invalid) as refusal:
            await shop.redeem(who, offer, quantity, **wish)
        assert refusal.value.path == ("input", field)


async def test_a_price_that_changes_at_that_moment_is_not_paid(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant that reads the price without holding the offer takes the old points."""
    who, offer = await shop.member(), await shop.service()
    hold = taking.hold_offers

    async def dearer(work: object, ids: object) -> object:
        found = await hold(work, ids)  # type: ignore[arg-type]  # as it is called
        found[offer].points += 1
        return found

    monkeypatch.setattr(taking, "hold_offers", dearer)
    with pytest.raises(Stale):
        await shop.redeem(who, offer)


@pytest.mark.parametrize("most", [0, 50])
async def test_a_bound_on_discounts_does_not_make_it_dearer_in_silence(shop: Shop, most: int) -> None:
    async with shop.work() as work:
        await rulebook.decide(work, Wanted(key="pricing.most_off_percent", value=most))
    who = await shop.member()
    with pytest.raises(PointsMallClosed):
        await shop.redeem(who, await shop.goods())
    assert await shop.balance(who) == 1_000


async def test_nothing_is_had_beyond_what_there_is(shop: Shop) -> None:
    who, offer = await shop.member(), await shop.goods(stock=2)
    with pytest.raises(PointsMallSoldOut) as refusal:
        await shop.redeem(who, offer, 3)
    assert refusal.value.facts == {"left": 2}


@pytest.fixture
async def campaign(shop: Shop, client: Client) -> Reward:
    """Coupons of which a member may have one."""
    shop.world.tenant = await enable(shop.platform, shop.world.tenant, system("test"), "coupons")
    owner = await client.staff(shop.world.email("owner"))
    plan = {"name": "One off", "audience": "STAFF", "terms": {"kind": "AMOUNT", "amount": "1"}, "validDays": 7}
    made = done(await owner.do("couponsCampaignCreate", {"plan": plan}, "campaign { id }"), "campaign")
    return Reward(*(parse(made["id"]) or pytest.fail("no id")))
