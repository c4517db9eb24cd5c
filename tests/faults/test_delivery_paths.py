"""Every way between a handler and its mark: whatever happens there, an event is handled, and one transaction's once."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from core.actors import system
from core.events import EventStorm, Outside, Within, event, outbox
from core.ids import new_id
from core.orders import OrderPlaced
from core.work import MOST_EVENTS, Work, Works
from hexmart.worker import LEASE, Worker
from tests.faults import neighbours
from tests.faults.neighbours import SUBSCRIBER, served
from tests.faults.plugged import Plugged

pytestmark = pytest.mark.anyio
EFFECT = "INSERT INTO region (tenant_id, id, name) VALUES ($1, $2, $3)"
EFFECTS = "SELECT count(*) FROM region WHERE tenant_id = $1"
HANGS = """
SELECT pg_sleep(60) WHERE $1::bigint > 0 AND $2::uuid IS NOT NULL AND $3::text <> '' AND $4::timestamptz IS NOT NULL
"""
TOLD = "SELECT count(*) FROM outbox WHERE tenant_id = $1 AND name = 'orders.OrderPlaced'"
MoveClock = Callable[[timedelta], Any]


async def acts(work: Work, _event: OrderPlaced) -> None:
    await work.execute(EFFECT, new_id(), str(new_id()))


async def acts_outside(works: Works, _event: OrderPlaced) -> None:
    async with works() as work:
        await work.execute(EFFECT, new_id(), str(new_id()))


async def killed_at_the_mark(plugged: Plugged) -> None:
    """Deliver, and die between what the handler did and the mark."""
    reached = asyncio.Event()
    mark_done = outbox.mark_done

    async def reaching(work: Work, delivery: outbox.Delivery) -> None:
        reached.set()
        await mark_done(work, delivery)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outbox, "DONE", HANGS)
        patch.setattr(outbox, "mark_done", reaching)
        dying = asyncio.create_task(Worker(plugged.platform).deliver(plugged.brands[0]))
        await asyncio.wait_for(reached.wait(), 10)
        await asyncio.sleep(0.05)  # until the statement is under way
        dying.cancel()
        await asyncio.gather(dying, return_exceptions=True)


async def test_killed_before_the_mark_a_transaction_is_undone_and_done_once_by_the_next(plugged: Plugged) -> None:
    plugged.install([Within(OrderPlaced, acts)])
    brand = plugged.brands[0]
    await plugged.place(brand)
    await killed_at_the_mark(plugged)
    assert await plugged.value(brand, EFFECTS) == 0
    assert (await plugged.deliveries(brand))["acts"]["attempts"] == 0  # nobody has failed
    await plugged.worker.deliver(brand)
    assert await plugged.value(brand, EFFECTS) == 1


async def test_killed_before_the_mark_what_was_done_outside_stays_and_is_done_again_after_the_lease(
    plugged: Plugged, move_clock: MoveClock
) -> None:
    plugged.install([Outside(OrderPlaced, acts_outside)])
    brand = plugged.brands[0]
    await plugged.place(brand)
    await killed_at_the_mark(plugged)
    await plugged.worker.deliver(brand)
    assert await plugged.value(brand, EFFECTS) == 1
    await move_clock(LEASE + timedelta(seconds=1))
    await plugged.worker.deliver(brand)
    assert await plugged.value(brand, EFFECTS) == 2  # at least once: a provider knows it by its id
    assert (await plugged.deliveries(brand))["acts_outside"]["done_at"] is not None


async def test_who_failed_after_its_lease_does_not_undo_what_another_worker_did(
    plugged: Plugged, move_clock: MoveClock
) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()
    calls = 0

    async def slow_then_quick(_works: Works, _event: OrderPlaced) -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            begun.set()
            await go_on.wait()
            raise ConnectionError("too late")

    plugged.install([Outside(OrderPlaced, slow_then_quick)])
    brand = plugged.brands[0]
    await plugged.place(brand)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hexmart.worker.deliveries.AROUND_PROVIDER", 60)
        slow = asyncio.create_task(Worker(plugged.platform).deliver(brand))
        await asyncio.wait_for(begun.wait(), 10)
        await move_clock(LEASE + timedelta(seconds=1))
        await plugged.worker.deliver(brand)
        go_on.set()
        await slow
    found = (await plugged.deliveries(brand))["slow_then_quick"]
    assert (found["done_at"] is not None, found["attempts"], found["dead_at"], found["error"]) == (True, 0, None, None)


async def test_what_waits_for_a_plugin_that_is_off_waits_until_it_is_on_again(
    plugged: Plugged, move_clock: MoveClock
) -> None:
    brand = plugged.brands[0]
    plugged.install([SUBSCRIBER])
    await plugged.place(brand)
    async with plugged.platform.open_work(brand, system("test")) as work:
        await outbox.expand(work, {OrderPlaced.name: [outbox.Listener(SUBSCRIBER.name, "neighbours")]})
    plugged.install([])
    for _round in range(outbox.ATTEMPTS + 1):
        await plugged.worker.catch_up()
        await move_clock(timedelta(hours=1))
    await plugged.place(brand)  # which nobody will be told of
    await plugged.worker.catch_up()
    waiting = (await plugged.deliveries(brand))["hears"]
    assert (waiting["attempts"], waiting["dead_at"], waiting["done_at"]) == (0, None, None)
    plugged.install([SUBSCRIBER])
    await plugged.worker.catch_up()
    assert served[brand.slug, "heard"] == 1


@pytest.mark.parametrize("what", ["its type is gone", "its fields are others"])
async def test_an_event_that_cannot_be_read_is_dead_at_once_and_stops_nothing(
    plugged: Plugged, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    plugged.install([SUBSCRIBER])
    brand = plugged.brands[0]
    await plugged.place(brand)
    if what == "its type is gone":
        monkeypatch.delitem(event._types, OrderPlaced.name)
    else:
        monkeypatch.setattr(outbox, "DUE", outbox.DUE.replace("o.payload::text", "'{\"order_id\": 1}'"))
    await plugged.worker.deliver(brand)
    dead = (await plugged.deliveries(brand))["hears"]
    assert (dead["dead_at"] is not None, dead["attempts"]) == (True, 1)
    assert dead["error"] == "core.events.errors.Unreadable"
    monkeypatch.undo()


async def test_a_transaction_that_tells_of_too_much_leaves_nothing(plugged: Plugged) -> None:
    brand = plugged.brands[0]
    with pytest.raises(EventStorm, match="core tells of more than 1000 events in one transaction"):
        await plugged.place(brand, MOST_EVENTS + 1)
    assert await plugged.value(brand, TOLD) == 0


async def test_what_a_plugin_tells_is_not_counted_against_core(plugged: Plugged) -> None:
    brand = plugged.brands[0]
    async with plugged.platform.open_work(brand, system("test")) as work:
        neighbours.tell(work, MOST_EVENTS)
        work.emit(OrderPlaced(order_id=new_id(), store_id=new_id(), payable=1))
    assert await plugged.value(brand, TOLD) == MOST_EVENTS + 1
