"""Packages of a crowd: what several stores have together is sold once, and those that share do not wait in a circle."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import asyncpg
import pytest

from core import inventory, orders
from core.actors import ANONYMOUS
from core.contacts import Contact
from core.inventory import reserving
from core.orders import PlaceRequest
from hexmart.app import Application
from hexmart.testing import Client, World
from hexmart.testing.brands import build_world
from hexmart.testing.statements import listening
from schema.relay import key_of
from tenants import Platform
from tests.faults.audit import audit
from tests.faults.crowd import SCALE
from tests.faults.shop import MILK, stock_up
from tests.schema.packages import ready_cart
from tests.schema.ruling import ruled

pytestmark = pytest.mark.anyio

BUYERS, UNITS = 24 * SCALE, 10 * SCALE
BOTH = {MILK: 1, "BREAD": 1}
SLOW = "SELECT locked.*, pg_sleep(0.1) FROM ({}) locked"


async def _sharing(platform: Platform, client: Client, world: World) -> list[list[UUID]]:
    """Carts of either store; S1 has bread alone, S2 has milk alone, for fewer than there are."""
    await ruled(await client.staff(world.email("owner")), "orders.most_packages", 2)
    world.tenant = await platform.registry.by_slug(world.tenant.slug)
    batches = []
    for store in ("S1", "S2"):
        carts = [await ready_cart(client, world, BOTH, store) for _ in range(BUYERS // 2)]
        batches.append([key for cart in carts if (key := key_of("Cart", cart["id"])) is not None])
    for sku, store, units in ((MILK, "S1", 0), ("BREAD", "S1", UNITS), (MILK, "S2", UNITS), ("BREAD", "S2", 0)):
        await stock_up(platform, world, units, sku, store)
    return batches


async def _at_once(platform: Platform, world: World, batches: Sequence[Sequence[UUID]]) -> list[str]:
    """What is heard of each cart, the batches of both stores placed at the same moment; or how a batch fails."""

    async def one(carts: Sequence[UUID]) -> list[str]:
        contact = Contact("小王", "+8613800000001")
        wishes = [PlaceRequest(cart, ANONYMOUS, "k", contact=contact, accept_split=True) for cart in carts]
        try:
            async with platform.open_work(world.tenant, ANONYMOUS) as work:
                said = await orders.place(work, wishes)
        except asyncpg.PostgresError as fault:
            return [type(fault).__name__]
        return ["placed" if isinstance(answer, UUID) else answer.code for answer in said]

    return [word for words in await asyncio.gather(*map(one, batches)) for word in words]


async def test_what_two_stores_have_together_is_sold_once(
    monkeypatch: pytest.MonkeyPatch, platform: Platform, client: Client, world: World
) -> None:
    batches = await _sharing(platform, client, world)
    monkeypatch.setattr(reserving, "LOCK", SLOW.format(reserving.LOCK))
    said = await _at_once(platform, world, batches)
    print(f"{BUYERS} buyers of two packages, {UNITS} of each: {said.count('placed')} placed")  # noqa: T201 - the figure is wanted
    assert (said.count("placed"), said.count("OUT_OF_STOCK")) == (UNITS, BUYERS - UNITS)
    assert not await audit(platform, world.tenant)


async def test_a_batch_of_many_packages_takes_as_many_statements_as_of_two(
    platform: Platform, client: Client, world: World
) -> None:
    [carts, _], counts = await _sharing(platform, client, world), []
    for some in (carts[:2], carts[2:10]):
        with listening() as sent:
            assert set(await _at_once(platform, world, [some])) == {"placed"}
        counts.append(len(sent))
    print(f"packages: {counts[0]} statements for 2 orders, {counts[1]} for 8")  # noqa: T201 - the figure is wanted
    assert counts[0] == counts[1]


async def test_without_lock_guard_and_check_more_is_promised_than_there_is(
    monkeypatch: pytest.MonkeyPatch, unchecked: Application
) -> None:
    platform, world = unchecked.platform, await build_world(unchecked.platform)
    batches = await _sharing(platform, Client(unchecked, world.tenant.slug), world)
    monkeypatch.setattr(reserving, "LOCK", SLOW.format(reserving.LOCK.replace("FOR UPDATE OF s", "")))
    monkeypatch.setattr(reserving, "TAKE", reserving.TAKE.replace("AND s.on_hand - s.reserved >= taken.quantity", ""))
    assert (await _at_once(platform, world, batches)).count("placed") > UNITS
    assert "inventory.reserved" in await audit(platform, world.tenant)


async def test_whoever_locks_others_only_once_something_is_short_waits_in_a_circle(
    monkeypatch: pytest.MonkeyPatch, platform: Platform, client: Client, world: World
) -> None:
    async def later(*_: object) -> None:
        """They are locked where they are taken."""

    batches = await _sharing(platform, client, world)
    monkeypatch.setattr(inventory, "lock_with_help", later)
    monkeypatch.setattr(reserving, "LOCK", SLOW.format(reserving.LOCK))
    assert "DeadlockDetectedError" in await _at_once(platform, world, batches)
    assert not await audit(platform, world.tenant)
