"""`hexmart events`: what a brand could not be told, and telling it."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from typer.testing import CliRunner, Result

from core import dead_letters
from core.actors import system
from core.dead_letters import Search
from hexmart.cli import app
from hexmart.databases import Databases
from hexmart.testing import World
from tenants import Platform
from tests.schema.letters import add_dead

pytestmark = pytest.mark.anyio
Typed = Callable[..., Awaitable[Result]]


@pytest.fixture
def typed(databases: Databases, world: World, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Type a command about the test's brand; commands have an event loop of their own, so a thread of their own too."""
    monkeypatch.setenv("HEXMART_DATABASE_URL", databases.owner)
    monkeypatch.setenv("HEXMART_SECRET", "a secret for tests only")

    async def run(*words: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, app, ["events", *words, "--tenant", world.tenant.slug])

    return run


async def left(platform: Platform, world: World) -> int:
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        return await dead_letters.count(work, Search())


async def test_dead_letters_are_counted_by_subscriber_event_and_error(
    typed: Typed, platform: Platform, world: World
) -> None:
    for _ in range(2):
        await add_dead(platform, world.tenant)
    await add_dead(platform, world.tenant, plugin=None, subscriber="core.notices.service.deliver")
    told = await typed("dead")
    assert told.stdout.splitlines() == [
        "1  core.notices.service.deliver  orders.OrderPaid  builtins.ValueError",
        "2  gift_wrap.wrapping.wrap  orders.OrderPaid  builtins.ValueError",
    ]
    assert "3 dead." in told.stderr


async def test_those_of_a_plugin_are_replayed_and_no_others(
    typed: Typed, platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hexmart.events_cli.MOST", 2)
    for plugin in ("gift_wrap", "gift_wrap", "gift_wrap", "coupons"):
        await add_dead(platform, world.tenant, plugin=plugin)
    told = await typed("replay", "--plugin", "gift_wrap")
    assert (told.exit_code, "3 are due again." in told.stderr) == (0, True)
    assert await left(platform, world) == 1
