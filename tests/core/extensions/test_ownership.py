"""A plugin's own SQL writes its own tables; core's are written by core's verbs, whoever calls them."""

import sys
from collections.abc import Iterator
from types import ModuleType

import pytest
from sqlalchemy import text

from core import inventory
from core.actors import system
from core.extensions import ForeignWrite, ownership
from core.inventory import Correction
from hexmart.testing import World
from tenants import Platform

pytestmark = pytest.mark.anyio

SOURCE = """
from core import inventory
from core.inventory import Correction

async def steal(work):
    await work.execute("UPDATE stock SET reserved = 0 WHERE tenant_id = $1")

async def steal_by_orm(work, statement):
    await work.session.execute(statement)

async def look(work):
    return await work.value("SELECT count(*) FROM stock WHERE tenant_id = $1")

async def ask_core(work, location, variant):
    await inventory.correct(work, location, variant, Correction("FOUND", delta=1))
"""


@pytest.fixture
def stranger(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.setattr(ownership, "_packages", dict(ownership._packages))
    module = ModuleType("stranger.service")
    monkeypatch.setitem(sys.modules, "stranger.service", module)
    ownership.own("stranger", "stranger")
    exec(SOURCE, vars(module))  # noqa: S102 - a plugin from outside
    yield module
    ownership.plugin_of.cache_clear()


async def test_a_write_to_a_table_of_core_is_refused_by_name(
    platform: Platform, world: World, stranger: ModuleType
) -> None:
    with pytest.raises(ForeignWrite, match="stranger writes stock"):
        async with platform.open_work(world.tenant, system("test")) as work:
            await stranger.steal(work)


async def test_the_orm_is_refused_since_nobody_can_tell_whose_its_statements_are(
    platform: Platform, world: World, stranger: ModuleType
) -> None:
    with pytest.raises(ForeignWrite, match="stranger asks for the ORM"):
        async with platform.open_work(world.tenant, system("test")) as work:
            await stranger.steal_by_orm(work, text("UPDATE stock SET reserved = 0"))


async def test_core_writes_for_it_and_it_may_look(platform: Platform, world: World, stranger: ModuleType) -> None:
    async with platform.open_work(world.tenant, system("test")) as work:
        assert await stranger.look(work)
        key, milk = world.store_keys["S1"], world.variant_keys["MILK-1L"]
        before = (await inventory.at_location(work, key, [milk]))[0].on_hand
        await stranger.ask_core(work, key, milk)
        assert (await inventory.at_location(work, key, [milk]))[0].on_hand == before + 1
        await inventory.correct(work, key, milk, Correction("FOUND", delta=1))


@pytest.mark.usefixtures("stranger")
def test_a_module_belongs_to_the_plugin_that_holds_it() -> None:
    assert ownership.plugin_of("stranger.jobs.deep") == "stranger"
    assert ownership.plugin_of("strangers.jobs") is None
    assert ownership.plugin_of("core.orders") is None
