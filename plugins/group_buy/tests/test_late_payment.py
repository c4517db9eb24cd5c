"""Money that comes after the team has failed: it goes back, or opens another team."""

from uuid import UUID

import pytest

from plugins.group_buy.tests.audit import audit
from plugins.group_buy.tests.shop import LEADER_PRICE, PRICE, Money, Shop

pytestmark = pytest.mark.anyio


async def _pays_late(shop: Shop) -> tuple[UUID, UUID]:
    """Somebody pays a seat of a team that has failed before the payment is counted: the team and the order."""
    leader, second = await shop.crowd(2)
    team, _ = await shop.opens(leader, await shop.campaign())
    order = await shop.joins(second, team)
    await shop.expire(team)
    await shop.sweeps()
    await shop.delivers()
    return team, order


async def test_money_that_comes_too_late_goes_back(shop: Shop) -> None:
    """yudao: the payment has succeeded, the order rolls back to unpaid, and neither can be cancelled any more."""
    team, order = await _pays_late(shop)
    assert (await shop.team(team)).state == "FAILED_EXPIRED"
    assert (await shop.status(order), await shop.money(order)) == ("CANCELLED", Money(PRICE, PRICE, 1))
    assert not await audit(shop)


async def test_money_that_comes_too_late_opens_another_team_by_rule(shop: Shop) -> None:
    await shop.decide(late_payment="new_team")
    leader, second = await shop.crowd(2)
    team, first = await shop.opens(leader, await shop.campaign({2: PRICE}))
    order = await shop.joins(second, team, pays=False)
    await shop.delivers()
    await shop.expire(team)
    await shop.sweeps()
    await shop.delivers()
    assert await shop.money(first) == Money(LEADER_PRICE, LEADER_PRICE, 1)
    assert await shop.status(order) == "PENDING_PAYMENT"
    await shop.pays(second, order)
    await shop.delivers()
    anew = await shop.team((await shop.seat(order)).team_id)
    assert (anew.id != team, anew.leader_id, anew.state, anew.taken, anew.paid) == (True, second.id, "FORMING", 1, 1)
    assert (await shop.status(order), await shop.held(order)) == ("PAID", True)
    await shop.joins(await shop.shopper(), anew.id)
    await shop.delivers()
    assert (await shop.team(anew.id)).state == "SUCCEEDED"
    assert not await shop.held(order)
    assert not await audit(shop)


async def test_money_that_comes_after_the_campaign_goes_back_whatever_the_rule(shop: Shop) -> None:
    await shop.decide(late_payment="new_team")
    campaign, (leader, second) = await shop.campaign(), await shop.crowd(2)
    team, _ = await shop.opens(leader, campaign)
    order = await shop.joins(second, team, pays=False)
    await shop.expire(team)
    await shop.end_campaign(campaign)
    await shop.sweeps()
    await shop.pays(second, order)
    await shop.delivers()
    assert (await shop.status(order), await shop.money(order)) == ("CANCELLED", Money(PRICE, PRICE, 1))
    assert not await audit(shop)
