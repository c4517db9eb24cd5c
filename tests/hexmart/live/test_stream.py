"""Distinct connections of graphql-sse, case by case, with a fault each; and what comes over them."""

import asyncio
import json
from typing import Any
from urllib.parse import quote

import pytest

from hexmart.live import stream
from hexmart.testing import Client, World
from tests.hexmart.live.talking import BRAND, ORDER, STORE, streaming
from tests.hexmart.shops import SHOP, list_origins
from tests.schema.shop import act, buy, fill, pay, place

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("nothing_is_left")]


@pytest.mark.usefixtures("hearing")
async def test_an_order_comes_at_once_and_again_whenever_it_changes(
    client: Client, world: World, clerk: Client
) -> None:
    order = await place(client, await fill(client, world))
    async with streaming(client, ORDER, id=order["id"]) as told:
        assert told.status == 200
        assert told.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert (told.headers["cache-control"], told.headers["x-accel-buffering"]) == ("no-store", "no")
        name, event_id, data = await told.event()
        assert (name, data["data"]["orderUpdated"]["status"]) == ("next", "PENDING_PAYMENT")
        assert data["extensions"]["eventId"] == event_id
        await pay(client, order)
        assert (await told.next())["data"]["orderUpdated"]["status"] == "PAID"
        await act(clerk, "orderAccept", order)
        assert (await told.next())["data"]["orderUpdated"]["status"] == "ACCEPTED"


@pytest.mark.usefixtures("hearing")
async def test_staff_of_a_store_see_what_happens_to_its_orders(client: Client, world: World, clerk: Client) -> None:
    async with streaming(clerk, STORE, id=world.stores["S1"]) as told:
        assert await told.wire.took()  # the sign that it lives
        assert (await told.wire.took())["body"] == stream.FOLLOWING
        await buy(client, world, store="S2")
        order = await place(client, await fill(client, world))
        assert (await told.next())["data"]["storeOrders"]["id"] == order["id"]


async def test_a_query_has_one_result_and_then_it_is_complete(client: Client, world: World) -> None:
    async with streaming(client, BRAND) as told:
        assert (await told.next())["data"] == {"brand": {"slug": world.tenant.slug}}
        assert await told.completed()
    async with streaming(client, "mutation { cartCreate(input: {}) { cart { id } } }") as told:
        assert (await told.next())["data"]["cartCreate"]["cart"]["id"]
        assert await told.completed()


async def test_what_is_wrong_with_a_document_is_its_one_result(client: Client, world: World) -> None:
    wrong: list[tuple[str, dict[str, Any], str]] = [
        ("subscription { nothing }", {}, "BAD_REQUEST"),
        (ORDER, {"id": "nothing"}, "NOT_FOUND"),
        (STORE, {"id": world.stores["S1"]}, "UNAUTHENTICATED"),
    ]
    for document, given, code in wrong:
        async with streaming(client, document, **given) as told:
            [error] = (await told.next())["errors"]
            assert error["extensions"]["code"] == code
            assert await told.completed()


async def test_a_document_in_the_address_may_be_followed_and_do_nothing(client: Client, world: World) -> None:
    order = await place(client, await fill(client, world))
    asked = f"query={quote(ORDER)}&variables={quote(json.dumps({'id': order['id']}))}"
    async with streaming(client, None, method="GET", query=asked.encode()) as told:
        assert (await told.next())["data"]["orderUpdated"]["id"] == order["id"]
    asked = f"query={quote('mutation { cartCreate(input: {}) { cart { id } } }')}"
    async with streaming(client, None, method="GET", query=asked.encode()) as told:
        [error] = (await told.next())["errors"]
        assert error["extensions"]["code"] == "BAD_REQUEST"
        assert await told.completed()


async def test_what_is_no_request_is_answered_by_its_status(client: Client) -> None:
    for headers, given, status in (
        ([("Authorization", "Bearer garbage")], {}, 401),
        ([("X-Tenant", "nobody-has-this-name")], {}, 400),
        ([("Last-Event-ID", "garbage")], {}, 400),
        ([("Content-Type", "text/plain")], {}, 415),
        ([], {"method": "PUT"}, 405),
        ([], {"method": "GET"}, 400),
        ([], {"method": "GET", "query": b"query=" + b"%20" * 70_000}, 400),
    ):
        names = {name for name, _ in headers}
        asker = Client(client.application, client.slug)
        async with streaming(asker, BRAND, *headers, without=names, **given) as told:
            assert told.status == status, headers
            assert (await told.body())["errors"][0]["extensions"]["code"]


async def test_who_would_also_take_a_stream_is_answered_at_once(client: Client, world: World) -> None:
    accepted = [("Accept", "application/graphql-response+json, application/json, text/event-stream, multipart/mixed")]
    async with streaming(client, BRAND, *accepted, without={"Accept"}) as told:
        assert told.headers["content-type"].startswith("application/json")
        assert (await told.body())["data"] == {"brand": {"slug": world.tenant.slug}}
    [error] = (await client.send("subscription { orderUpdated(id: 1) { id } }"))["errors"]
    assert "text/event-stream" in error["message"]


async def test_it_says_that_it_lives(client: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "ALIVE", 0.05)
    order = await place(client, await fill(client, world))
    async with streaming(client, ORDER, id=order["id"]) as told:
        await told.next()
        for _ in range(3):
            assert (await told.wire.took())["body"] == b":\n\n"


async def test_a_page_of_the_brands_shop_may_read_it_and_no_other(client: Client, owner: Client, world: World) -> None:
    await list_origins(owner, SHOP)
    order = await place(client, await fill(client, world))
    async with streaming(client, ORDER, ("Origin", SHOP), id=order["id"]) as told:
        assert told.headers["access-control-allow-origin"] == SHOP
        await told.next()
    async with streaming(client, ORDER, ("Origin", "https://stranger.example"), id=order["id"]) as told:
        assert told.status == 403


async def test_whoever_hangs_up_at_any_moment_leaves_nothing(client: Client, world: World) -> None:
    order = await place(client, await fill(client, world))
    for moment in range(20):
        async with streaming(client, ORDER, id=order["id"]):
            await asyncio.sleep(moment / 2_000)
