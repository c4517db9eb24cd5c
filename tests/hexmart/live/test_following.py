"""What is told, and when: bursts, slow readers, absences, what nobody has said."""

import asyncio
from datetime import timedelta
from types import SimpleNamespace
from typing import cast
from uuid import UUID

import pytest

from core import orders
from hexmart.app import Application
from hexmart.live import operation
from hexmart.live.marks import Mark
from hexmart.live.turns import Turns
from hexmart.testing import Client, World
from schema.relay import key_of
from tenants import Platform
from tenants.bulletin import Bulletin, News, milliseconds
from tenants.doorbell import Doorbell
from tests.hexmart.live.talking import ORDER, STORE, streaming, talking
from tests.hexmart.live.telling import NOTE, note, tell
from tests.schema.shop import Payload, act, buy, fill, pay, place
from tests.waiting import until

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("nothing_is_left", "hearing")]


async def test_a_burst_is_a_few_results_and_the_last_is_among_them(
    client: Client, world: World, platform: Platform, order: Payload
) -> None:
    async with talking(client) as talk:
        await talk.follow("1", NOTE, id=order["id"])
        await talk.next()
        for number in range(40):
            await note(platform, world, order, str(number))
        seen: list[str] = []
        while not seen or seen[-1] != "39":
            seen.append((await talk.next())["data"]["orderUpdated"]["note"])
        assert await talk.quiet()
        assert len(seen) < 20
        assert sorted(seen, key=int) == seen


async def test_what_changes_nothing_that_is_shown_is_not_told(
    client: Client, world: World, platform: Platform, order: Payload
) -> None:
    async with talking(client) as talk:
        await talk.follow("1", ORDER, id=order["id"])
        await talk.next()
        await tell(platform, world, order)
        assert await talk.quiet()


async def test_who_has_seen_all_is_told_nothing_when_they_come_back(client: Client, order: Payload) -> None:
    async with streaming(client, ORDER, id=order["id"]) as told:
        _, last, _ = await told.event()
    async with streaming(client, ORDER, ("Last-Event-ID", last), id=order["id"]) as told:
        assert await told.quiet()
        await pay(client, order)
        _, last, data = await told.event()
        assert data["data"]["orderUpdated"]["status"] == "PAID"
    async with talking(client) as talk:
        await talk.follow("1", ORDER, id=order["id"], extensions={"lastEventId": last})
        assert await talk.quiet()


async def test_who_has_missed_something_is_told_at_once(client: Client, clerk: Client, order: Payload) -> None:
    async with streaming(client, ORDER, id=order["id"]) as told:
        _, last, _ = await told.event()
    await pay(client, order)
    await act(clerk, "orderAccept", order)
    async with streaming(client, ORDER, ("Last-Event-ID", last), id=order["id"]) as told:
        assert (await told.next())["data"]["orderUpdated"]["status"] == "ACCEPTED"
        assert await told.quiet()


async def test_a_store_is_told_of_the_orders_that_it_has_missed_each_once(
    client: Client, world: World, clerk: Client
) -> None:
    since = Mark(milliseconds(), "0" * 16)
    missed = [await buy(client, world) for _ in range(3)]
    await act(clerk, "orderAccept", missed[0])
    await buy(client, world, store="S2")
    async with talking(clerk) as talk:
        await talk.follow("1", STORE, id=world.stores["S1"], extensions={"lastEventId": str(since)})
        seen = [(await talk.next())["data"]["storeOrders"] for _ in missed]
        assert {one["id"]: one["status"] for one in seen} == {
            order["id"]: "ACCEPTED" if order is missed[0] else "PAID" for order in missed
        }
        assert await talk.quiet()


