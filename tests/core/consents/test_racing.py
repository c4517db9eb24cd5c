"""Whoever says where they are and whoever withdraws take turns: nothing is kept without consent, whoever is first."""

import asyncio
from contextlib import AsyncExitStack
from uuid import UUID

import pytest

from core import consents
from core.consents import LOCATION, ConsentMissing, locating, service
from core.stores.places import GeoPoint
from core.work import Work
from hexmart.testing import World
from tenants import Platform
from tests.ledgers import ACTOR, join

pytestmark = pytest.mark.anyio
HERE = GeoPoint(31.2304, 121.4737)
KEPT = "SELECT count(*) FROM member_location WHERE tenant_id = $1"


async def agreeing(platform: Platform, world: World) -> UUID:
    [member] = await join(platform, world)
    async with platform.open_work(world.tenant, ACTOR) as work:
        await consents.give(work, member, LOCATION, 0)
    return member


async def kept(platform: Platform, world: World) -> int:
    async with platform.open_work(world.tenant, ACTOR, read_only=True) as work:
        return int(await work.value(KEPT))


async def withdraw_while_located(platform: Platform, world: World, member: UUID) -> None:
    """The consent is withdrawn after somebody has read it, and before they have written by it."""
    async with AsyncExitStack() as stack:
        locating = await stack.enter_async_context(platform.open_work(world.tenant, ACTOR))
        await consents.locate(locating, member, HERE)
        late = asyncio.ensure_future(_withdraw(platform, world, member))
        await asyncio.sleep(0.1)
    await late


async def _withdraw(platform: Platform, world: World, member: UUID) -> None:
    async with platform.open_work(world.tenant, ACTOR) as work:
        await consents.withdraw(work, member, LOCATION)


async def _no_turn(_: Work, __: UUID) -> None:
    """The mutant: nobody waits."""


async def test_who_withdraws_waits_for_what_is_written_and_has_it_forgotten(platform: Platform, world: World) -> None:
    await withdraw_while_located(platform, world, await agreeing(platform, world))
    assert await kept(platform, world) == 0


async def test_without_turns_a_place_would_outlive_its_consent(
    platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locating, "take", _no_turn)
    monkeypatch.setattr(service, "take", _no_turn)
    await withdraw_while_located(platform, world, await agreeing(platform, world))
    assert await kept(platform, world) == 1


async def test_who_comes_after_a_withdrawal_finds_it(platform: Platform, world: World) -> None:
    member = await agreeing(platform, world)
    async with platform.open_work(world.tenant, ACTOR) as work:
        await consents.withdraw(work, member, LOCATION)
        late = asyncio.ensure_future(_locate(platform, world, member))
        await asyncio.sleep(0.1)
        assert not late.done()
    with pytest.raises(ConsentMissing):
        await late
    assert await kept(platform, world) == 0


async def _locate(platform: Platform, world: World, member: UUID) -> None:
    async with platform.open_work(world.tenant, ACTOR) as work:
        await consents.locate(work, member, HERE)
