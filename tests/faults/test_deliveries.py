"""Subscribers that fail: tried again later and later, alone, until a person has to look."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from core import clock
from core.actors import system
from core.events import Outside, Subscription, Within, outbox
from core.events.outbox import Listener
from core.ids import new_id
from core.orders import OrderPlaced
from core.work import Work
from hexmart.testing import World
from hexmart.worker import LEASE, Worker
from tenants import Platform

pytestmark = pytest.mark.anyio

MoveClock = Callable[[timedelta], Awaitable[None]]
Calls = Counter[str]
Listen = Callable[[list[Callable[..., Awaitable[None]]]], None]

DELIVERIES = (
    "SELECT subscriber, attempts, due_at, done_at, error FROM delivery WHERE tenant_id = $1 ORDER BY subscriber"
)
EFFECT = "INSERT INTO region (tenant_id, id, name) VALUES ($1, $2, $3)"
EFFECTS = "SELECT count(*) FROM region WHERE tenant_id = $1"


@pytest.fixture
def calls() -> Calls:
    """How often each subscriber was called."""
    return Counter()


@pytest.fixture
def listen(platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch) -> Listen:
    """Have these functions, and nobody else, hear of placed orders."""

    def plant(handlers: list[Callable[..., Awaitable[None]]]) -> None:
        planted: list[Subscription] = [
            (Outside if handler.__name__.startswith("outside") else Within)(OrderPlaced, handler)
            for handler in handlers
        ]
        hooks = platform.hooks(world.tenant.plugins)
        monkeypatch.setattr(hooks, "subscribers", {one.name: one for one in planted})

    return plant


async def _place(platform: Platform, world: World, count: int = 1) -> None:
    async with platform.open_work(world.tenant, system("test")) as work:
        for _ in range(count):
            work.emit(OrderPlaced(order_id=new_id(), store_id=world.store_keys["S1"], payable=1))


async def _deliver(platform: Platform, world: World) -> None:
    await Worker(platform).deliver(world.tenant)


async def _deliveries(platform: Platform, world: World) -> dict[str, Any]:
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        return {row["subscriber"].rsplit(".", 1)[-1]: row for row in await work.fetch(DELIVERIES)}


async def _effects(platform: Platform, world: World) -> int:
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        return int(await work.value(EFFECTS))


async def test_a_subscriber_that_fails_is_tried_later_and_later_and_holds_up_nobody(
    platform: Platform, world: World, move_clock: MoveClock, calls: Calls, listen: Listen
) -> None:
    async def fails(_work: Work, _event: OrderPlaced) -> None:
        calls["fails"] += 1
        raise ValueError("no such luck")

    async def works(_work: Work, _event: OrderPlaced) -> None:
        calls["works"] += 1

    listen([fails, works])
    await _place(platform, world)
    due: list[datetime] = []
    for wait in (0, 2, 4, 8):
        await move_clock(timedelta(seconds=wait))
        await _deliver(platform, world)
        await _deliver(platform, world)  # not due again at once
        due.append((await _deliveries(platform, world))["fails"]["due_at"])
        longest = timedelta(seconds=(wait or 1) * 2)
        assert longest / 2 - timedelta(seconds=1) < due[-1] - clock.now() < longest  # by chance
    assert calls == {"fails": 4, "works": 1}
    failed = (await _deliveries(platform, world))["fails"]
    assert (failed["attempts"], failed["done_at"], failed["error"]) == (4, None, "builtins.ValueError")


@pytest.mark.parametrize("where", ["in the subscriber", "at the mark"])
async def test_what_a_failed_attempt_did_is_undone(
    platform: Platform, world: World, move_clock: MoveClock, listen: Listen, where: str
) -> None:
    async def writes(work: Work, _event: OrderPlaced) -> None:
        await work.execute(EFFECT, new_id(), "an effect")
        if where == "in the subscriber" and not await tried():
            raise ValueError("after the effect")

    async def tried() -> int:
        return int((await _deliveries(platform, world))["writes"]["attempts"])

    listen([writes])
    await _place(platform, world)
    with pytest.MonkeyPatch.context() as patch:
        if where == "at the mark":
            patch.setattr(outbox, "DONE", "SELECT no_such_function($1, $2, $3, $4)")
        await _deliver(platform, world)
    assert (await tried(), await _effects(platform, world)) == (1, 0)
    await move_clock(timedelta(seconds=2))
    await _deliver(platform, world)
    assert await _effects(platform, world) == 1
    assert (await _deliveries(platform, world))["writes"]["done_at"] is not None


async def test_after_ten_attempts_a_delivery_waits_for_a_person(
    platform: Platform, world: World, move_clock: MoveClock, calls: Calls, listen: Listen
) -> None:
    async def outside_fails(_works: object, _event: OrderPlaced) -> None:
        calls["outside_fails"] += 1
        raise ConnectionError("nobody answers")

    listen([outside_fails])
    await _place(platform, world)
    for _ in range(outbox.ATTEMPTS + 3):
        await _deliver(platform, world)
        await move_clock(timedelta(hours=1))
    assert calls["outside_fails"] == outbox.ATTEMPTS
    dead = (await _deliveries(platform, world))["outside_fails"]
    assert (dead["attempts"], dead["done_at"]) == (outbox.ATTEMPTS, None)


async def test_a_subscriber_whose_worker_died_in_a_call_is_called_again_after_the_lease(
    platform: Platform, world: World, move_clock: MoveClock, calls: Calls, listen: Listen
) -> None:
    begun = asyncio.Event()

    async def outside_hangs_once(_works: object, _event: OrderPlaced) -> None:
        calls["outside_hangs_once"] += 1
        begun.set()
        if calls["outside_hangs_once"] == 1:
            await asyncio.sleep(60)

    listen([outside_hangs_once])
    await _place(platform, world)
    worker = asyncio.create_task(_deliver(platform, world))
    await asyncio.wait_for(begun.wait(), 10)
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)
    await _deliver(platform, world)
    assert calls["outside_hangs_once"] == 1
    await move_clock(LEASE)
    await _deliver(platform, world)
    assert calls["outside_hangs_once"] == 2
    assert (await _deliveries(platform, world))["outside_hangs_once"]["done_at"] is not None


async def _deliver_20_by_two(platform: Platform, world: World, calls: Calls, listen: Listen) -> Calls:
    """How often each subscriber was called by two workers with the same 20 events."""

    async def within(work: Work, _event: OrderPlaced) -> None:
        calls["within"] += 1
        await work.execute(EFFECT, new_id(), str(new_id()))

    async def outside(_works: object, _event: OrderPlaced) -> None:
        calls["outside"] += 1
        await asyncio.sleep(0.005)

    listen([within, outside])
    await _place(platform, world, 20)
    async with platform.open_work(world.tenant, system("test")) as work:  # both workers find the same deliveries
        names = platform.hooks(world.tenant.plugins).subscribers
        await outbox.expand(work, {OrderPlaced.name: [Listener(name, None) for name in names]})
    await asyncio.gather(_deliver(platform, world), _deliver(platform, world))
    return calls


async def test_two_workers_at_once_deliver_each_event_once(
    platform: Platform, world: World, calls: Calls, listen: Listen
) -> None:
    assert await _deliver_20_by_two(platform, world, calls, listen) == {"within": 20, "outside": 20}
    assert await _effects(platform, world) == 20


async def test_without_claim_and_lease_two_workers_would_deliver_twice(
    platform: Platform, world: World, calls: Calls, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "CLAIM", outbox.CLAIM.split(" AND done_at")[0] + " AND $4::timestamptz IS NOT NULL")
    monkeypatch.setattr(outbox, "LEASE", outbox.LEASE.split("AND done_at")[0] + " AND $5::timestamptz IS NOT NULL")
    await _deliver_20_by_two(platform, world, calls, listen)
    assert calls["within"] > 20
    assert calls["outside"] > 20
