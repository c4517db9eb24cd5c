"""Teams whose time is up: one outcome each, and every cent accounted for."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest

from core import payments
from core.errors import DomainError
from core.orders.checkout import Cause
from core.work import Work
from plugins.group_buy.errors import GroupBuyClosed
from plugins.group_buy.tests.audit import audit
from plugins.group_buy.tests.shop import LEADER_PRICE, PRICE, Money, Shop

pytestmark = pytest.mark.anyio

ROUNDS = 20
MoveClock = Callable[[timedelta], Awaitable[None]]
FAILURES = "SELECT count(*) FROM outbox WHERE tenant_id = $1 AND name = 'group_buy.GroupBuyFailed'"


async def test_a_team_that_is_not_complete_in_time_pays_everybody_back_once(shop: Shop) -> None:
    leader, second = await shop.crowd(2)
    team, first = await shop.opens(leader, await shop.campaign())
    placed = [first, await shop.joins(second, team)]
    await shop.delivers()
    await shop.expire(team)
    for _ in range(3):
        await shop.sweeps()
        await shop.delivers()
    assert (await shop.team(team)).state == "FAILED_EXPIRED"
    assert [await shop.status(order) for order in placed] == ["CANCELLED", "CANCELLED"]
    assert [await shop.money(order) for order in placed] == [
        Money(LEADER_PRICE, LEADER_PRICE, 1),
        Money(PRICE, PRICE, 1),
    ]
    assert [(await shop.seat(order)).state for order in placed] == ["REFUNDED", "REFUNDED"]
    assert not await audit(shop)


async def test_a_place_that_is_not_paid_for_ends_with_its_team(shop: Shop) -> None:
    leader, second = await shop.crowd(2)
    team, _ = await shop.opens(leader, await shop.campaign())
    order = await shop.joins(second, team, pays=False)
    await shop.expire(team)
    await shop.sweeps()
    await shop.delivers()
    assert (await shop.status(order), (await shop.seat(order)).state) == ("CANCELLED", "LEFT")
    with pytest.raises(DomainError):
        await shop.pays(second, order)
    assert not await audit(shop)


async def test_two_workers_that_end_the_same_teams_pay_everybody_back_once(shop: Shop) -> None:
    """CRMEB refunds in a loop, one after the other, outside of any transaction."""
    campaign = await shop.campaign()
    opened = [await shop.opens(who, campaign) for who in await shop.crowd(8)]
    await shop.delivers()
    for team, _ in opened:
        await shop.expire(team)
    await asyncio.gather(*(shop.sweeps() for _ in range(4)))
    await asyncio.gather(*(shop.delivers() for _ in range(4)))
    assert [await shop.money(order) for _, order in opened] == [Money(LEADER_PRICE, LEADER_PRICE, 1)] * 8
    async with shop.work(read_only=True) as work:
        assert await work.value(FAILURES) == 8
    assert not await audit(shop)


async def test_an_order_that_cannot_be_ended_stops_no_other(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, move_clock: MoveClock
) -> None:
    """yudao logs such a team and forgets it; ECX reads its first page again and again."""
    campaign = await shop.campaign()
    opened = [await shop.opens(who, campaign) for who in await shop.crowd(3)]
    await shop.delivers()
    bad = opened[0][1]

    async def end(work: Work, order_id: UUID, *, cause: Cause, reason: str) -> bool:
        if order_id == bad:
            raise RuntimeError("not this one")
        return await known(work, order_id, cause=cause, reason=reason)

    known = payments.end
    with monkeypatch.context() as patch:
        patch.setattr(payments, "end", end)
        for team, _ in opened:
            await shop.expire(team)
        await shop.sweeps()
        await shop.delivers()
    assert [await shop.status(order) for _, order in opened] == ["PAID", "CANCELLED", "CANCELLED"]
    await move_clock(timedelta(hours=1))
    await shop.delivers()
    assert await shop.status(bad) == "CANCELLED"
    assert not await audit(shop)


async def test_nobody_joins_between_the_last_place_and_its_payment(shop: Shop) -> None:
    leader, second, third = await shop.crowd(3)
    team, _ = await shop.opens(leader, await shop.campaign({2: PRICE}))
    cart_id = await shop.cart(third)
    await shop.ask(third, cart_id, team=team)
    last = await shop.joins(second, team, pays=False)
    assert isinstance(await shop.order(third, cart_id), DomainError)
    await shop.pays(second, last)
    await shop.delivers()
    assert (await shop.team(team)).state == "SUCCEEDED"
    with pytest.raises(GroupBuyClosed):
        await shop.ask(third, await shop.cart(third), team=team)
    assert not await audit(shop)


async def test_payment_and_expiry_at_one_moment_have_one_outcome(shop: Shop) -> None:
    """yudao's status has no expected predecessor: its sweep undoes a team that completes at that moment."""
    campaign, outcomes = await shop.campaign({2: PRICE}), []
    for turn in range(ROUNDS):
        leader, second = await shop.crowd(2)
        team, first = await shop.opens(leader, campaign)
        last = await shop.joins(second, team)
        await shop.expire(team)
        steps = [shop.sweeps, shop.delivers] if turn % 2 else [shop.delivers, shop.sweeps]
        await asyncio.gather(*(step() for step in steps))
        await shop.delivers()
        found = await shop.team(team)
        succeeded = found.state == "SUCCEEDED"
        outcomes.append(found.state)
        assert [await shop.status(order) for order in (first, last)] == ["PAID" if succeeded else "CANCELLED"] * 2
        assert [(await shop.money(order)).refunds for order in (first, last)] == [0 if succeeded else 1] * 2
    assert set(outcomes) <= {"SUCCEEDED", "FAILED_EXPIRED"}
    assert not await audit(shop)


