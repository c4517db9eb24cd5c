"""`hexmart keys`, as somebody types it, and the processes that go by it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeAlias

import pytest
from typer.testing import CliRunner, Result

from core.actors import system
from hexmart.app import Application, background, create_app
from hexmart.cli import app
from hexmart.databases import Databases
from hexmart.settings import Settings
from hexmart.testing import Client, World
from tenants import Platform, keys
from tests.schema.staffing import Staffing, is_in

pytestmark = pytest.mark.anyio
Typed: TypeAlias = Callable[..., Awaitable[Result]]
REFRESH = "mutation($t: String!) { tokenRefresh(input: {refreshToken: $t}) { accessToken } }"


@pytest.fixture
def typed(databases: Databases, world: World, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Type a command about the test's brand; commands have an event loop of their own, so a thread of their own too."""
    monkeypatch.setenv("HEXMART_DATABASE_URL", databases.owner)
    monkeypatch.setenv("HEXMART_SECRET", "a secret for tests only")

    async def run(command: str, *more: str, brand: str = world.tenant.slug) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, app, ["keys", command, brand, *more])

    return run


@pytest.fixture
async def elsewhere(databases: Databases, settings: Settings) -> AsyncIterator[Application]:
    """Another process on the same database, which hears what is told."""
    made = create_app(databases, settings, with_worker=False)
    async with background(made.platform, None, settings):
        await until(lambda: _now(made.platform.changes.hearing()))
        yield made
    await made.platform.close()


async def _now(value: bool) -> bool:
    return value


async def until(claim: Callable[[], Awaitable[bool]]) -> None:
    """Wait for something that happens soon."""
    async with asyncio.timeout(10):
        while not await claim():  # noqa: ASYNC110 - whatever makes it true sets no event
            await asyncio.sleep(0.005)


def lines(result: Result) -> list[list[str]]:
    assert result.exit_code == 0, result.stderr
    return [line.split(maxsplit=2) for line in result.stdout.splitlines()]


async def test_the_keys_are_shown_by_number_and_thumbprint(typed: Typed, platform: Platform, world: World) -> None:
    key = platform.vault(world.tenant.id).token_key(1)
    assert lines(await typed("show")) == [["1", key.thumbprint(), "signs"]]


async def test_a_new_key_signs_and_the_one_before_is_good_for_as_long_as_its_tokens(
    typed: Typed, elsewhere: Application, world: World, move_clock: Any
) -> None:
    client = Client(elsewhere, world.tenant.slug)
    old = await client.staff(world.email("clerk"))
    new_line, old_line = lines(await typed("rotate"))
    assert (new_line[0], new_line[2], old_line[0]) == ("2", "signs", "1")
    assert old_line[2].startswith("until 2")
    assert lines(await typed("show")) == [new_line, old_line]
    await until(lambda: _signs_with(client, world, "2"))
    new = await client.staff(world.email("clerk"))
    assert (await is_in(old), await is_in(new)) == (True, True)
    assert await Staffing(elsewhere.platform, world).log("keys.") == ["keys.rotated"]
    await move_clock(timedelta(minutes=15))
    tenant = await elsewhere.platform.registry.by_slug(world.tenant.slug)
    assert list(elsewhere.platform.token_keys(tenant)) == ["2"]


async def _signs_with(client: Client, world: World, kid: str) -> bool:
    tenant = await client.application.platform.registry.by_slug(world.tenant.slug)
    return str(tenant.token_generation) == kid


async def test_a_key_that_is_known_is_good_no_more_and_nobody_has_to_sign_in_again(
    typed: Typed, elsewhere: Application, world: World
) -> None:
    client = Client(elsewhere, world.tenant.slug)
    given = {"email": world.email("clerk"), "password": "hexmart-demo"}
    session = await client.do("staffSignIn", given, "accessToken refreshToken")
    old = replace(client, token=session["accessToken"])
    assert await is_in(old)
    [[kid, _, signs]] = lines(await typed("rotate", "--now"))
    assert (kid, signs) == ("2", "signs")
    await until(lambda: _is_out(old))
    renewed = await client.run(REFRESH, t=session["refreshToken"])
    assert await is_in(replace(client, token=renewed["tokenRefresh"]["accessToken"]))


async def _is_out(client: Client) -> bool:
    return not await is_in(client)


async def test_every_process_is_told_though_the_one_that_wrote_says_nothing_after(
    platform: Platform, elsewhere: Application, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if it had died between its COMMIT and its next word."""
    old = await Client(elsewhere, world.tenant.slug).staff(world.email("clerk"))
    assert await is_in(old)

    async def silent(_: str) -> None:
        return None

    monkeypatch.setattr(platform, "tell_changed", silent)
    await keys.rotate(platform, world.tenant, system("test"), at_once=True)
    await until(lambda: _is_out(old))


async def test_keys_that_are_changed_twice_at_once_are_changed_twice(platform: Platform, world: World) -> None:
    rotated = await asyncio.gather(*(keys.rotate(platform, world.tenant, system("test")) for _ in range(2)))
    assert sorted(one.token_generation for one in rotated) == [2, 3]


@pytest.mark.parametrize("command", ["show", "rotate"])
async def test_a_brand_that_nobody_knows_is_said_in_a_sentence(typed: Typed, command: str) -> None:
    result = await typed(command, brand="nobody-here")
    assert (result.exit_code, result.stdout, result.stderr.strip()) == (1, "", "No brand answers to nobody-here.")
