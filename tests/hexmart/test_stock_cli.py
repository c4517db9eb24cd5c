"""`hexmart stock reconcile`: a store's stock against a file."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from core.actors import system
from hexmart import stock_cli
from hexmart.cli import app
from hexmart.databases import Databases
from hexmart.testing import World
from tenants import Platform
from tests.faults.audit import audit
from tests.faults.shop import MILK, books, fill_carts, place_all

pytestmark = pytest.mark.anyio
Typed = Callable[..., Awaitable[Result]]
WRITTEN = "SELECT count(*) FROM stock_reconciliation WHERE tenant_id = $1"


@pytest.fixture
def typed(databases: Databases, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Type the command about the test's brand and a file of these lines; it has an event loop of its own."""
    monkeypatch.setenv("HEXMART_DATABASE_URL", databases.owner)
    monkeypatch.setenv("HEXMART_SECRET", "a secret for tests only")

    async def run(text: str, *words: str, name: str = "stock.csv", store: str = "S1") -> Result:
        (tmp_path / name).write_text(text, encoding="utf-8-sig")
        where = [str(tmp_path / name), "--brand", world.tenant.slug, "--store", store]
        return await asyncio.to_thread(CliRunner().invoke, app, ["stock", "reconcile", *where, *words])

    return run


async def _written(platform: Platform, world: World) -> int:
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        return int(await work.value(WRITTEN))


async def test_what_agrees_ends_well(typed: Typed) -> None:
    told = await typed("sku,on_hand\nMILK-1L,100\nBREAD,100\n")
    assert (told.exit_code, told.stdout) == (0, "S1: 2 of 2 lines agree, 0 were taken over\n")
    assert "2/2 lines" in told.stderr


async def test_what_differs_is_told_by_reason_and_left_as_it_is(typed: Typed, platform: Platform, world: World) -> None:
    told = await typed("barcode,on_hand\n6900000000010,93\n6900000000027,98\n42,7\n")
    assert told.exit_code == 1
    assert told.stdout.splitlines() == [
        "UNEXPLAINED: 2 lines, off by -9, 0 posted, 0 promised to orders",
        "UNKNOWN_VARIANT: 1 lines, off by 7, 0 posted, 0 promised to orders",
        "S1: 0 of 3 lines agree, 0 were taken over",
    ]
    assert (await books(platform, world)).on_hand == 100


async def test_it_is_taken_over_once_as_far_as_promises_leave_it(
    typed: Typed, platform: Platform, world: World
) -> None:
    lines = '{"sku": "MILK-1L", "on_hand": 93}\n\n{"sku": "BREAD", "on_hand": 100}\n'
    told = await typed(lines, "--apply", name="stock.jsonl")
    assert (told.exit_code, told.stdout.splitlines()[-1]) == (0, "S1: 1 of 2 lines agree, 1 were taken over")
    assert (await books(platform, world)).on_hand == 93
    await place_all(platform, world, await fill_carts(platform, world, 1, {MILK: 5}))
    told = await typed("sku,on_hand\nMILK-1L,3\n", "--apply")
    assert told.exit_code == 1
    assert told.stdout.splitlines()[0] == "UNEXPLAINED: 1 lines, off by -90, -88 posted, -2 promised to orders"
    assert (await books(platform, world)).on_hand == 5
    assert not await audit(platform, world.tenant)


async def test_a_long_file_is_reconciled_in_parts(
    typed: Typed, platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stock_cli, "MOST_LINES", 2)
    told = await typed("sku,on_hand\nMILK-1L,93\nBREAD,100\nMILK-2L,90\n", "--apply")
    assert (told.exit_code, told.stdout.splitlines()[-1]) == (0, "S1: 1 of 3 lines agree, 2 were taken over")
    assert [line.strip() for line in told.stderr.splitlines()] == ["2/3 lines", "3/3 lines"]
    assert await _written(platform, world) == 2


@pytest.mark.parametrize(
    ("text", "name", "sentence"),
    [
        ("sku,on_hand\nMILK-1L,9.5\n", "a.csv", "Line 2 has no whole number as on_hand."),
        ("sku,on_hand\n,9\n", "a.csv", "Line 2 has neither sku nor barcode."),
        ("sku,on_hand\n", "a.csv", "a.csv has no lines."),
        ("sku,on_hand\nMILK-1L,9\nMILK-1L,9\n", "a.csv", "MILK-1L stands in a.csv more than once."),
        ("sku,on_hand\n", "a.txt", "a.txt ends neither in .csv nor in .jsonl."),
        ("[]\n", "a.jsonl", "Line 1 is no object of JSON."),
        ("{\n", "a.jsonl", "Line 1 is no object of JSON."),
        ("sku,on_hand\nMILK-1L,-1\n", "a.csv", "On hand lies between 0 and 1000000000."),
    ],
)
async def test_a_file_that_is_no_stock_ends_in_a_sentence(
    typed: Typed, platform: Platform, world: World, text: str, name: str, sentence: str
) -> None:
    told = await typed(text, "--apply", name=name)
    assert told.exit_code == 1
    assert sentence in told.stderr.replace("\n", " ")
    assert await _written(platform, world) == 0


async def test_a_store_that_is_not_there_and_a_snapshot_that_is_too_old_are_refused(typed: Typed) -> None:
    for words, store, sentence in (
        ([], "S9", "There is no such store here."),
        (["--taken-at", "2020-01-01"], "S1", "A snapshot is at most 30 days old."),
    ):
        told = await typed("sku,on_hand\nMILK-1L,9\n", *words, store=store)
        assert (told.exit_code, sentence in told.stderr) == (1, True)
