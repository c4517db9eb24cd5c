"""`hexmart till`: sales out of files and into files, as the page about tills says."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner, Result

from core.actors import system
from hexmart import till_cli
from hexmart.cli import app
from hexmart.databases import Databases
from hexmart.testing import World
from tenants import Platform
from tests.architecture.source import ROOT
from tests.faults.audit import audit
from tests.faults.shop import books

pytestmark = pytest.mark.anyio
Typed = Callable[..., Awaitable[Result]]
PAGE = (ROOT / "docs" / "tills.md").read_text(encoding="utf-8")
OPEN = "SELECT count(*) FROM till_conflict WHERE tenant_id = $1 AND settled_at IS NULL"
MILK = {"barcode": "6900000000010", "quantity": 2, "unitPrice": "15.90"}
SALE = {"externalReference": "1", "soldAt": "2025-05-04T10:00:00+08:00", "lines": [MILK], "paid": "31.80"}


def documented(language: str) -> str:
    """The page's example in a language."""
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture
def typed(databases: Databases, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Type a command about the test's brand, and a file of these lines if it wants one."""
    monkeypatch.setenv("HEXMART_DATABASE_URL", databases.owner)
    monkeypatch.setenv("HEXMART_SECRET", "a secret for tests only")

    async def run(command: str, text: str | None = None, store: str = "S1") -> Result:
        file = tmp_path / "till.jsonl"
        if text is not None:
            file.write_text(text, encoding="utf-8-sig")
        words = [command, *([str(file)] if text is not None else []), "--brand", world.tenant.slug, "--store", store]
        return await asyncio.to_thread(CliRunner().invoke, app, ["till", *words])

    return run


def lines(*sales: object) -> str:
    return "\n".join(orjson.dumps(one).decode() for one in sales)


async def test_the_page_says_what_is_taken_and_answered(typed: Typed, platform: Platform, world: World) -> None:
    told = await typed("import", documented("jsonl"))
    assert (told.exit_code, told.stdout) == (1, documented("json"))
    assert "S1: 1 of 2 sales are recorded" in told.stderr
    again = await typed("import", documented("jsonl"))
    assert again.stdout.splitlines()[0] == '{"externalReference":"T7-1041","recorded":false}'
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        assert await work.value(OPEN) == 1
    assert (await books(platform, world)).on_hand == 98
    assert await audit(platform, world.tenant) == {}


async def test_what_was_exported_is_imported_elsewhere(typed: Typed, platform: Platform, world: World) -> None:
    sales = [SALE | {"externalReference": str(number), "paid": f"{number}.00"} for number in range(1, 6)]
    assert (await typed("import", lines(*sales))).exit_code == 0
    told = await typed("export")
    assert {orjson.loads(line)["paid"] for line in told.stdout.splitlines()} == {f"{n}.00" for n in range(1, 6)}
    assert "memberPhone" not in told.stdout
    elsewhere = await typed("import", told.stdout, store="S2")
    assert (elsewhere.exit_code, elsewhere.stdout.count('"recorded":true')) == (0, 5)
    again = await typed("import", told.stdout)  # and to whoever has told them it is nothing new
    assert again.stdout.count('"recorded":false') == 5
    assert (await books(platform, world)).on_hand == 90


async def test_a_long_file_is_recorded_in_parts(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(till_cli, "MOST_SALES", 2)
    told = await typed("import", lines(*(SALE | {"externalReference": str(number)} for number in range(5))))
    assert (told.exit_code, told.stdout.count('"recorded":true')) == (0, 5)
    assert [part in told.stderr for part in ("2/5 sales", "4/5 sales", "5/5 sales")] == [True] * 3


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ("{", "Line 2 is no JSON."),
        ("[]", "Line 2 is no object of JSON."),
        (lines(SALE | {"memberphone": "1"}), "Line 2 has memberphone, which nobody knows"),
        (lines(SALE | {"paid": 31.8}), "Line 2 has no text as paid."),
        (lines(SALE | {"paid": "NaN"}), 'Line 2 has no amount like "15.90" as paid.'),
        (lines(SALE | {"soldAt": "2025-05-04T10:00:00"}), "Line 2 has no moment with its offset as soldAt."),
        (lines(SALE | {"lines": [MILK | {"quantity": "2"}]}), "Line 2 has no whole number as quantity."),
        (lines(SALE | {"lines": None}), "Line 2 has no lines that were sold."),
    ],
)
async def test_a_line_that_is_no_sale_is_named_and_nothing_is_recorded(
    typed: Typed, platform: Platform, world: World, wrong: str, sentence: str
) -> None:
    told = await typed("import", f"{lines(SALE)}\n{wrong}\n")
    assert told.exit_code == 1
    assert sentence in " ".join(told.stderr.split())
    assert (await books(platform, world)).on_hand == 100


async def test_a_store_that_is_not_there_is_named(typed: Typed) -> None:
    told = await typed("import", lines(SALE), store="S9")
    assert (told.exit_code, told.stderr.strip()) == (1, "There is no such store here.")
