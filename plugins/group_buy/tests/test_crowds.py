"""Many people and few places: nobody is promised what another has, however they come at the same moment."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from uuid import UUID

import pytest

from core.actors import Actor
from core.errors import DomainError
from core.extensions import PluginFailed
from plugins.group_buy import books, seating
from plugins.group_buy.errors import GroupBuyFull, GroupBuyLimit, GroupBuySoldOut
from plugins.group_buy.queries import CAMPAIGNS, TEAMS
from plugins.group_buy.tests.audit import audit
from plugins.group_buy.tests.shop import MILK, PRICE, Shop

pytestmark = pytest.mark.anyio

# A transaction that has read how many places are free stays a moment, so that others read it too.
READ_SLOWLY = f"{CAMPAIGNS} AND pg_sleep(0.02)::text = ''"
NO_GUARD = seating.JOIN.replace("AND t.taken + more.seats <= t.size", "")


async def rush(shop: Shop, wishes: Sequence[tuple[Actor, UUID]]) -> Counter[type]:
    """Everybody orders at the same moment, each in a transaction of their own; what they were told."""
    answers = await asyncio.gather(*(shop.order(who, cart_id) for who, cart_id in wishes))
    return Counter(type(answer) if isinstance(answer, DomainError) else UUID for answer in answers)


async def joiners(shop: Shop, team: UUID, size: int) -> list[tuple[Actor, UUID]]:
    """People whose carts are marked for a team."""
    marked = []
    for who in await shop.crowd(size):
        cart_id = await shop.cart(who)
        await shop.ask(who, cart_id, team=team)
        marked.append((who, cart_id))
    return marked


async def test_two_of_a_hundred_get_the_two_places_that_are_free(shop: Shop) -> None:
    """yudao reads and then inserts: a group is over-full as soon as two come at once."""
    team, _ = await shop.opens(await shop.shopper(), await shop.campaign({3: PRICE}))
    told = await rush(shop, await joiners(shop, team, 100))
    assert told == {UUID: 2, GroupBuyFull: 98}
    await shop.delivers()
    found = await shop.team(team)
    assert (found.taken, found.paid, found.missing) == (3, 1, 0)
    assert not await audit(shop)


async def test_two_of_a_batch_get_the_two_places_that_are_free(shop: Shop) -> None:
    team, _ = await shop.opens(await shop.shopper(), await shop.campaign({3: PRICE}))
    answers = await shop.order_all(await joiners(shop, team, 10))
    kinds = [UUID if isinstance(answer, UUID) else type(answer) for answer in answers]
    assert kinds == [UUID, UUID, *[GroupBuyFull] * 8]
    await shop.delivers()
    assert not await audit(shop)


async def test_a_member_who_orders_ten_times_at_once_buys_as_often_as_one_may(shop: Shop) -> None:
    campaign, who = await shop.campaign(orders_per_member=2), await shop.shopper()
    marked = []
    for _ in range(10):
        cart_id = await shop.cart(who)
        await shop.ask(who, cart_id, campaign=campaign)
        marked.append((who, cart_id))
    assert await rush(shop, marked) == {UUID: 2, GroupBuyLimit: 8}
    assert not await audit(shop)


async def test_a_campaign_sells_what_it_has_and_no_more(shop: Shop) -> None:
    """yudao and CRMEB keep no stock of an activity."""
    campaign = await shop.campaign(stock=7)
    marked = []
    for who in await shop.crowd(20):
        cart_id = await shop.cart(who, {MILK: 2})
        await shop.ask(who, cart_id, campaign=campaign)
        marked.append((who, cart_id))
    assert await rush(shop, marked) == {UUID: 3, GroupBuySoldOut: 17}
    assert not await audit(shop)


async def test_without_the_lock_the_guard_keeps_the_promise_but_answers_with_errors(
    monkeypatch: pytest.MonkeyPatch, shop: Shop
) -> None:
    monkeypatch.setattr(books, "LOCK_CAMPAIGNS", READ_SLOWLY)
    monkeypatch.setattr(books, "LOCK_TEAMS", TEAMS)
    team, _ = await shop.opens(await shop.shopper(), await shop.campaign({3: PRICE}))
    told = await rush(shop, await joiners(shop, team, 8))
    assert told[UUID] == 2
    assert told[PluginFailed]
    assert (await shop.team(team)).taken == 3


async def test_who_reads_and_then_inserts_has_a_team_of_too_many_and_the_audit_says_so(
    monkeypatch: pytest.MonkeyPatch, unchecked_shop: Shop
) -> None:
    monkeypatch.setattr(books, "LOCK_CAMPAIGNS", READ_SLOWLY)
    monkeypatch.setattr(books, "LOCK_TEAMS", TEAMS)
    monkeypatch.setattr(seating, "JOIN", NO_GUARD)
    shop = unchecked_shop
    team, _ = await shop.opens(await shop.shopper(), await shop.campaign({3: PRICE}))
    told = await rush(shop, await joiners(shop, team, 8))
    assert told[UUID] > 2
    assert (await shop.team(team)).taken > 3
    assert "group_buy.full" in await audit(shop)
