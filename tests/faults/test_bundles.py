"""Bundles while everything happens at once: a part is promised once, whatever it is in and whoever changes that."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest

from core import catalog, inventory, orders
from core.actors import ANONYMOUS, system
from core.catalog import NoOwnStock, bundles
from core.errors import Invalid
from core.inventory import Correction, posting
from core.orders import Candidate, OrderRow, PlaceRequest
from core.work import Work
from hexmart.testing import Client, World
from tenants import Platform
from tests.bundling import add_bundle, set_bundle
from tests.faults.audit import audit
from tests.faults.crowd import rush
from tests.faults.shop import MILK, books, fill_carts, stock_up

pytestmark = pytest.mark.anyio

BOX, PAIR, NEW, OTHER = "BOX", "PAIR", "NEW", "OTHER"
Change = Callable[[Work], Awaitable[object]]


@pytest.fixture(autouse=True)
async def sold(platform: Platform, world: World) -> None:
    """Two bundles that share the milk, and two variants of which there never was any."""
    for sku, made_of in ((BOX, {MILK: 2, "BREAD": 1}), (PAIR, {MILK: 1, "MILK-2L": 1}), (NEW, {}), (OTHER, {})):
        await add_bundle(platform, world, sku, made_of)


async def test_fifty_buyers_of_two_bundles_get_the_parts_there_are(
    platform: Platform, client: Client, world: World
) -> None:
    carts = [cart for sku in (BOX, PAIR) for cart in await fill_carts(platform, world, 25, {sku: 1})]
    await stock_up(platform, world, 31)
    crowd = await rush(client, carts[::2] + carts[1::2])
    print(f"25 buyers of each of two bundles, 31 of the part they share: {crowd}")  # noqa: T201 - the figure is wanted
    milk, bread, large = [await books(platform, world, sku) for sku in (MILK, "BREAD", "MILK-2L")]
    assert not crowd.other
    assert (bread.reserved + large.reserved, len(crowd.short)) == (len(crowd.orders), 50 - len(crowd.orders))
    assert milk.reserved == 2 * bread.reserved + large.reserved <= milk.on_hand == 31
    assert milk.on_hand - milk.reserved <= 1, "who was refused found less than a bundle"
    assert {line["variant"]["sku"] for refusal in crowd.short for line in refusal["lines"]} <= {BOX, PAIR}
    assert not await audit(platform, world.tenant)


async def _prepared(platform: Platform, world: World, wanted: str) -> Candidate:
    [cart] = await fill_carts(platform, world, 1, {wanted: 1})
    async with platform.open_work(world.tenant, ANONYMOUS, read_only=True) as work:
        [one] = await orders.prepare(work, [PlaceRequest(cart_id=cart, actor=ANONYMOUS, key="k")])
    assert isinstance(one, Candidate)
    return one


async def _settled(platform: Platform, world: World, prepared: Sequence[Candidate]) -> list[orders.Settled | None]:
    async with platform.open_work(world.tenant, system("test")) as work:
        return await orders.settle(work, prepared)


async def test_what_is_another_bundle_by_now_is_looked_at_again(platform: Platform, world: World) -> None:
    prepared = [await _prepared(platform, world, sku) for sku in (BOX, PAIR)]
    await set_bundle(platform, world, BOX, {MILK: 3, "BREAD": 1})
    [box, pair] = await _settled(platform, world, prepared)
    assert box is None
    assert isinstance(pair, OrderRow)
    assert (await books(platform, world)).reserved == 1


async def test_without_the_comparison_it_would_be_sold_as_what_it_is_not(
    platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared = await _prepared(platform, world, BOX)

    async def as_it_was(*_: object) -> object:
        return prepared.bundles

    monkeypatch.setattr(catalog, "parts_of", as_it_was)
    await set_bundle(platform, world, BOX, {MILK: 3, "BREAD": 1})
    assert isinstance((await _settled(platform, world, [prepared]))[0], OrderRow)
    assert (await books(platform, world)).reserved == 2


def _bundle(world: World, sku: str, part: str) -> Change:
    return lambda work: catalog.set_bundle(work, world.variant_keys[sku], [(world.variant_keys[part], 1)])


def _stock(world: World, sku: str) -> Change:
    found = Correction("FOUND", delta=1)
    return lambda work: inventory.correct(work, world.store_keys["S1"], world.variant_keys[sku], found)


async def _meanwhile(platform: Platform, world: World, first: Change, second: Change) -> BaseException | None:
    """What becomes of a change that begins before another one is committed."""

    async def change() -> None:
        async with platform.open_work(world.tenant, system("test")) as work:
            await second(work)

    async with platform.open_work(world.tenant, system("test")) as work:
        await first(work)
        late = asyncio.create_task(change())
        await asyncio.sleep(0.3)  # it waits for the first, or would be through by now
    return (await asyncio.gather(late, return_exceptions=True))[0]


async def test_nobody_puts_on_a_shelf_what_becomes_a_bundle(platform: Platform, world: World) -> None:
    refused = await _meanwhile(platform, world, _bundle(world, NEW, MILK), _stock(world, NEW))
    assert isinstance(refused, NoOwnStock)
    assert not await audit(platform, world.tenant)


async def test_nobody_makes_a_bundle_of_what_is_put_on_a_shelf(platform: Platform, world: World) -> None:
    refused = await _meanwhile(platform, world, _stock(world, NEW), _bundle(world, NEW, MILK))
    assert isinstance(refused, Invalid)
    assert not await audit(platform, world.tenant)


async def test_two_do_not_become_bundles_of_each_other(platform: Platform, world: World) -> None:
    refused = await _meanwhile(platform, world, _bundle(world, NEW, OTHER), _bundle(world, OTHER, NEW))
    assert isinstance(refused, Invalid)
    assert not await audit(platform, world.tenant)


async def test_without_a_look_at_what_is_held_stock_of_a_bundle_is_found_by_the_audit(
    platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "LOCKED", posting.LOCKED.replace("v.bundle", "false"))
    assert await _meanwhile(platform, world, _bundle(world, NEW, MILK), _stock(world, NEW)) is None
    assert set(await audit(platform, world.tenant)) == {"catalog.bundles"}


async def test_without_a_lock_of_the_key_a_bundle_of_stock_is_found_by_the_audit(
    platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundles, "LOCK_KEY", bundles.LOCK_KEY.replace("FOR UPDATE", ""))
    assert await _meanwhile(platform, world, _stock(world, NEW), _bundle(world, NEW, MILK)) is None
    assert set(await audit(platform, world.tenant)) == {"catalog.bundles"}


async def test_without_locks_bundles_of_each_other_are_found_by_the_audit(
    platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, lock in (("LOCK", "FOR NO KEY UPDATE"), ("LOCK_KEY", "FOR UPDATE")):
        monkeypatch.setattr(bundles, name, getattr(bundles, name).replace(lock, ""))
    assert await _meanwhile(platform, world, _bundle(world, NEW, OTHER), _bundle(world, OTHER, NEW)) is None
    assert set(await audit(platform, world.tenant)) == {"catalog.components"}
