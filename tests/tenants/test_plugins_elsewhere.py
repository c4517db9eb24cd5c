"""A plugin that is switched on or off: every process goes by it, whatever becomes of the one that did it."""

from collections.abc import AsyncIterator

import pytest

from core.actors import system
from hexmart.app import Application, background, create_app
from hexmart.databases import Databases
from hexmart.settings import Settings
from hexmart.testing import Client, World
from tenants import Platform, suspend
from tenants.plugins import disable, enable
from tests.waiting import until

pytestmark = pytest.mark.anyio
ACTOR = system("test")
Answer = dict[str, dict[str, list[str]]]
OFF: Answer = {"brand": {"plugins": []}}
ON: Answer = {"brand": {"plugins": ["sandbox"]}}


@pytest.fixture
async def elsewhere(databases: Databases, settings: Settings) -> AsyncIterator[Application]:
    """Another process on the same database."""
    made = create_app(databases, settings, with_worker=False)
    async with background(made.platform, None, settings):
        await until(made.platform.changes.hearing)
        yield made
    await made.platform.close()


async def plugins_at(elsewhere: Application, world: World) -> frozenset[str]:
    return (await elsewhere.platform.registry.by_slug(world.tenant.slug)).plugins


async def test_another_process_hears_of_it_and_forgets_what_it_knew(
    platform: Platform, world: World, elsewhere: Application
) -> None:
    there = Client(elsewhere, world.tenant.slug)
    assert await there.run("{ brand { plugins } }") == ON
    owner = await there.staff(world.email("owner"))
    assert await owner.run("{ brand { plugins } }") == ON
    known = elsewhere.platform.standings._known
    assert world.tenant.slug in known
    await disable(platform, world.tenant, ACTOR, "sandbox")
    await until(lambda: world.tenant.slug not in known)  # the permissions of everybody may be others now
    assert await there.run("{ brand { plugins } }") == OFF
    assert not elsewhere.platform.hooks(await plugins_at(elsewhere, world)).payment_providers
    await enable(platform, world.tenant, ACTOR, "sandbox")
    await until(lambda: (world.tenant.slug,) not in elsewhere.platform.registry._tenants._values)
    assert await there.run("{ brand { plugins } }") == ON


async def test_whoever_dies_before_telling_has_told_by_its_transaction(
    platform: Platform, world: World, elsewhere: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def die(_: str) -> None:
        raise ConnectionResetError

    assert await plugins_at(elsewhere, world) == {"sandbox"}
    monkeypatch.setattr(platform, "tell_changed", die)
    with pytest.raises(ConnectionResetError):
        await disable(platform, world.tenant, ACTOR, "sandbox")
    await until(lambda: (world.tenant.slug,) not in elsewhere.platform.registry._tenants._values)
    assert await plugins_at(elsewhere, world) == set()


async def test_nothing_of_a_plugin_runs_for_a_brand_that_is_suspended(platform: Platform, world: World) -> None:
    tenant = await suspend(platform, world.tenant.slug, "unpaid bills")
    assert tenant.plugins == set()
    assert not platform.hooks(tenant.plugins).payment_providers
