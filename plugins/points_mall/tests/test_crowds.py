"""Many members and few pieces: as much is had as there is, and paid for, however they come at the same moment."""

from collections import Counter

import pytest

from core.ledger import holding
from plugins.points_mall import taking
from plugins.points_mall.queries import OFFERS
from plugins.points_mall.tests.shop import Shop

pytestmark = pytest.mark.anyio

# A transaction that has read how many are left stays a moment, so that others read it too.
READ_SLOWLY = f"{OFFERS} AND pg_sleep(0.05)::text = ''"
UNLOCKED = holding.LOCK.replace("ORDER BY id FOR UPDATE", "AND pg_sleep(0.05)::text = '' ORDER BY id")
NO_GUARD = taking.TAKE.replace("AND (o.stock IS NULL OR o.taken + w.quantity <= o.stock)", "")
NO_LIMIT = taking.COUNT.partition("WHERE NOT EXISTS")[0]


async def test_ten_of_a_hundred_get_the_ten_there_are(shop: Shop) -> None:
    await shop.stock_up(1_000)
    offer = await shop.goods(stock=10)
    told = Counter(await shop.at_once([(who, offer) for who in await shop.members(100)]))
    assert told == {"ok": 10, "POINTS_MALL_SOLD_OUT": 90}
    assert (await shop.row(offer)).left == 0
    assert not await shop.audit()


async def test_a_member_who_comes_fifty_times_gets_the_one_that_one_may_have(shop: Shop) -> None:
    who, offer = await shop.member(100_000), await shop.service(per_member=1)
    told = Counter(await shop.at_once([(who, offer)] * 50))
    assert told == {"ok": 1, "POINTS_MALL_LIMIT": 49}
    assert await shop.balance(who) == 99_900
    assert not await shop.audit()


async def test_a_hundred_points_are_spent_once_by_fifty_who_come_together(shop: Shop) -> None:
    """On offers of their own: no row of the mall has them wait for each other."""
    who = await shop.member(100)
    told = Counter(await shop.at_once([(who, await shop.service(points=100)) for _ in range(50)]))
    assert told == {"ok": 1, "INSUFFICIENT_POINTS": 49}
    assert await shop.balance(who) == 0
    assert not await shop.audit()


async def test_without_the_lock_the_guard_keeps_the_promise_but_answers_with_errors(
    monkeypatch: pytest.MonkeyPatch, shop: Shop
) -> None:
    monkeypatch.setattr(taking, "LOCK_OFFERS", READ_SLOWLY)
    offer = await shop.service(stock=2)
    told = Counter(await shop.at_once([(who, offer) for who in await shop.members(8)]))
    assert (told["ok"], (await shop.row(offer)).taken) == (2, 2)
    assert told["RuntimeError"]


async def test_who_reads_and_then_writes_gives_more_than_there_are(
    monkeypatch: pytest.MonkeyPatch, unchecked_shop: Shop
) -> None:
    monkeypatch.setattr(taking, "LOCK_OFFERS", READ_SLOWLY)
    monkeypatch.setattr(taking, "TAKE", NO_GUARD)
    shop = unchecked_shop
    offer = await shop.service(stock=2)
    told = Counter(await shop.at_once([(who, offer) for who in await shop.members(8)]))
    assert told["ok"] > 2
    assert (await shop.row(offer)).taken > 2
    assert "points_mall.stock" in await shop.audit()


async def test_without_the_lock_of_the_account_its_guard_keeps_the_points_but_answers_with_errors(
    monkeypatch: pytest.MonkeyPatch, shop: Shop
) -> None:
    await shop.redeem(await shop.member(), await shop.service())  # which opens the brand's own accounts
    monkeypatch.setattr(holding, "LOCK", UNLOCKED)
    who = await shop.member(100)
    told = Counter(await shop.at_once([(who, await shop.service(points=100)) for _ in range(8)]))
    assert told["ok"] == 1
    assert told["RuntimeError"]
    assert await shop.balance(who) == 0
    assert not await shop.audit()


async def test_who_reads_and_then_counts_gives_one_member_more_than_one_may_have(
    monkeypatch: pytest.MonkeyPatch, shop: Shop
) -> None:
    monkeypatch.setattr(taking, "LOCK_OFFERS", READ_SLOWLY)
    who, offer = await shop.member(), await shop.service(per_member=1)
    guarded = Counter(await shop.at_once([(who, offer)] * 8))
    assert guarded["ok"] == 1
    monkeypatch.setattr(taking, "COUNT", NO_LIMIT)
    other = await shop.service(per_member=1)
    assert Counter(await shop.at_once([(who, other)] * 8))["ok"] > 1


async def test_in_a_batch_as_many_are_placed_as_there_are(shop: Shop) -> None:
    """Carts that were filled by members and wait are claimed by one statement for all of them."""
    offer = await shop.goods(stock=3)
    whos = await shop.members(5)
    answers = await shop.place_together(whos, offer)
    assert Counter(answers) == {"ok": 3, "POINTS_MALL_SOLD_OUT": 2}
    assert not await shop.audit()
