"""Access tokens are given for less time from one day on: those of before are no way round that."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from core.identity import IdentityRules
from core.rules import RuleBook
from hexmart.testing import Client, World
from tenants import Platform
from tests.schema.staffing import is_in

pytestmark = pytest.mark.anyio
Move = Callable[[timedelta], Awaitable[None]]


def minutes(platform: Platform, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    monkeypatch.setattr(platform, "rules", RuleBook({IdentityRules: IdentityRules(access_minutes=number)}))


async def test_a_session_that_was_ended_does_not_begin_again_with_a_token_of_longer_life(
    client: Client, world: World, platform: Platform, monkeypatch: pytest.MonkeyPatch, move_clock: Move
) -> None:
    """Ended sessions are remembered for as long as tokens are given for now, which is less than this one was."""
    minutes(platform, monkeypatch, 600)
    clerk = await client.staff(world.email("clerk"))
    minutes(platform, monkeypatch, 15)
    await (await client.staff(world.email("clerk"))).run("mutation { signOutEverywhere { ended } }")
    await move_clock(timedelta(minutes=17))
    assert not await is_in(clerk)


async def test_a_token_of_longer_life_than_is_allowed_now_is_good_no_more(
    client: Client, world: World, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    minutes(platform, monkeypatch, 16)
    clerk = await client.staff(world.email("clerk"))
    assert await is_in(clerk)
    minutes(platform, monkeypatch, 15)
    assert not await is_in(clerk)
    assert await is_in(await client.staff(world.email("clerk")))
