"""Versions are counted one by one, whoever sets rules at once, and none is ever changed."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from core import clock, rulebook
from core.errors import LimitReached
from core.pricing import PricingRules
from core.rulebook import Search, Wanted, service
from core.rules import Place
from hexmart.testing import World
from tenants import Platform
from tests.schema.hiring import ACTOR
from tests.schema.ruling import FEE

pytestmark = pytest.mark.anyio


async def test_rules_that_are_set_at_once_are_counted_one_by_one_and_the_last_one_holds(
    platform: Platform, world: World
) -> None:
    """Drop the turn, and two of them take one number."""

    async def decide(value: int) -> tuple[int, int]:
        async with platform.open_work(world.tenant, ACTOR) as work:
            return (await rulebook.decide(work, Wanted(key=FEE, value=value))).version, value

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(decide(value)) for value in range(100, 112)]
    made = [task.result() for task in tasks]
    assert sorted(version for version, _ in made) == list(range(1, 13))
    tenant = await platform.registry.by_slug(world.tenant.slug)
    assert platform.rules_of(tenant)(PricingRules).delivery_fee == max(made)[1]


async def test_a_version_stays_as_it_was_written(platform: Platform, world: World) -> None:
    async with platform.open_work(world.tenant, ACTOR) as work:
        await rulebook.decide(work, Wanted(key=FEE, value=1))
    for statement in ("UPDATE rule_version SET value = '2'", "DELETE FROM rule_version", "TRUNCATE rule_version"):
        with pytest.raises(Exception, match="permission denied"):
            async with platform.open_work(world.tenant, ACTOR) as work:
                await work.session.execute(text(statement))


async def test_of_two_for_one_moment_the_later_counts(platform: Platform, world: World) -> None:
    """So a value to come is taken back: by setting another for its moment."""
    moment = clock.now() + timedelta(days=1)
    async with platform.open_work(world.tenant, ACTOR) as work:
        for value in (900, 700, None):
            await rulebook.decide(work, Wanted(key=FEE, value=value, effective_from=moment))
        schedule = await rulebook.stored(work.fetch)
    assert schedule.over(platform.rules, moment)(PricingRules).delivery_fee == 600


async def test_only_so_many_values_wait_for_their_moment(
    platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_WAITING", 2)
    soon = Wanted(key=FEE, value=1, effective_from=clock.now() + timedelta(days=1))
    async with platform.open_work(world.tenant, ACTOR) as work:
        for _ in range(2):
            await rulebook.decide(work, soon)
        with pytest.raises(LimitReached):
            await rulebook.decide(work, soon)
        await rulebook.decide(work, Wanted(key=FEE, value=2))


async def test_a_snapshot_holds_what_counts_and_not_the_whole_history(platform: Platform, world: World) -> None:
    place = Place(store_id=world.store_keys["S1"])
    async with platform.open_work(world.tenant, ACTOR) as work:
        for value in range(30):
            await rulebook.decide(work, Wanted(key=FEE, value=value, place=place))
        schedule = await rulebook.stored(work.fetch)
        assert await rulebook.count(work, Search(FEE)) == 30
    assert (schedule.version, len(schedule.in_force(clock.now())), len(schedule._decisions)) == (30, 1, 1)
