"""A crowd that waits for what a warehouse has, and steps of a transfer that meet."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from core import inventory, orders, stores, transfers
from core.actors import ANONYMOUS, system
from core.errors import DomainError
from core.inventory import Correction, reserving
from core.orders import PlaceRequest
from core.transfers import NewTransfer
from core.transfers import moving as steps
from hexmart.app import Application
from hexmart.testing import Client, World
from hexmart.testing.brands import build_world
from tenants import Platform
from tests.faults.audit import audit
from tests.faults.crowd import PLACE
from tests.faults.shop import MILK, cart_id_of, fill_carts, stock_up

pytestmark = pytest.mark.anyio
ACTOR = system("test")
COUNTS = """
SELECT (SELECT count(*) FROM transfer WHERE tenant_id = $1), on_hand, reserved FROM stock
WHERE tenant_id = $1 AND location_id = $2 AND variant_id = $3
"""
#: a transaction that has read how much is free stays a moment, so that others read it too
SLOW = "SELECT locked.*, pg_sleep(0.2) FROM ({}) locked"


async def stocked_warehouse(platform: Platform, world: World, units: int) -> UUID:
    """A warehouse with so much milk, while no store has any."""
    for store in ("S1", "S2"):
        await stock_up(platform, world, 0, store=store)
    async with platform.open_work(world.tenant, ACTOR) as work:
        key = await stores.open_warehouse(work, "East")
        await inventory.correct(work, key, world.variant_keys[MILK], Correction("COUNT", counted=units))
    return key


async def counts(platform: Platform, world: World, place: UUID) -> tuple[int, int, int]:
    """Transfers there are, and on hand and reserved of the milk at a place."""
    async with platform.open_work(world.tenant, ACTOR, read_only=True) as work:
        row = (await work.fetch(COUNTS, place, world.variant_keys[MILK]))[0]
    return row[0], row[1], row[2]


async def wait_for(client: Client, carts: Sequence[UUID]) -> list[str]:
    """What everybody who waits is told, all at once: "order", or the code of a refusal."""

    async def one(cart: UUID) -> str:
        wish = {"cartId": cart_id_of(cart), "idempotencyKey": "k", "acceptTransfer": True}
        response = await client.send(PLACE, input=wish)
        payload: dict[str, Any] | None = (response.get("data") or {}).get("orderPlace")
        if payload is None:
            return "error"
        return "order" if payload["order"] else str(payload["userErrors"][0]["code"])

    return list(await asyncio.gather(*(one(cart) for cart in carts)))


async def test_100_buyers_wait_for_the_10_that_a_warehouse_has(
    platform: Platform, client: Client, world: World
) -> None:
    carts = await fill_carts(platform, world, 50) + await fill_carts(platform, world, 50, store="S2")
    east = await stocked_warehouse(platform, world, 10)
    said = await wait_for(client, carts)
    assert (said.count("order"), said.count("OUT_OF_STOCK")) == (10, 90)
    assert await counts(platform, world, east) == (10, 10, 10)
    assert not await audit(platform, world.tenant)


async def at_once(platform: Platform, world: World, *batches: Sequence[UUID]) -> list[str]:
    """What becomes of batches that are placed at the same moment, each in its own transaction: "done" or a fault."""

    async def one(carts: Sequence[UUID]) -> str:
        wishes = [PlaceRequest(cart_id=cart, actor=ANONYMOUS, key="k", accept_transfer=True) for cart in carts]
        try:
            async with platform.open_work(world.tenant, ANONYMOUS) as work:
                await orders.place(work, wishes)
        except asyncpg.PostgresError as fault:
            return type(fault).__name__
        return "done"

    return list(await asyncio.gather(*(one(carts) for carts in batches)))


async def test_without_lock_guard_and_check_a_warehouse_promises_more_than_it_has(
    monkeypatch: pytest.MonkeyPatch, unchecked: Application
) -> None:
    platform, world = unchecked.platform, await build_world(unchecked.platform)
    batches = [await fill_carts(platform, world, 10, store=store) for store in ("S1", "S2", "S1", "S2")]
    east = await stocked_warehouse(platform, world, 10)
    monkeypatch.setattr(reserving, "LOCK", SLOW.format(reserving.LOCK.replace("FOR UPDATE OF s", "")))
    monkeypatch.setattr(reserving, "TAKE", reserving.TAKE.replace("AND s.on_hand - s.reserved >= taken.quantity", ""))
    await at_once(platform, world, *batches)
    promised, on_hand, reserved = await counts(platform, world, east)
    assert reserved == promised > on_hand == 10
    assert await audit(platform, world.tenant)


async def helping_each_other(platform: Platform, world: World) -> list[str]:
    """S1 has the bread that is wanted in S2, and S2 the milk that is wanted in S1."""
    both = {MILK: 1, "BREAD": 1}
    batches = [await fill_carts(platform, world, 10, both, store) for store in ("S1", "S2")]
    for sku, store, units in ((MILK, "S1", 0), ("BREAD", "S1", 20), (MILK, "S2", 20), ("BREAD", "S2", 0)):
        await stock_up(platform, world, units, sku, store)
    return await at_once(platform, world, *batches)


async def test_stores_that_help_each_other_do_not_wait_in_a_circle(
    monkeypatch: pytest.MonkeyPatch, platform: Platform, world: World
) -> None:
    monkeypatch.setattr(reserving, "LOCK", SLOW.format(reserving.LOCK))
    assert await helping_each_other(platform, world) == ["done", "done"]
    assert (await counts(platform, world, world.store_keys["S2"]))[::2] == (20, 20)
    assert not await audit(platform, world.tenant)


async def test_whoever_locks_helpers_only_once_something_is_short_waits_in_a_circle(
    monkeypatch: pytest.MonkeyPatch, platform: Platform, world: World
) -> None:
    async def later(*_: object) -> None:
        """They are locked where they are taken."""

    monkeypatch.setattr(inventory, "lock_with_help", later)
    monkeypatch.setattr(reserving, "LOCK", SLOW.format(reserving.LOCK))
    assert sorted(await helping_each_other(platform, world)) == ["DeadlockDetectedError", "done"]
    assert not await audit(platform, world.tenant)


async def requested(platform: Platform, world: World, count: int, *, sent: bool = False) -> list[UUID]:
    """So many transfers of one milk from S1 to S2."""
    ends = (world.store_keys["S1"], world.store_keys["S2"])
    async with platform.open_work(world.tenant, ACTOR) as work:
        made = [await transfers.create(work, NewTransfer(*ends, {world.variant_keys[MILK]: 1})) for _ in range(count)]
        for key in made if sent else []:
            await transfers.send(work, key)
    return made


async def attempt(platform: Platform, world: World, step: Callable[..., Any], *given: Any) -> str:
    """What comes of a step in a transaction of its own: "done", or the code of the refusal."""
    try:
        async with platform.open_work(world.tenant, ACTOR) as work:
            await step(work, *given)
    except DomainError as refusal:
        return refusal.code
    return "done"


async def test_what_is_sent_and_called_off_at_the_same_instant_is_one_or_the_other(
    platform: Platform, world: World
) -> None:
    made = await requested(platform, world, 20)
    said = await asyncio.gather(
        *(attempt(platform, world, step, key) for key in made for step in (transfers.send, transfers.cancel))
    )
    assert set(said) <= {"done", "TRANSFER_STATE"}
    async with platform.open_work(world.tenant, ACTOR, read_only=True) as work:
        found = [row.status for row in await transfers.visible(work, made) if row is not None]
    for sending, cancelling, status in zip(said[::2], said[1::2], found, strict=True):
        assert (sending, cancelling, status) in {
            ("done", "done", "RETURNED"),  # it had been sent, and its source took it back
            ("TRANSFER_STATE", "done", "CANCELLED"),
        }
    assert not await audit(platform, world.tenant)


async def test_without_compare_and_set_what_was_called_off_leaves_all_the_same(
    monkeypatch: pytest.MonkeyPatch, unchecked: Application
) -> None:
    platform, world = unchecked.platform, await build_world(unchecked.platform)
    (transfer,) = await requested(platform, world, 1)
    assert await attempt(platform, world, transfers.cancel, transfer) == "done"
    monkeypatch.setattr(steps, "SEND", steps.SEND.replace("AND status = 'REQUESTED'", ""))
    assert await attempt(platform, world, transfers.send, transfer) == "done"
    assert "inventory.reserved" in await audit(platform, world.tenant)


async def test_what_is_received_twice_at_the_same_instant_arrives_once(platform: Platform, world: World) -> None:
    made = await requested(platform, world, 10, sent=True)
    said = await asyncio.gather(
        *(attempt(platform, world, transfers.receive, key, {}) for key in made for _ in range(3))
    )
    assert (said.count("done"), said.count("TRANSFER_STATE")) == (10, 20)
    assert (await counts(platform, world, world.store_keys["S2"]))[1] == 110
    assert not await audit(platform, world.tenant)


async def test_without_compare_and_set_it_would_arrive_twice_and_the_books_say_so(
    monkeypatch: pytest.MonkeyPatch, platform: Platform, world: World
) -> None:
    (transfer,) = await requested(platform, world, 1, sent=True)
    monkeypatch.setattr(steps, "RECEIVE", steps.RECEIVE.replace("AND status = 'SENT'", ""))
    for _ in range(2):
        assert await attempt(platform, world, transfers.receive, transfer, {}) == "done"
    assert "transfers.moved" in await audit(platform, world.tenant)


async def test_50_who_wait_take_as_many_statements_as_one(
    platform: Platform, world: World, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    carts = await fill_carts(platform, world, 51)
    await stocked_warehouse(platform, world, 100)
    numbers = []
    for some in (carts[:1], carts[1:]):
        wishes = [PlaceRequest(cart_id=cart, actor=ANONYMOUS, key="k", accept_transfer=True) for cart in some]
        with statements() as sent:
            async with platform.open_work(world.tenant, ANONYMOUS) as work:
                placed = await orders.place(work, wishes)
        assert all(isinstance(one, UUID) for one in placed)
        numbers.append(len(sent))
    print(f"statements for 1 and for 50 orders that wait: {numbers}")  # noqa: T201 - the figure is wanted
    assert numbers[0] == numbers[1]
    assert not await audit(platform, world.tenant)
