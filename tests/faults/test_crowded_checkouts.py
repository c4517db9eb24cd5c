"""A crowd, a plugin that hangs, an order that cannot be written: nobody else is kept from buying."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

import pytest

from core.extensions import asking
from core.hooks import hookimpl
from core.orders import Checkout, ordering
from core.orders.ordering import Sale
from core.work import Work
from hexmart.app import Application, create_app
from hexmart.databases import Databases
from hexmart.settings import Settings
from hexmart.testing import Client, UsePlugins, World
from tenants import Platform
from tenants.batches import Bounds
from tests.faults.audit import audit
from tests.faults.crowd import PLACE, SCALE, rush
from tests.faults.shop import Books, books, cart_id_of, fill_carts, stock_up

pytestmark = pytest.mark.anyio
ROOM = 5  #: of those whom a crowd lets in at once there are far more


@dataclass(eq=False)
class Hangs:
    """A plugin that thinks about checkouts until it is let go."""

    asked: list[Sequence[Checkout]] = field(default_factory=list)
    let_go: asyncio.Event = field(default_factory=asyncio.Event)

    @hookimpl
    async def claim(self, work: Work, checkouts: Sequence[Checkout]) -> list[None]:  # noqa: ARG002 - a hook's arguments are its names
        self.asked.append(checkouts)
        await self.let_go.wait()
        return [None for _ in checkouts]


async def test_an_order_that_cannot_be_written_fails_alone(
    platform: Platform, client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    carts = await fill_carts(platform, world, 30)
    write, poisoned = ordering._order, carts[17]

    def fails_at_one(sale: Sale) -> tuple[object, ...]:
        if sale.cart_id == poisoned:
            raise ZeroDivisionError
        return write(sale)

    monkeypatch.setattr(ordering, "_order", fails_at_one)
    crowd = await rush(client, carts)
    assert (len(crowd.orders), crowd.short, len(crowd.other)) == (29, [], 1)
    assert await books(platform, world) == Books(on_hand=100, reserved=29, held=29, orders=29)
    assert not await audit(platform, world.tenant)


async def test_a_plugin_that_hangs_at_every_store_of_a_brand_keeps_no_other_brand_waiting(
    platform: Platform,
    client: Client,
    world: World,
    other_world: World,
    use_plugins: UsePlugins,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(asking, "BUDGET", 60)
    plugin = Hangs()
    await use_plugins(hangs=plugin)
    carts = [cart for store in ("S1", "S2") for cart in await fill_carts(platform, world, 5, store=store)]
    hanging = asyncio.create_task(rush(client, carts))
    async with asyncio.timeout(60):
        while len(plugin.asked) < 2:  # noqa: ASYNC110 - it is asked at both stores
            await asyncio.sleep(0.005)
    others = await fill_carts(platform, other_world, 20)
    crowd = await rush(Client(client.application, other_world.tenant.slug), others)
    assert (len(crowd.orders), crowd.other, hanging.done()) == (20, [], False)
    plugin.let_go.set()
    assert len((await hanging).orders) == 10
    for one in (world, other_world):
        assert not await audit(platform, one.tenant)


@asynccontextmanager
async def _bounded(databases: Databases, settings: Settings, bounds: Bounds) -> AsyncIterator[Application]:
    made = create_app(databases, settings.model_copy(update={"checkout": bounds}), with_worker=False)
    yield made
    await made.platform.close()


async def _one_after_the_other(client: Client, carts: Sequence[UUID], over: asyncio.Event) -> list[str]:
    """What each of them is told, while a crowd buys elsewhere; an order has no code."""
    told = []
    for cart in carts:
        wish = {"cartId": cart_id_of(cart), "idempotencyKey": "k"}
        answer = (await client.send(PLACE, input=wish))["data"]["orderPlace"]
        told.append("order" if answer["order"] else answer["userErrors"][0]["code"])
    over.set()
    return told


async def test_only_the_brand_that_is_crowded_is_told_that_it_is_busy(
    databases: Databases, settings: Settings, world: World, other_world: World
) -> None:
    async with _bounded(databases, settings, Bounds(most=2, room=ROOM, patience=60)) as application:
        platform, over = application.platform, asyncio.Event()
        carts = await fill_carts(platform, world, 200 * SCALE)
        await stock_up(platform, world, 200 * SCALE)
        steady = await fill_carts(platform, other_world, 10)
        neighbour = Client(application, other_world.tenant.slug)
        crowd, told = await asyncio.gather(
            rush(Client(application, world.tenant.slug), carts), _one_after_the_other(neighbour, steady, over)
        )
        busy = [one for one in crowd.other if _code(one) == "BUSY"]
        print(  # noqa: T201 - the figure is wanted
            f"a crowd of {len(carts)} with room for {ROOM}: orders={len(crowd.orders)} BUSY={len(busy)}; "
            f"its neighbour: {told.count('order')} orders of 10"
        )
        assert told == ["order"] * 10
        assert busy == crowd.other
        assert busy
        assert len(crowd.orders) + len(busy) == len(carts)
        for one in (world, other_world):
            assert not await audit(platform, one.tenant)


def _code(payload: object) -> str:
    assert isinstance(payload, dict)
    return str(payload["userErrors"][0]["code"])
