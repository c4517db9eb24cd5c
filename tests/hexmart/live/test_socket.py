"""graphql-transport-ws, case by case, with a fault each; and what comes over it."""

import asyncio
from typing import Any

import pytest

from hexmart.app import Application
from hexmart.live import LiveLimits, socket
from hexmart.testing import Client, World
from tests.hexmart.live.talking import BRAND, ORDER, STORE, connected, headers_of, talking
from tests.schema.shop import act, buy, fill, pay, place

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("nothing_is_left")]


@pytest.mark.usefixtures("hearing")
async def test_an_order_comes_at_once_and_again_whenever_it_changes(
    client: Client, world: World, clerk: Client
) -> None:
    order = await place(client, await fill(client, world))
    async with talking(client) as talk:
        await talk.follow("1", ORDER, id=order["id"])
        first = await talk.next()
        assert first["data"] == {"orderUpdated": {"id": order["id"], "status": "PENDING_PAYMENT"}}
        await pay(client, order)
        assert (await talk.next())["data"]["orderUpdated"]["status"] == "PAID"
        await act(clerk, "orderAccept", order)
        assert (await talk.next())["data"]["orderUpdated"]["status"] == "ACCEPTED"
        await talk.say("complete", id="1")
        await act(clerk, "orderReady", order)
        assert await talk.quiet()


@pytest.mark.usefixtures("hearing")
async def test_staff_of_a_store_see_what_happens_to_its_orders_and_to_no_others(
    client: Client, world: World, clerk: Client
) -> None:
    async with talking(clerk) as talk:
        await talk.follow("1", STORE, id=world.stores["S1"])
        await talk.say("ping")
        assert await talk.heard() == {"type": "pong"}
        assert await talk.quiet()
        await buy(client, world, store="S2")
        order = await place(client, await fill(client, world))
        expected = {"id": order["id"], "status": "PENDING_PAYMENT", "store": {"code": "S1"}}
        assert (await talk.next())["data"] == {"storeOrders": expected}
        await pay(client, order)
        assert (await talk.next())["data"] == {"storeOrders": expected | {"status": "PAID"}}


async def test_queries_and_mutations_are_answered_once(client: Client, world: World) -> None:
    async with talking(client) as talk:
        await talk.follow("a", BRAND)
        assert (await talk.next("a"))["data"] == {"brand": {"slug": world.tenant.slug}}
        assert await talk.heard() == {"type": "complete", "id": "a"}
        await talk.follow("a", "mutation { cartCreate(input: {}) { cart { id } userErrors { code } } }")
        assert (await talk.next("a"))["data"]["cartCreate"]["cart"]["id"]
        assert await talk.heard() == {"type": "complete", "id": "a"}


async def test_what_cannot_be_followed_ends_with_its_errors(client: Client, world: World, clerk: Client) -> None:
    async with talking(clerk) as talk:
        for document, given, code in (
            ("subscription { nothing }", {}, "BAD_REQUEST"),
            ("subscription {", {}, "BAD_REQUEST"),
            ("subscription { __typename }", {}, "BAD_REQUEST"),
            (ORDER, {"id": "nothing"}, "NOT_FOUND"),
            (STORE, {"id": "nothing"}, "NOT_FOUND"),
            (STORE, {"id": world.stores["S2"]}, "FORBIDDEN"),
        ):
            await talk.follow("1", document, **given)
            message = await talk.heard()
            if message["type"] == "next":  # an order is looked for when it is told
                assert await talk.heard() == {"type": "complete", "id": "1"}
                [error] = message["payload"]["errors"]
            else:
                assert message["type"] == "error"
                [error] = message["payload"]
            assert error["extensions"]["code"] == code
    async with talking(client) as talk:
        await talk.follow("1", STORE, id=world.stores["S1"])
        [error] = (await talk.heard())["payload"]
        assert (error["extensions"]["code"], error["path"]) == ("UNAUTHENTICATED", ["storeOrders"])


async def test_it_is_alive_as_long_as_it_is_pinged(client: Client) -> None:
    async with talking(client) as talk:
        await talk.say("ping", payload={"a": 1})
        assert await talk.heard() == {"type": "pong", "payload": {"a": 1}}
        await talk.say("pong")
        await talk.say("complete", id="nobody")
        assert await talk.quiet()


async def test_another_protocol_is_not_spoken(application: Application, client: Client) -> None:
    for protocols in ([], ["graphql-ws"]):
        async with connected(application, headers_of(client), protocols=protocols) as talk:
            assert await talk.closed() == (4406, "Subprotocol not acceptable")


async def test_nowhere_else_is_a_socket(application: Application, client: Client) -> None:
    async with connected(application, headers_of(client), path="/health") as talk:
        assert await talk.wire.took() == {"type": "websocket.close"}


async def test_who_says_nothing_is_not_waited_for(
    application: Application, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "INIT_WITHIN", 0.05)
    async with connected(application, headers_of(client)) as talk:
        assert await talk.closed() == (4408, "Connection initialisation timeout")
    async with talking(client) as talk:
        await asyncio.sleep(0.1)
        await talk.say("ping")
        assert await talk.heard() == {"type": "pong"}


