"""`hexmart plugin`, as somebody types it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import orjson
import pytest
from typer.testing import CliRunner, Result

from core.actors import system
from core.ids import new_id
from hexmart.assembly import assemble
from hexmart.cli import app
from hexmart.databases import Databases
from hexmart.migrating.catalog import others
from hexmart.plugins import discovery
from hexmart.settings import Settings
from tenants import NewTenant, Platform, create
from tests.hexmart.migrating.conftest import Install, look
from tests.hexmart.migrating.parcel import FIRST, LABEL, parcel, script
from tests.hexmart.plugins.making import entry

pytestmark = pytest.mark.anyio
ACTOR = system("test")
ADD = "INSERT INTO parcel_label (tenant_id, id, text) SELECT $1, unnest($2::uuid[]), unnest($3::text[])"
BRANDS = ("freshmart", "lumi")
Typed = Callable[..., Awaitable[Result]]


@pytest.fixture
def typed(scratch: str, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Type a command; each has an event loop of its own, so a thread of its own too."""
    monkeypatch.setenv("HEXMART_DATABASE_URL", scratch)
    monkeypatch.setenv("HEXMART_SECRET", "a secret for tests only")

    async def run(*words: str, answer: str | None = None) -> Result:
        result = await asyncio.to_thread(CliRunner().invoke, app, [*words], input=answer)
        assert result.exit_code in {0, 1}, result.stderr
        return result

    return run


@pytest.fixture
def put(install: Install, monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, str]], None]:
    """Have these modules be installed beside what is."""
    known = entry_points(group=discovery.GROUP)

    def put(files: dict[str, str]) -> None:
        install(files)
        monkeypatch.setattr(discovery, "entry_points", lambda **_: [*known, entry("parcel")])

    return put


@pytest.fixture
async def brands(typed: Typed, put: Callable[[dict[str, str]], None], scratch: str) -> AsyncIterator[Platform]:
    """Two brands that have the plugin on, and labels of each."""
    put(parcel())
    assert (await typed("migrate")).exit_code == 0
    platform = assemble(Databases.of(scratch, Settings()), Settings())
    for slug in BRANDS:
        tenant = await create(platform, NewTenant(slug, slug, f"owner@{slug}.example"), ACTOR)
        assert (await typed("plugin", "enable", "parcel", "--tenant", slug)).exit_code == 0
        async with platform.open_work(tenant, ACTOR) as work:
            await work.execute(ADD, [new_id(), new_id()], [f"one of {slug}", 'two\n"鲜"'])
    yield platform
    await platform.close()


def said(result: Result) -> list[str]:
    return [line.strip() for line in (result.stdout + result.stderr).splitlines()]


def exported(into: Path) -> Path:
    [folder] = into.glob("parcel-*")
    return folder


async def line_of(typed: Typed, name: str) -> str:
    return next(line for line in said(await typed("plugin", "list")) if line.startswith(name))


async def plugins_of(platform: Platform, slug: str) -> frozenset[str]:
    platform.registry.forget(slug)
    return (await platform.registry.by_slug(slug)).plugins


@pytest.mark.usefixtures("brands")
async def test_what_is_installed_is_listed_with_its_tables_and_brands(typed: Typed) -> None:
    about = "parcel 1.0.0 (API >=1.0,<2): parcel_label, parcel_stamp at 0002"
    assert await line_of(typed, "parcel") == f"{about}; on at freshmart, lumi"
    assert (await line_of(typed, "sandbox")).endswith(": no tables; on nowhere")
    await typed("plugin", "disable", "parcel", "--tenant", "lumi")
    assert await line_of(typed, "parcel") == f"{about}; on at freshmart"


