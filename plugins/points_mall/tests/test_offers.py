"""Offers as staff make them: what makes no sense is refused by the field, what was had stays as it was."""

from collections.abc import Mapping
from typing import Any

import pytest

from core.actors import Actor, ActorKind
from core.errors import Invalid, NotFound
from core.ids import new_id
from core.rewards import Reward
from plugins.points_mall import offers
from plugins.points_mall.offers import MOST_NAMED, Plan
from plugins.points_mall.permissions import MANAGE
from plugins.points_mall.tests.shop import Shop

pytestmark = pytest.mark.anyio
SERVICE: dict[str, Any] = {"kind": "SERVICE", "name": "A polish", "points": 10, "valid_days": 7}
WRONG: Mapping[str, tuple[dict[str, Any], str]] = {
    "no points": ({"points": 0}, "points"),
    "none of it": ({"stock": 0}, "stock"),
    "none for a member": ({"per_member": 0}, "perMember"),
    "none in a day": ({"per_day": -1}, "perDay"),
    "no time": ({"valid_days": 0}, "validDays"),
    "a service of goods": ({"variant_id": new_id()}, "variantId"),
    "a service that waits for ever": ({"valid_days": None}, "validDays"),
    "goods of nothing": ({"kind": "GOODS", "valid_days": None}, "variantId"),
    "a coupon of nothing": ({"kind": "COUPON", "valid_days": None}, "rewardId"),
    "a service for money": ({"minor": 1}, "cash"),
    "too many tiers": ({"tiers": ["x"] * (MOST_NAMED + 1)}, "tiers"),
}
UNKNOWN: Mapping[str, tuple[dict[str, Any], str]] = {
    "a store": ({"store_ids": [new_id()]}, "storeIds"),
    "goods": ({"kind": "GOODS", "valid_days": None, "variant_id": new_id()}, "variantId"),
    "a coupon": ({"kind": "COUPON", "valid_days": None, "reward": Reward("CouponsCampaign", new_id())}, "rewardId"),
}


@pytest.mark.parametrize("what", WRONG)
async def test_what_makes_no_sense_is_refused_by_its_field(shop: Shop, what: str) -> None:
    changed, field = WRONG[what]
    with pytest.raises(Invalid) as refusal:
        await shop.offer(**(SERVICE | changed))
    assert refusal.value.path == ("input", field)


@pytest.mark.parametrize("what", UNKNOWN)
async def test_what_is_not_there_is_not_offered(shop: Shop, what: str) -> None:
    changed, field = UNKNOWN[what]
    with pytest.raises(NotFound) as refusal:
        await shop.offer(**(SERVICE | changed))
    assert refusal.value.path == ("input", field)


async def test_what_is_sold_by_weight_is_not_had_for_points(shop: Shop) -> None:
    weighed = "SELECT id FROM variant WHERE tenant_id = $1 AND priced_per > 1 LIMIT 1"
    async with shop.work(read_only=True) as work:
        variant = await work.value(weighed)
    with pytest.raises(Invalid) as refusal:
        await shop.offer(kind="GOODS", points=10, variant_id=variant)
    assert refusal.value.path == ("input", "variantId")


async def test_what_an_offer_gives_stays_as_it_is_and_the_rest_changes_for_whoever_comes_later(shop: Shop) -> None:
    who, offer = await shop.member(), await shop.goods(points=100)
    began = (await shop.row(offer)).starts_at
    redemption = await shop.redeem(who, offer)
    await shop.change(offer, points=300, name="Dearer", starts_at=None)
    assert ((await shop.redemption(redemption)).points, (await shop.redemption(redemption)).name) == (100, "An offer")
    assert ((await shop.row(offer)).points, (await shop.row(offer)).starts_at) == (300, began)
    with pytest.raises(Invalid) as refusal:
        await shop.change(offer, variant_id=shop.world.variant_keys["BREAD"])
    assert refusal.value.path == ("input", "kind")


async def test_there_are_never_fewer_than_were_had(shop: Shop) -> None:
    who, offer = await shop.member(), await shop.goods(stock=5)
    await shop.redeem(who, offer, 3)
    with pytest.raises(Invalid) as refusal:
        await shop.change(offer, stock=2)
    assert refusal.value.path == ("input", "stock")
    await shop.change(offer, stock=3)
    assert (await shop.row(offer)).left == 0


async def test_an_offer_that_has_ended_is_not_changed_and_ends_no_second_time(shop: Shop) -> None:
    offer = await shop.goods()
    async with shop.work() as work:
        await offers.end(work, offer)
    with pytest.raises(Invalid):
        await shop.change(offer, points=1)
    async with shop.work() as work:
        with pytest.raises(Invalid):
            await offers.end(work, offer)


async def test_staff_of_a_store_make_and_end_offers_of_that_store_alone(shop: Shop) -> None:
    here, elsewhere = (shop.world.store_keys[code] for code in ("S1", "S2"))
    clerk = Actor(ActorKind.STAFF, new_id(), grants={MANAGE.name: frozenset({here})})
    of_all, plan = await shop.service(), Plan(**(SERVICE | {"store_ids": [here]}))
    async with shop.work(clerk) as work:
        own = await offers.save(work, None, plan)
        for stores in ([], [elsewhere], [here, elsewhere]):
            with pytest.raises(NotFound) as refusal:
                await offers.save(work, None, Plan(**(SERVICE | {"store_ids": stores})))
            assert refusal.value.path == ("input", "storeIds")
        with pytest.raises(NotFound):
            await offers.save(work, of_all, plan)
        with pytest.raises(NotFound):
            await offers.end(work, of_all)
        await offers.end(work, own)
    assert not (await shop.row(own)).running
    assert (await shop.row(of_all)).running