async def test_who_was_away_for_too_long_is_told_to_read_anew(
    client: Client, world: World, clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    long_ago = Mark(milliseconds() - int(timedelta(hours=2).total_seconds() * 1_000), "0" * 16)
    await buy(client, world)
    async with talking(clerk) as talk:
        await talk.follow("1", STORE, id=world.stores["S1"], extensions={"lastEventId": str(long_ago)})
        [error] = (await talk.heard())["payload"]
        assert error["extensions"]["code"] == "TOO_LONG_AWAY"
        monkeypatch.setattr(orders.told_since, "__kwdefaults__", {"store_id": None, "most": 1})
        recent = Mark(milliseconds() - 1_000, "0" * 16)
        await talk.follow("1", STORE, id=world.stores["S1"], extensions={"lastEventId": str(recent)})
        [error] = (await talk.heard())["payload"]
        assert error["extensions"]["code"] == "TOO_LONG_AWAY"


async def test_who_reads_slowly_holds_one_result_and_sees_the_last_state(
    client: Client, world: World, platform: Platform, application: Application, order: Payload
) -> None:
    async with talking(client) as talk:
        await talk.follow("1", NOTE, id=order["id"])
        await talk.next()
        talk.wire.room.clear()  # nothing is read from here on
        for number in range(30):
            await note(platform, world, order, str(number))
            await asyncio.sleep(0.01)
        await asyncio.sleep(2 * operation.REST)
        [one] = application.live.following._topics[world.tenant.slug][orders.Topic(key_of("Order", order["id"]))]
        assert len(one._waiting) <= 1
        assert len(one._tasks) == 1
        assert platform.app.pool.checkedout() == 0  # type: ignore[attr-defined]
        talk.wire.room.set()
        seen = [(await talk.next())["data"]["orderUpdated"]["note"]]
        while seen[-1] != "29":
            seen.append((await talk.next())["data"]["orderUpdated"]["note"])
        assert len(seen) <= 3


async def test_who_lets_too_much_pile_up_is_told_to_read_anew(
    client: Client, world: World, clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operation, "MOST", 2)
    async with talking(clerk) as talk:
        await talk.follow("1", STORE, id=world.stores["S1"])
        await buy(client, world)
        await talk.next()
        talk.wire.room.clear()
        for _ in range(4):
            await place(client, await fill(client, world))
        await asyncio.sleep(3 * operation.REST)
        talk.wire.room.set()
        while (message := await talk.heard())["type"] == "next":
            last = message
        assert last["payload"]["errors"][0]["extensions"]["code"] == "TOO_LONG_AWAY"
        assert message == {"type": "complete", "id": "1"}


async def test_what_was_never_said_is_found_all_the_same(
    client: Client, world: World, application: Application, clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Bulletin, "tell", lambda *_: None)  # as if each process died after its COMMIT
    order = await place(client, await fill(client, world))
    async with talking(client) as talk, talking(clerk) as staff:
        await talk.follow("1", ORDER, id=order["id"])
        await talk.next()
        await staff.follow("1", STORE, id=world.stores["S1"])
        await staff.say("ping")
        await staff.heard()
        await pay(client, order)
        assert await talk.quiet()
        application.live.clear()
        assert (await talk.next())["data"]["orderUpdated"]["status"] == "PAID"
        assert (await staff.next())["data"]["storeOrders"]["status"] == "PAID"
        application.live.clear()
        assert await staff.quiet()  # once, and not again


async def test_tenants_take_turns_and_nobody_waits_for_one_who_has_gone() -> None:
    turns, done = Turns(1), list[str]()

    async def take(slug: str) -> None:
        async with turns.turn(slug):
            done.append(slug)
            await asyncio.sleep(0)

    crowd = [asyncio.create_task(take("crowd")) for _ in range(5)]
    await asyncio.sleep(0)
    crowd[2].cancel()
    await asyncio.gather(*crowd, take("other"), return_exceptions=True)
    assert done.index("other") <= 2
    assert sorted(done) == ["crowd"] * 4 + ["other"]
    assert (turns._free, turns._queues) == (1, {})


async def test_many_orders_are_told_in_notifications_that_postgresql_takes() -> None:
    rung: list[str] = []
    doorbell = SimpleNamespace(ring=lambda _, **said: rung.append(said["payload"]))
    told = [UUID(int=number) for number in range(1_000)]
    Bulletin(cast("Doorbell", doorbell)).tell("a-brand-with-a-name-of-forty-characters", told)
    assert max(map(len, rung)) < 7_999
    assert [one for payload in rung for one in News.of(payload).keys] == told


async def test_the_delay_is_counted(client: Client, application: Application, order: Payload) -> None:
    before = application.live.results
    async with talking(client) as talk:
        await talk.follow("1", ORDER, id=order["id"])
        await talk.next()
        await until(lambda: application.live.results == before + 1)
        assert len(application.live.following) == 1
        assert application.live.delay < 60


async def test_an_order_that_has_gone_to_another_store_ends_nothing(
    client: Client, world: World, application: Application, clerk: Client
) -> None:
    elsewhere = await buy(client, world, store="S2")
    async with talking(clerk) as talk:
        await talk.follow("1", STORE, id=world.stores["S1"])
        await until(lambda: len(application.live.following) == 1)
        topics = application.live.following._topics[world.tenant.slug]
        [one] = topics[orders.Topic(store_id=world.store_keys["S1"])]
        one.tell(cast("UUID", key_of("Order", elsewhere["id"])), milliseconds())
        assert await talk.quiet()
        here = await place(client, await fill(client, world))
        assert (await talk.next())["data"]["storeOrders"]["id"] == here["id"]