@pytest.mark.usefixtures("brands")
async def test_a_wheel_that_is_gone_is_one_warning_and_its_tables_stay(
    typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = [one for one in entry_points(group=discovery.GROUP) if one.name != "parcel"]
    monkeypatch.setattr(discovery, "entry_points", lambda **_: known)
    assert said(await typed("migrate")) == ["Not installed, but with tables here, which are kept: parcel."]
    assert await line_of(typed, "parcel") == "parcel is not installed: parcel_label, parcel_stamp"
    refused = await typed("plugin", "uninstall", "parcel", "--yes")
    assert refused.exit_code == 1
    assert "parcel is not installed" in refused.stderr


async def test_one_plugin_is_installed_and_says_what_it_did(typed: Typed, put: Any) -> None:
    put(parcel(upto=1))
    assert said(await typed("plugin", "install", "parcel")) == [
        "parcel: the tables of core are not up to date: hexmart migrate"
    ]
    await typed("migrate")
    assert said(await typed("plugin", "install", "parcel")) == ["parcel has nothing to migrate."]
    put(parcel())
    assert said(await typed("plugin", "install", "parcel")) == ["parcel is at 0002 now."]
    assert said(await typed("plugin", "install", "no_such"))[0].startswith("no_such is not installed; there is: ")


async def test_everything_is_checked_and_a_fault_is_a_sentence(typed: Typed, put: Any) -> None:
    await typed("migrate")
    put(parcel())
    assert said(await typed("plugin", "check", "parcel")) == [
        "parcel: it is at no migration, not at 0002: hexmart plugin install parcel"
    ]
    assert said(await typed("plugin", "check", "sandbox")) == ["Everything is in order."]
    await typed("migrate")
    assert said(await typed("plugin", "check")) == ["Everything is in order."]
    put(parcel() | {FIRST: script("0001", None, LABEL, 'op.drop_table("parcel_label")')})
    put({**parcel(), "parcel.models": parcel()["parcel.models"].replace("text: Mapped[str]", "words: Mapped[str]")})
    result = await typed("plugin", "check", "parcel")
    assert result.exit_code == 1
    assert said(result) == [
        "parcel: its migrations are not what its models say: add_column parcel_label words",
        "parcel: its migrations are not what its models say: remove_column parcel_label text",
    ]
    put(parcel(body="@hookimpl\ndef register_jobs(work): return []"))
    result = await typed("plugin", "check")
    assert (result.exit_code, said(result)[0][:40]) == (1, "parcel: register_jobs has no argument wo")


async def test_whoever_has_it_on_keeps_it_unless_forced(typed: Typed, brands: Platform, tmp_path: Path) -> None:
    refused = await typed("plugin", "uninstall", "parcel", "--yes", "--into", str(tmp_path / "out"))
    assert refused.exit_code == 1
    assert said(refused) == ["parcel is on at freshmart, lumi: switch it off there first, or say --force"]
    assert not (tmp_path / "out").exists()
    answered_no = await typed("plugin", "uninstall", "parcel", "--force", answer="n\n")
    assert answered_no.exit_code == 1
    assert "parcel" in await plugins_of(brands, "lumi")


async def test_it_is_written_down_and_taken_away_and_nothing_else_is_touched(
    typed: Typed, brands: Platform, scratch: str, tmp_path: Path
) -> None:
    def everything(connection: Any) -> frozenset[tuple[str, str]]:
        return others(connection, "parcel")

    before = await look(scratch, everything)
    done = await typed("plugin", "uninstall", "parcel", "--force", "--into", str(tmp_path), answer="y\n")
    assert done.exit_code == 0, said(done)
    assert await look(scratch, everything) == before
    assert await plugins_of(brands, "lumi") == frozenset()
    folder = exported(tmp_path)
    manifest = orjson.loads((folder / "export.json").read_bytes())
    assert manifest["rows"] == {"parcel_label": 4, "parcel_stamp": 0}
    assert manifest["revision"] == "0002"
    for slug in BRANDS:
        rows = [orjson.loads(line) for line in (folder / slug / "parcel_label.jsonl").read_text("utf-8").splitlines()]
        assert {row["text"] for row in rows} == {f"one of {slug}", 'two\n"鲜"'}, "each brand's own, and no other's"
        assert not (folder / slug / "parcel_stamp.jsonl").exists()
    assert (await line_of(typed, "parcel")).endswith("no tables; on nowhere")
    again = await typed("plugin", "uninstall", "parcel", "--yes")
    assert said(again) == ["parcel has no tables here."]
    assert said(await typed("migrate")) == ["parcel is at 0002 now."]


async def test_a_brand_is_set_from_the_command_line(typed: Typed, brands: Platform) -> None:
    async def enable(settings: str) -> Result:
        return await typed("plugin", "enable", "parcel", "--tenant", "lumi", "--settings", settings)

    assert said(await enable('{"limit": 7, "key": "sk-1"}')) == ["parcel is on at lumi."]
    assert said(await enable('{"limit": 0}')) == ["Input should be greater than or equal to 1."]
    [settings] = (await _tenant(brands, "lumi")).settings.values()
    assert settings.limit == 7


async def _tenant(platform: Platform, slug: str) -> Any:
    platform.registry.forget(slug)
    return await platform.registry.by_slug(slug)
