"""A plugin that is switched on or off: every process goes by it, whatever becomes of the one that did it."""

from collections.abc import AsyncIterator

import pytest

from core.actors import system
from core.ids import new_id
from core.orders import OrderPlaced
from hexmart.app import Application, background, create_app
from hexmart.databases import Databases
from hexmart.settings import Settings
from hexmart.testing import Client, World
from hexmart.worker import Worker
from tenants import Platform, suspend
from tenants.plugins import disable, enable
from tests.waiting import until

pytestmark = pytest.mark.anyio
ACTOR = system("test")
WAITING = "SELECT count(*) FROM outbox WHERE tenant_id = $1 AND name = 'orders.OrderPlaced' AND dispatched_at IS NULL"


@pytest.fixture
async def elsewhere(databases: Databases, settings: Settings) -> AsyncIterator[Application]:
    """Another process on the same database."""
    made = create_app(databases, settings, with_worker=False)
    async with background(made.platform, None, settings):
        await until(made.platform.changes.hearing)
        yield made
    await made.platform.close()


async def asked(there: Client) -> set[str]:
    return set((await there.run("{ brand { plugins } }"))["brand"]["plugins"])


async def plugins_at(elsewhere: Application, world: World) -> frozenset[str]:
    return (await elsewhere.platform.registry.by_slug(world.tenant.slug)).plugins


async def test_another_process_hears_of_it_and_forgets_what_it_knew(
    platform: Platform, world: World, elsewhere: Application
) -> None:
    there = Client(elsewhere, world.tenant.slug)
    on = set(world.tenant.plugins)
    assert await asked(there) == on
    owner = await there.staff(world.email("owner"))
    assert await asked(owner) == on
    known = elsewhere.platform.standings._known
    assert world.tenant.slug in known
    await disable(platform, world.tenant, ACTOR, "sandbox")
    await until(lambda: world.tenant.slug not in known)  # the permissions of everybody may be others now
    assert await asked(there) == on - {"sandbox"}
    assert not elsewhere.platform.hooks(await plugins_at(elsewhere, world)).payment_providers
    await enable(platform, world.tenant, ACTOR, "sandbox")
    await until(lambda: (world.tenant.slug,) not in elsewhere.platform.registry._tenants._values)
    assert await asked(there) == on


async def test_whoever_dies_before_telling_has_told_by_its_transaction(
    platform: Platform, world: World, elsewhere: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def die(_: str) -> None:
        raise ConnectionResetError

    assert "sandbox" in await plugins_at(elsewhere, world)
    monkeypatch.setattr(platform, "tell_changed", die)
    with pytest.raises(ConnectionResetError):
        await disable(platform, world.tenant, ACTOR, "sandbox")
    await until(lambda: (world.tenant.slug,) not in elsewhere.platform.registry._tenants._values)
    assert "sandbox" not in await plugins_at(elsewhere, world)


async def test_nothing_of_a_plugin_runs_for_a_brand_that_is_suspended(platform: Platform, world: World) -> None:
    tenant = await suspend(platform, world.tenant.slug, "unpaid bills")
    assert tenant.plugins == set()
    assert not platform.hooks(tenant.plugins).payment_providers


async def test_events_of_a_brand_that_is_suspended_wait_for_it(platform: Platform, world: World) -> None:
    """Were they handed out while its plugins are off, the plugins would never hear of them."""
    async with platform.open_work(world.tenant, ACTOR) as work:
        work.emit(OrderPlaced(order_id=new_id(), store_id=new_id(), payable=1))
    await suspend(platform, world.tenant.slug, "unpaid bills")
    worker = Worker(platform)
    worker.ring(world.tenant.slug)
    await worker._answer()
    async with platform.open_work(world.tenant, ACTOR, read_only=True) as work:
        assert await work.value(WAITING) == 1
