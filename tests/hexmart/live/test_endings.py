"""Who is told nothing, or nothing more: strangers, lost access, ended tokens, limits, a server that stops."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

import tenants
from hexmart.app import Application
from hexmart.live import LiveLimits
from hexmart.testing import Client, World
from tenants import Platform
from tests.hexmart.live.talking import ORDER, STORE, streaming, talking
from tests.schema.assigning import at, given, withdraw
from tests.schema.hiring import hire, signed_in, store
from tests.schema.shop import Payload, buy, done, fill, pay, place

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("nothing_is_left", "hearing")]


async def test_whoever_loses_a_store_is_told_why_and_that_it_is_over(
    client: Client, world: World, platform: Platform, owner: Client
) -> None:
    person = await hire(platform, world, clerk=store(world, "S1"))
    async with talking(await signed_in(client, platform, world, person)) as talk:
        await talk.follow("1", STORE, id=world.stores["S1"])
        await talk.say("ping")
        await talk.heard()
        await buy(client, world)
        assert (await talk.next())["data"]
        assert done(await withdraw(owner, given(person, "clerk") | at(world, "S1")), "staff")
        await buy(client, world)
        while (last := await talk.next())["data"]:
            pass
        assert last["errors"][0]["extensions"]["code"] == "FORBIDDEN"
        assert await talk.heard() == {"type": "complete", "id": "1"}


async def test_a_stranger_is_told_nothing_of_anybodys_order(
    client: Client, world: World, other_world: World, clerk: Client
) -> None:
    member = await client.member("13800000009")
    theirs = await place(member, await fill(member, world))
    stranger = await client.member("13800000010")
    elsewhere = Client(client.application, other_world.tenant.slug)
    foreign = await elsewhere.staff(other_world.email("manager"))
    for caller in (client, stranger, elsewhere, foreign):
        async with talking(caller) as talk:
            await talk.follow("1", ORDER, id=theirs["id"])
            assert (await talk.next())["errors"][0]["extensions"]["code"] == "NOT_FOUND"
            assert await talk.heard() == {"type": "complete", "id": "1"}
    async with talking(foreign) as talk:
        await talk.follow("1", STORE, id=world.stores["S1"])
        assert (await talk.heard())["payload"][0]["extensions"]["code"] == "NOT_FOUND"
    async with talking(foreign) as talk, talking(clerk) as own:
        await talk.follow("1", STORE, id=other_world.stores["S1"])
        await own.follow("1", STORE, id=world.stores["S1"])
        await own.say("ping")
        await own.heard()
        await pay(member, theirs)
        assert (await own.next())["data"]["storeOrders"]["id"] == theirs["id"]
        assert await talk.quiet()


async def test_whoever_signs_out_is_not_told_anything_more(client: Client, world: World) -> None:
    member = await client.member("13800000011")
    order = await place(member, await fill(member, world))
    async with talking(member) as talk, streaming(member, ORDER, id=order["id"]) as told:
        await talk.follow("1", ORDER, id=order["id"])
        await talk.next()
        await told.next()
        await member.run("mutation { signOut { userErrors { code } } }")
        code, reason = await talk.closed()
        assert (code, reason.split(":")[0]) == (4403, "UNAUTHENTICATED")
        assert (await told.next())["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert await told.completed()


async def test_the_end_of_a_token_ends_the_connection(
    client: Client, world: World, application: Application, move_clock: Callable[[timedelta], Any]
) -> None:
    member = await client.member("13800000012")
    order = await place(member, await fill(member, world))
    async with talking(member) as talk:
        await talk.follow("1", ORDER, id=order["id"])
        await talk.next()
        await move_clock(timedelta(hours=1))
        application.platform.changes.missed()  # as a clock that is moved says to every process
        assert (await talk.closed())[0] == 4403


async def test_a_token_is_not_outlived_though_nobody_says_anything(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = await client.member("13800000013")
    monkeypatch.setattr("hexmart.live.caller.Caller.seconds_left", lambda _: 0.2)
    async with talking(member) as talk:
        monkeypatch.setattr(Platform, "claims_of", _expired)
        assert (await talk.closed())[0] == 4403


def _expired(*_: object) -> Any:
    raise tenants.TenantSuspended(name="nobody")


async def test_a_brand_that_is_suspended_tells_nothing_more(
    client: Client, world: World, platform: Platform, order: Payload
) -> None:
    async with talking(client) as talk:
        await talk.follow("1", ORDER, id=order["id"])
        await talk.next()
        await tenants.suspend(platform, world.tenant.slug, "not paid")
        code, reason = await talk.closed()
        assert (code, reason.split(":")[0]) == (4403, "TENANT_SUSPENDED")


async def test_who_reads_nothing_at_all_is_let_go(
    client: Client, order: Payload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hexmart.live.socket.STALLED", 0.1)
    async with talking(client) as talk:
        await talk.follow("1", ORDER, id=order["id"])
        await talk.next()
        talk.wire.room.clear()
        await pay(client, order)
        await asyncio.sleep(0.5)
        talk.wire.room.set()
        assert (await talk.closed())[0] == 1013


async def test_connections_are_limited_by_caller_and_by_brand(
    client: Client, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = await client.member("13800000014")
    limits = LiveLimits(of_caller=1, of_brand=2, of_address=1)
    monkeypatch.setattr(application.live.rooms, "_limits", limits)
    async with talking(member):
        await _refused(member)
        async with talking(client):
            await _refused(client)
            await _refused(await client.member("13800000015"))
    async with talking(member):
        pass


async def _refused(caller: Client) -> None:
    with pytest.raises(AssertionError, match="1013"):
        async with talking(caller):
            pass
    async with streaming(caller, "{ brand { slug } }") as told:
        assert told.status == 429
        assert (await told.body())["errors"][0]["extensions"]["code"] == "LIMIT_REACHED"


async def test_a_server_that_ends_says_so(client: Client, application: Application, order: Payload) -> None:
    live = application.live
    try:
        async with talking(client) as talk, streaming(client, ORDER, id=order["id"]) as told:
            await told.next()
            live.end()
            assert await talk.closed() == (1012, "Service restart")
            assert await told.completed()
            async with streaming(client, ORDER, id=order["id"]) as late:
                assert late.status == 429
    finally:
        live.closing = False
