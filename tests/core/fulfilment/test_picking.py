"""Chance picks whose basket is looked into, as often as the brand says."""

import secrets

import pytest

from core import rulebook
from core.actors import system
from core.fulfilment import leaving
from core.rulebook import Wanted
from hexmart.testing import World
from tenants import Platform

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("percent", [0, 1, 37, 100])
async def test_of_every_hundred_draws_so_many_are_picked(
    platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch, percent: int
) -> None:
    async with platform.open_work(world.tenant, system("test")) as work:
        await rulebook.decide(work, Wanted(key="scan_and_go.check_percent", value=percent))
    tenant = await platform.registry.by_slug(world.tenant.slug)
    draws = iter(range(100))
    monkeypatch.setattr(secrets, "randbelow", lambda most: next(draws) % most)
    async with platform.open_work(tenant, system("test"), read_only=True) as work:
        kinds = [leaving.exit_code(work, world.store_keys["S1"]) for _ in range(100)]
    assert kinds.count(leaving.CHECKED_EXIT_CODE) == percent
    assert kinds.count(leaving.EXIT_CODE) == 100 - percent
