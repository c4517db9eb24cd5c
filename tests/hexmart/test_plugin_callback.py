"""`hexmart plugin callback`: the address that a carrier's console is told, always the same; or why there is none."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from typer.testing import CliRunner, Result

from hexmart.cli import app
from hexmart.databases import Databases
from hexmart.testing import Enable, World

pytestmark = pytest.mark.anyio
Typed = Callable[[str], Awaitable[Result]]


@pytest.fixture
def typed(databases: Databases, world: World, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Type the command about the test's brand; it has an event loop of its own."""
    monkeypatch.setenv("HEXMART_DATABASE_URL", databases.owner)
    monkeypatch.setenv("HEXMART_SECRET", "a secret for tests only")
    monkeypatch.setenv("HEXMART_PUBLIC_URL", "https://api.example.com")

    async def run(name: str) -> Result:
        command = ["plugin", "callback", name, "--tenant", world.tenant.slug]
        return await asyncio.to_thread(CliRunner().invoke, app, command)

    return run


async def test_it_prints_the_one_address_of_a_carrier_that_is_on(typed: Typed, enable: Enable) -> None:
    assert "sf is not on at" in (await typed("sf")).output
    await enable("delivery_sf")
    first, second = await typed("sf"), await typed("sf")
    assert first.exit_code == 0, first.output
    assert first.output.startswith("https://api.example.com/callbacks/delivery_sf/")
    assert first.output == second.output


async def test_of_one_that_is_asked_there_is_none(
    typed: Typed, enable: Enable, monkeypatch: pytest.MonkeyPatch
) -> None:
    await enable("delivery_own")
    assert (await typed("own")).exit_code == 2
    await enable("delivery_sf")
    monkeypatch.delenv("HEXMART_PUBLIC_URL")
    monkeypatch.setenv("HEXMART_PRODUCTION", "1")
    assert "HEXMART_PUBLIC_URL" in (await typed("sf")).output