@pytest.mark.parametrize("first", ["paid", "expired"])
async def test_whichever_of_payment_and_expiry_is_first_decides(shop: Shop, first: str) -> None:
    leader, second = await shop.crowd(2)
    team, _ = await shop.opens(leader, await shop.campaign({2: PRICE}))
    await shop.joins(second, team)
    await shop.expire(team)
    for step in (shop.delivers, shop.sweeps) if first == "paid" else (shop.sweeps, shop.delivers):
        await step()
    assert (await shop.team(team)).state == ("SUCCEEDED" if first == "paid" else "FAILED_EXPIRED")
    assert not await audit(shop)


async def test_everything_at_once_leaves_the_books_in_order(shop: Shop) -> None:
    """Payments, cancellations, sweeps and deliveries of many teams in whatever order they come."""
    campaign = await shop.campaign({3: PRICE}, stock=40)
    chance = random.Random(5)
    members, steps = await shop.crowd(24), []
    for leader, second, third in zip(members[::3], members[1::3], members[2::3], strict=True):
        team, first = await shop.opens(leader, campaign, pays=False)
        placed = [(leader, first)] + [(who, await shop.joins(who, team, pays=False)) for who in (second, third)]
        steps += [shop.attempts(who, order) for who, order in placed]
        steps += [shop.attempts_to_cancel(who, order) for who, order in placed if chance.random() < 0.3]
        if chance.random() < 0.5:
            steps.append(shop.expire(team))
    steps += [step() for step in (shop.sweeps, shop.delivers) * 3]
    chance.shuffle(steps)
    await asyncio.gather(*steps)
    await shop.sweeps()
    await shop.delivers()
    assert not await audit(shop)
    assert not shop.platform.breakers.condition(shop.world.tenant.id, "group_buy").faults, "nobody waits in a circle"


async def test_a_team_is_filled_up_at_its_end_where_enough_have_paid(shop: Shop) -> None:
    """yudao fills up whatever there is, a leader alone included."""
    await shop.decide(fill_from=2)
    campaign = await shop.campaign({4: PRICE})
    (one, two, three, late), teams = await shop.crowd(4), []
    teams.append(await shop.opens(one, campaign))
    teams.append(await shop.opens(two, campaign))
    await shop.joins(three, teams[1][0])
    waiting = await shop.joins(late, teams[1][0], pays=False)
    await shop.delivers()
    for team, _ in teams:
        await shop.expire(team)
    await shop.sweeps()
    await shop.delivers()
    alone, enough = [await shop.team(team) for team, _ in teams]
    assert (alone.state, alone.filled) == ("FAILED_EXPIRED", 0)
    assert (enough.state, enough.filled, enough.paid) == ("SUCCEEDED", 1, 2)
    assert [await shop.held(order) for _, order in teams] == [False, False]
    await shop.pays(late, waiting)
    await shop.delivers()
    assert (await shop.held(waiting), (await shop.seat(waiting)).state) == (False, "PAID")
    assert not await audit(shop)


async def test_no_team_is_filled_up_where_the_brand_has_not_said_so(shop: Shop) -> None:
    leader, second = await shop.crowd(2)
    team, _ = await shop.opens(leader, await shop.campaign())
    await shop.joins(second, team)
    await shop.delivers()
    await shop.expire(team)
    await shop.sweeps()
    assert (await shop.team(team)).state == "FAILED_EXPIRED"
