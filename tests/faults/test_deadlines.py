"""A store accepts at the moment at which its time is over: it has the order, or has it not, and never half of it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from core import fulfilment, payments
from core.actors import system
from core.fulfilment import handing_on
from core.fulfilment.machine import LAPSED
from hexmart.testing import Client, World
from tenants import Platform
from tests.faults.audit import audit
from tests.faults.crowd import SCALE
from tests.faults.shop import MILK, books, stock_up
from tests.schema.shop import act, buy_delivered, done
from tests.schema.test_handing_on import TOO_LONG, stands

pytestmark = pytest.mark.anyio

MoveClock = Callable[[timedelta], Awaitable[None]]
RunWorker = Callable[[], Awaitable[None]]
CROWD = 6 * SCALE


async def _race(platform: Platform, world: World) -> None:
    """The store accepts, then its deadline is looked at, as it was told before that."""
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        [row] = await work.fetch("SELECT id, order_id, store_id FROM fulfilment WHERE tenant_id = $1")
    event = fulfilment.AcceptanceLapsed(fulfilment_id=row["id"], order_id=row["order_id"], store_id=row["store_id"])
    async with platform.open_work(world.tenant, system("store")) as work:
        await fulfilment.advance(work, event.order_id, "accept")
    async with platform.open_work(world.tenant, system("test")) as work:
        await payments.lapsed(work, event)


async def test_whoever_has_accepted_keeps_the_order(
    client: Client, world: World, platform: Platform, move_clock: MoveClock
) -> None:
    order = await buy_delivered(client, world)
    await move_clock(TOO_LONG)
    await _race(platform, world)
    assert await stands(client, order) == ("ACCEPTED", [("S1", "ACCEPTED")])
    assert await audit(platform, world.tenant) == {}


async def test_without_the_guard_an_accepted_order_is_taken_away(
    client: Client, world: World, platform: Platform, move_clock: MoveClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    unguarded = handing_on.LAPSE.replace(f"AND status IN {LAPSED.among}", "")
    assert unguarded != handing_on.LAPSE
    monkeypatch.setattr(handing_on, "LAPSE", unguarded)
    order = await buy_delivered(client, world)
    await move_clock(TOO_LONG)
    await _race(platform, world)
    assert await stands(client, order) != ("ACCEPTED", [("S1", "ACCEPTED")])


async def test_stores_that_accept_while_deadlines_are_over_have_their_orders_whole(
    client: Client, world: World, platform: Platform, move_clock: MoveClock, run_worker: RunWorker
) -> None:
    bought = [await buy_delivered(client, world) for _ in range(CROWD)]
    clerk = await client.staff(world.email("clerk"))
    await move_clock(TOO_LONG)
    answers = await asyncio.gather(*[act(clerk, "orderAccept", order) for order in bought], run_worker())
    accepted = [order for order, answer in zip(bought, answers, strict=False) if answer and answer["order"]]
    found = [await stands(client, order) for order in bought]
    assert len(accepted) + found.count(("PAID", [("S1", "REJECTED"), ("S2", "WAITING")])) >= len(bought)
    assert await audit(platform, world.tenant) == {}


@pytest.mark.parametrize("room", [0, 2, 3])
async def test_no_store_is_handed_more_than_it_has(client: Client, world: World, platform: Platform, room: int) -> None:
    await stock_up(platform, world, 2 * room + 1, store="S2")
    bought = [await buy_delivered(client, world) for _ in range(4)]
    clerk = await client.staff(world.email("clerk"))
    answers = await asyncio.gather(*[act(clerk, "orderReject", order) for order in bought])
    statuses = sorted(done(answer, "order")["status"] for answer in answers)
    assert statuses == ["CANCELLED"] * (4 - room) + ["PAID"] * room
    assert (await books(platform, world, MILK, "S2")).reserved == 2 * room
    assert (await books(platform, world, MILK, "S1")).reserved == 0
    assert await audit(platform, world.tenant) == {}