async def test_nothing_is_done_for_who_has_not_said_who_they_are(application: Application, client: Client) -> None:
    async with connected(application, headers_of(client)) as talk:
        await talk.follow("1", BRAND)
        assert await talk.closed() == (4401, "Unauthorized")


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ('{"type": "connection_init"}', 4429),
        ("garbage", 4400),
        ("[]", 4400),
        ('{"type": "unknown"}', 4400),
        ('{"type": 1}', 4400),
        ('{"id": "1"}', 4400),
        ('{"type": "subscribe", "payload": {"query": "{ brand { slug } }"}}', 4400),
        ('{"type": "subscribe", "id": "", "payload": {"query": "{ brand { slug } }"}}', 4400),
        ('{"type": "subscribe", "id": 1, "payload": {"query": "{ brand { slug } }"}}', 4400),
        ('{"type": "subscribe", "id": "1"}', 4400),
        ('{"type": "subscribe", "id": "1", "payload": {}}', 4400),
        ('{"type": "subscribe", "id": "1", "payload": {"query": 1}}', 4400),
        ('{"type": "subscribe", "id": "1", "payload": {"query": "{ a }", "variables": 1}}', 4400),
        ('{"type": "subscribe", "id": "1", "payload": {"query": "{ a }", "extensions": {"lastEventId": 1}}}', 4400),
        ('{"type": "ping", "payload": 1}', 4400),
        ('{"type": "complete"}', 4400),
        ('{"type": "ping", "payload": {"a": "\\u0000"}}', 4400),
        (None, 4400),
    ],
)
async def test_what_is_no_message_ends_the_connection(client: Client, message: str | None, code: int) -> None:
    async with talking(client) as talk:
        talk.wire.into.put_nowait({"type": "websocket.receive", "text": message, "bytes": b"1"})
        closed, reason = await talk.closed()
        assert closed == code
        assert 0 < len(reason.encode()) <= 123


async def test_a_name_is_given_once(client: Client, world: World) -> None:
    order = await place(client, await fill(client, world))
    async with talking(client) as talk:
        await talk.follow("1", ORDER, id=order["id"])
        await talk.next()
        await talk.follow("1", ORDER, id=order["id"])
        assert await talk.closed() == (4409, "Subscriber for 1 already exists")


async def test_a_name_is_free_again_when_it_is_over(client: Client, world: World) -> None:
    order = await place(client, await fill(client, world))
    async with talking(client) as talk:
        for _ in range(3):
            await talk.follow("1", ORDER, id=order["id"])
            await talk.next()
            await talk.say("complete", id="1")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"payload": {"Authorization": "Bearer garbage"}}, 4403),
        ({"payload": {"X-Tenant": "another"}}, 4400),
        ({"payload": {"Authorization": 1}}, 4400),
        ({"payload": 1}, 4400),
    ],
)
async def test_who_is_not_who_they_say_is_not_let_in(
    application: Application, client: Client, said: dict[str, Any], code: int
) -> None:
    async with connected(application, headers_of(client)) as talk:
        await talk.say("connection_init", **said)
        assert (await talk.closed())[0] == code


async def test_a_browser_says_who_calls_by_the_first_message(application: Application, clerk: Client) -> None:
    async with connected(application, [("Host", "localhost")]) as talk:
        said = {"x-tenant": clerk.slug, "authorization": f"Bearer {clerk.token}"}
        await talk.say("connection_init", payload=said)
        await talk.wire.took()
        assert await talk.heard() == {"type": "connection_ack"}
        await talk.follow("1", "{ orders { totalCount } }")
        assert (await talk.next())["data"] == {"orders": {"totalCount": 0}}
    async with connected(application, [("Host", "localhost")]) as talk:
        await talk.say("connection_init")
        assert (await talk.closed())[0] == 4400  # no brand is named


async def test_a_page_of_a_stranger_is_not_let_in(application: Application, client: Client) -> None:
    async with connected(application, [*headers_of(client), ("Origin", "https://stranger.example")]) as talk:
        await talk.say("connection_init")
        code, reason = await talk.closed()
        assert (code, reason.split(":")[0]) == (4403, "ORIGIN_NOT_LISTED")


async def test_no_more_is_followed_over_one_connection_than_is_allowed(
    application: Application, client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = await place(client, await fill(client, world))
    monkeypatch.setattr(application.live, "limits", LiveLimits(operations=2))
    async with talking(client) as talk:
        for name in ("1", "2"):
            await talk.follow(name, ORDER, id=order["id"])
            await talk.next(name)
        await talk.follow("3", BRAND)
        message = await talk.heard()
        assert (message["type"], message["payload"][0]["extensions"]["code"]) == ("error", "LIMIT_REACHED")
        await talk.say("complete", id="1")
        await talk.follow("3", BRAND)
        await talk.next("3")
