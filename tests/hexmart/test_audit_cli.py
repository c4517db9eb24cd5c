"""`hexmart audit`: whether the books of brands are in order."""

import asyncio
import re
from collections.abc import Awaitable, Callable

import orjson
import pytest
from typer.testing import CliRunner, Result

from core.actors import system
from core.inventory.invariants import INVARIANTS
from hexmart.cli import app
from hexmart.databases import Databases
from hexmart.testing import World
from tenants import Platform
from tenants.registry import Registry

pytestmark = pytest.mark.anyio
Typed = Callable[..., Awaitable[Result]]
RESERVE = "UPDATE stock SET reserved = reserved + 1 WHERE tenant_id = $1 AND on_hand > reserved"
GROW = "UPDATE stock SET on_hand = on_hand + 1 WHERE tenant_id = $1"
STANDS = "SELECT sum(on_hand), sum(reserved) FROM stock WHERE tenant_id = $1"
MENDED = "SELECT actor_name, after FROM audit_entry WHERE tenant_id = $1 AND action = 'books.mended'"


@pytest.fixture
def typed(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Type the command; it has an event loop of its own, so a thread of its own too."""
    monkeypatch.setenv("HEXMART_DATABASE_URL", databases.owner)
    monkeypatch.setenv("HEXMART_SECRET", "a secret for tests only")

    async def run(*words: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, app, ["audit", *words])

    return run


async def plant(platform: Platform, world: World, sql: str) -> None:
    async with platform.open_work(world.tenant, system("test")) as work:
        assert await work.execute(sql)


async def stands(platform: Platform, world: World) -> tuple[int, int]:
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        [row] = await work.fetch(STANDS)
    return row[0], row[1]


async def test_books_that_are_in_order_end_in_one_line(typed: Typed, world: World) -> None:
    told = await typed("--brand", world.tenant.slug)
    assert told.exit_code == 0, told.output
    [line] = told.stdout.splitlines()
    found = re.fullmatch(r"audit: (\d+)/(\d+) ok rows=(\d+)", line)
    assert found is not None
    assert found[1] == found[2]
    assert int(found[3]) > 0
    assert f"{world.tenant.slug}: " in told.stderr


async def test_what_is_broken_is_shown_and_left_as_it_is(typed: Typed, platform: Platform, world: World) -> None:
    await plant(platform, world, RESERVE)
    before = await stands(platform, world)
    told = await typed("--brand", world.tenant.slug)
    assert told.exit_code == 1
    [sentence] = [one.sentence for one in INVARIANTS if one.key == "inventory.reserved"]
    assert f"{world.tenant.slug}: inventory.reserved: {sentence} Not so in" in told.stdout
    assert "--repair works it out anew" in told.stdout
    assert re.search(r"location_id=\S+ variant_id=\S+ on_hand=\d+ reserved=1 held=0", told.stdout)
    assert re.fullmatch(r"audit: (\d+)/\d+ ok rows=\d+", told.stdout.splitlines()[-1])
    assert await stands(platform, world) == before


async def test_what_is_derived_is_repaired_and_written_down(typed: Typed, platform: Platform, world: World) -> None:
    await plant(platform, world, RESERVE)
    told = await typed("--brand", world.tenant.slug, "--repair")
    assert told.exit_code == 0, told.output
    assert "inventory.reserved:" in told.stdout
    assert (await stands(platform, world))[1] == 0
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        [entry] = await work.fetch(MENDED)
    assert entry["actor_name"] == "hexmart audit"
    assert (await typed("--brand", world.tenant.slug)).exit_code == 0


async def test_what_is_a_fact_is_never_repaired(typed: Typed, platform: Platform, world: World) -> None:
    await plant(platform, world, GROW)
    before = await stands(platform, world)
    told = await typed("--brand", world.tenant.slug, "--repair")
    assert told.exit_code == 1
    assert "inventory.on_hand: On hand is the sum of the movements." in told.stdout
    assert "a person has to look into it" in told.stdout
    assert await stands(platform, world) == before


async def test_a_program_is_told_the_same(typed: Typed, platform: Platform, world: World) -> None:
    await plant(platform, world, GROW)
    told = await typed("--brand", world.tenant.slug, "--json")
    found = orjson.loads(told.stdout)
    assert (told.exit_code, found["ok"]) == (1, False)
    [database, brand] = found["audited"]
    assert (database["name"], database["broken"]) == ("database", [])
    [broken] = brand["broken"]
    assert (broken["key"], broken["derived"], broken["failed"]) == ("inventory.on_hand", False, None)
    assert broken["rows"][0].keys() == {"location_id", "variant_id", "on_hand", "moved"}
    assert told.stderr.splitlines()[-1].startswith("audit: ")


async def test_every_brand_is_proven_unless_some_are_named(
    typed: Typed, platform: Platform, world: World, other_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def active(_: Registry) -> list[object]:
        return [world.tenant, other_world.tenant]

    monkeypatch.setattr(Registry, "active", active)
    await plant(platform, other_world, GROW)
    told = await typed()
    assert told.exit_code == 1
    assert {f"{one.tenant.slug}: " in told.stderr for one in (world, other_world)} == {True}
    assert f"{other_world.tenant.slug}: inventory.on_hand" in told.stdout
    assert f"{world.tenant.slug}: inventory.on_hand" not in told.stdout
    assert (await typed("--brand", world.tenant.slug)).exit_code == 0


async def test_a_brand_that_nobody_knows_is_said_so_in_one_sentence(typed: Typed) -> None:
    told = await typed("--brand", "nobody")
    assert told.exit_code == 1
    assert "nobody" in told.stderr
    assert "Traceback" not in told.output
