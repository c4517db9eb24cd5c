"""The network between the application and PostgreSQL: late, cut, and silent when it matters most."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest

from core.hooks import hookimpl
from core.idempotency import service as idempotency
from core.orders import Checkout
from core.work import Work
from hexmart.app import Application, create_app
from hexmart.databases import Databases
from hexmart.settings import Settings
from hexmart.testing import Client, World, with_plugins
from tenants import Platform
from tenants import batches as queues
from tests.faults.audit import audit
from tests.faults.crowd import SCALE, rush
from tests.faults.journal import Journal
from tests.faults.proxy import Loss, Proxy, proxied
from tests.faults.shop import Books, books, fill_carts, stock_up

pytestmark = pytest.mark.anyio


@pytest.fixture
async def proxy(databases: Databases) -> AsyncIterator[Proxy]:
    async with proxied(databases.app) as made:
        yield made


@pytest.fixture
async def far(proxy: Proxy, databases: Databases, settings: Settings) -> AsyncIterator[Application]:
    """The application, whose way to the database is the proxy."""
    made = create_app(replace(databases, app=proxy.url), settings, with_worker=False)
    yield made
    await made.platform.close()


class Unlucky:
    """A plugin whose connection is cut when it asks for something, the first time."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy
        self.asked = 0

    @hookimpl
    async def validate_checkout(self, work: Work, checkouts: Sequence[Checkout]) -> list[None]:
        self.asked += 1
        if self.asked == 1:
            self._proxy.cut()
        await work.value("SELECT 1 WHERE $1::bigint IS NOT NULL")
        return [None for _ in checkouts]


@pytest.fixture
def shopper(far: Application, world: World) -> Client:
    return Client(far, world.tenant.slug)


@pytest.mark.parametrize("loss", Loss)
async def test_a_shopper_whose_commit_was_lost_gets_the_one_order_all_the_same(
    proxy: Proxy, shopper: Client, platform: Platform, world: World, loss: Loss
) -> None:
    [cart] = await fill_carts(platform, world, 1)
    proxy.losses = [loss]
    crowd = await rush(shopper, [cart])
    assert (len(crowd.orders), crowd.other, proxy.losses) == (1, [], [])
    assert await books(platform, world) == Books(on_hand=100, reserved=1, held=1, orders=1)
    assert not await audit(platform, world.tenant)


@pytest.mark.parametrize("loss", Loss)
async def test_who_is_told_nothing_asks_again_by_the_same_key(
    proxy: Proxy, shopper: Client, platform: Platform, world: World, loss: Loss
) -> None:
    journal = Journal(await fill_carts(platform, world, 1))
    proxy.losses = [loss] * (queues.REPETITIONS + 1)
    assert not await journal.ask(shopper.send, journal.carts[0])
    assert proxy.losses == []
    await journal.settle(shopper.send, platform, world)
    assert await books(platform, world) == Books(on_hand=100, reserved=1, held=1, orders=1)
    assert not await audit(platform, world.tenant)


async def test_without_what_the_key_recalls_the_shopper_would_be_refused(
    proxy: Proxy, shopper: Client, platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(await fill_carts(platform, world, 1))
    proxy.losses = [Loss.ANSWER] * (queues.REPETITIONS + 1)
    assert not await journal.ask(shopper.send, journal.carts[0])
    monkeypatch.setattr(idempotency, "RECALL", idempotency.RECALL + " AND false")
    with pytest.raises(AssertionError, match="CART_ORDERED"):
        await journal.settle(shopper.send, platform, world)


@pytest.mark.parametrize("loss", Loss)
async def test_a_batch_whose_commit_was_lost_gives_each_of_its_shoppers_one_order(
    proxy: Proxy, shopper: Client, platform: Platform, world: World, loss: Loss
) -> None:
    carts = await fill_carts(platform, world, 20)
    proxy.losses = [loss] * (2 * queues.REPETITIONS + 4)  # the first comes alone, the others are repeated one by one
    crowd = await rush(shopper, carts)
    print(f"C13: a COMMIT that {loss}: {crowd}, {proxy.lost} lost")  # noqa: T201 - the figure is wanted
    assert proxy.losses == []
    assert len(set(crowd.orders)) == len(crowd.orders)
    assert len(crowd.orders) + len(crowd.other) == 20
    journal = Journal(carts)
    await journal.settle(shopper.send, platform, world)
    assert set(crowd.orders) <= set(journal.told.values())
    assert await books(platform, world) == Books(on_hand=100, reserved=20, held=20, orders=20)
    assert not await audit(platform, world.tenant)


async def test_a_connection_that_is_cut_while_a_plugin_uses_it_is_no_fault_of_the_plugin(
    proxy: Proxy, far: Application, shopper: Client, world: World
) -> None:
    [cart] = await fill_carts(far.platform, world, 1)
    plugin = Unlucky(proxy)
    async with with_plugins(far.platform, world.tenant, {"unlucky": plugin}):
        crowd = await rush(shopper, [cart])
        assert (len(crowd.orders), crowd.other) == (1, [])
        assert plugin.asked == 2
        assert far.platform.breakers.condition(world.tenant.id, "unlucky").latest is None


async def test_an_order_that_was_told_is_there_however_often_the_network_is_cut(
    proxy: Proxy, shopper: Client, platform: Platform, world: World
) -> None:
    journal = Journal(await fill_carts(platform, world, 60 * SCALE))
    await stock_up(platform, world, 60 * SCALE)
    over, cuts = asyncio.Event(), 8 * SCALE
    shopping = asyncio.create_task(journal.shop(shopper.send, over))
    for _ in range(cuts):
        await journal.goes_on(5)
        assert proxy.cut()
        proxy.losses = list(Loss)
    proxy.losses = []
    over.set()
    await shopping
    lost = await journal.lost(platform, world)
    print(f"C13: {journal}, {cuts} cuts, {proxy.lost} COMMITs lost: orders lost={len(lost)}")  # noqa: T201
    assert lost == []
    await journal.settle(shopper.send, platform, world)
    assert not await audit(platform, world.tenant)


async def test_a_slow_network_costs_time_and_nothing_else(
    proxy: Proxy, shopper: Client, platform: Platform, world: World
) -> None:
    carts = await fill_carts(platform, world, 40)
    await stock_up(platform, world, 10)
    proxy.late = 0.005
    crowd = await rush(shopper, carts)
    assert (len(crowd.orders), len(crowd.short), crowd.other) == (10, 30, [])
    assert not await audit(platform, world.tenant)
