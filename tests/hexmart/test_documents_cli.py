"""`hexmart documents`, as somebody types it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

import pytest
from typer.testing import CliRunner, Result

from core import clock
from core.actors import system
from hexmart import embedded
from hexmart.assembly import assemble
from hexmart.cli import app
from hexmart.databases import Databases, migrate
from hexmart.settings import Settings
from hexmart.testing import World
from tenants import NewTenant, Platform, clockwork, create, documents

pytestmark = pytest.mark.anyio
Typed: TypeAlias = Callable[..., Awaitable[Result]]

SHOP = "query Name { brand { name } }\nquery Slug { brand { slug } }\n"
NAME = "query Name {\n  brand {\n    name\n  }\n}"
SLUG = NAME.replace("Name", "Slug").replace("name", "slug")
NAME_ID, SLUG_ID = (sha256(text.encode()).hexdigest() for text in (NAME, SLUG))


@pytest.fixture
def typed(databases: Databases, world: World, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Type a command about the test's brand; commands have an event loop of their own, so a thread of their own too."""
    monkeypatch.setenv("HEXMART_DATABASE_URL", databases.owner)
    monkeypatch.setenv("HEXMART_SECRET", "a secret for tests only")

    async def run(*words: str, tenant: str = world.tenant.slug) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, app, ["documents", *words, "--tenant", tenant])

    return run


@pytest.fixture
def shop(tmp_path: Path) -> str:
    path = tmp_path / "shop.graphql"
    path.write_text(SHOP)
    return str(path)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home of its own, in which no server runs yet."""
    monkeypatch.delenv("HEXMART_DATABASE_URL", raising=False)
    monkeypatch.setenv("HEXMART_HOME", str(tmp_path / "home"))
    yield tmp_path / "home"
    embedded.erase(tmp_path / "home")


def one_line(result: Result) -> str:
    return " ".join(result.stderr.split())


async def test_a_file_is_registered_and_listed_by_name_and_id(
    typed: Typed, shop: str, platform: Platform, world: World
) -> None:
    both = f"Name  {NAME_ID}\nSlug  {SLUG_ID}\n"
    done = await typed("register", shop)
    assert (done.exit_code, done.stdout) == (0, both)
    assert one_line(done) == "2 registered, 0 were registered already."
    assert await documents.read(platform, world.tenant, NAME_ID) == NAME
    again = await typed("register", shop)
    assert (again.exit_code, one_line(again)) == (0, "0 registered, 2 were registered already.")
    listed = await typed("list")
    assert (listed.exit_code, sorted(listed.stdout.splitlines())) == (0, sorted(both.splitlines()))
    assert one_line(listed) == f"2 registered; {world.tenant.slug} allows others too."


async def test_documents_are_withdrawn_by_id(typed: Typed, shop: str, platform: Platform, world: World) -> None:
    await typed("register", shop)
    done = await typed("withdraw", NAME_ID, "nothing")
    assert (done.exit_code, done.stdout) == (0, "")
    assert one_line(done) == "nothing was not registered. 1 withdrawn."
    assert [one.id for one in await documents.listing(platform, world.tenant)] == [SLUG_ID]


async def test_a_brand_allows_its_documents_only_until_it_does_not(
    typed: Typed, platform: Platform, world: World
) -> None:
    slug = world.tenant.slug
    for words, only, said in (
        (("only",), True, f"{slug} allows its trusted documents only."),
        (("only", "--off"), False, f"{slug} allows any document."),
    ):
        done = await typed(*words)
        assert (done.exit_code, one_line(done)) == (0, said)
        platform.registry.forget(slug)  # no listener runs here
        assert (await platform.registry.by_slug(slug)).trusted_only is only
        others = "no others" if only else "others too"
        assert one_line(await typed("list")) == f"0 registered; {slug} allows {others}."


async def test_one_wrong_document_leaves_the_whole_file_unregistered(
    typed: Typed, tmp_path: Path, platform: Platform, world: World
) -> None:
    path = tmp_path / "wrong.graphql"
    path.write_text(SHOP + "query Wrong { brand { nme } }")
    refused = await typed("register", str(path))
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert one_line(refused) == "Wrong: Cannot query field 'nme' on type 'Brand'. Did you mean 'name'?"
    assert await documents.listing(platform, world.tenant) == []


async def test_a_mistake_is_answered_in_one_sentence(
    typed: Typed, tmp_path: Path, shop: str, platform: Platform, world: World
) -> None:
    unknown = await typed("list", tenant="nobody")
    assert (unknown.exit_code, one_line(unknown)) == (1, "No brand answers to nobody.")
    missing = await typed("register", str(tmp_path / "a.graphql"))
    assert (missing.exit_code, one_line(missing)) == (1, "a.graphql cannot be read: No such file or directory.")
    await documents.register(platform, world.tenant, {SLUG_ID: "{ brand { name } }"})
    changed = await typed("register", shop)
    assert (changed.exit_code, changed.stdout) == (1, "")
    assert one_line(changed).startswith(f"{SLUG_ID} is registered with another text")
    assert [one.id for one in await documents.listing(platform, world.tenant)] == [SLUG_ID]


async def test_without_a_demo_that_runs_there_is_nothing_to_ask(home: Path) -> None:
    refused = await asyncio.to_thread(CliRunner().invoke, app, ["documents", "list", "--tenant", "freshmart"])
    assert (refused.exit_code, one_line(refused)) == (1, "The demo is not running: start it with `make demo`.")
    assert not (home / "postgres").exists()


async def registered_at(databases: Databases) -> list[datetime]:
    platform = assemble(databases, Settings())
    found = await documents.listing(platform, await platform.registry.by_slug("freshmart"))
    await platform.close()
    return [one.registered_at for one in found]


async def make_brand(databases: Databases) -> None:
    """A brand whose clock stands thirty days ahead."""
    await migrate(databases.owner)
    platform = assemble(databases, Settings())
    await create(platform, NewTenant("freshmart", "Freshmart", "owner@freshmart.example"), system("test"))
    await clockwork.advance(platform, timedelta(days=30))
    await platform.close()


def test_a_running_demo_is_joined_and_its_clock_followed(home: Path, shop: str) -> None:
    with embedded.running(home) as url:
        databases = Databases.of(url, Settings())
        try:
            asyncio.run(make_brand(databases))
            clock.move_to_offset(0)  # as in a new process
            done = CliRunner().invoke(app, ["documents", "register", shop, "--tenant", "freshmart"])
        finally:
            clock.move_to_offset(0)
        assert (done.exit_code, one_line(done)) == (0, "2 registered, 0 were registered already.")
        ahead = [at - clock.now() for at in asyncio.run(registered_at(databases))]
    assert [round(one / timedelta(days=1)) for one in ahead] == [30, 30]
