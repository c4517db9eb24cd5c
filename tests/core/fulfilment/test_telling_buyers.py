"""Buyers hear what becomes of their orders: members in their inbox and by the channels there are, guests by phone."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from core.notices import Letter
from core.notices.service import LogChannel
from hexmart.testing import Client, World
from tests.schema.shop import PHONE, act, buy, buy_delivered, done, fill, place

pytestmark = pytest.mark.anyio
RunWorker = Callable[[], Awaitable[None]]
NAMED = {"name": "小王", "phone": "13800000002"}
INBOX = "{ viewer { ... on Member { unreadCount inbox { nodes { kind title body subjectId } } } } }"


@pytest.fixture
def settle(run_worker: RunWorker) -> RunWorker:
    """Do everything that is due, and what comes of that: a message is written, then sent."""

    async def run() -> None:
        for _ in range(3):
            await run_worker()

    return run


@pytest.fixture
async def clerk(client: Client, world: World) -> Client:
    return await client.staff(world.email("clerk"))


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> list[Letter]:
    """What channels are handed of orders."""
    heard: list[Letter] = []

    async def keep(_: LogChannel, letter: Letter) -> None:
        if letter.template.startswith("orders."):
            heard.append(letter)

    monkeypatch.setattr(LogChannel, "deliver", keep)
    return heard


async def make_ready(clerk: Client, order: dict[str, Any]) -> None:
    for step in ("orderAccept", "orderReady"):
        done(await act(clerk, step, order), "order")


async def inbox(member: Client) -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = (await member.run(INBOX))["viewer"]["inbox"]["nodes"]
    return nodes


async def test_a_member_hears_of_it_once(
    client: Client, world: World, clerk: Client, letters: list[Letter], settle: RunWorker
) -> None:
    shopper = await client.member(PHONE)
    order = await buy(shopper, world)
    await settle()
    assert (letters, await inbox(shopper)) == ([], [])
    await make_ready(clerk, order)
    await settle()
    [letter] = letters
    assert (letter.template, letter.recipient) == ("orders.ready", "+8613800000001")
    store = (await client.run("query($c: String!) { store(code: $c) { name } }", c="S1"))["store"]["name"]
    shown = {"brand": world.tenant.slug, "store": store, "number": order["number"], "code": order["pickupCode"]}
    assert letter.values == shown
    [message] = await inbox(shopper)
    assert (message["kind"], message["subjectId"]) == ("orders.ready", order["id"])
    assert (message["title"], order["pickupCode"] in message["body"]) == ("可以取货了", True)


async def test_who_is_named_hears_of_it_and_a_guest_who_named_nobody_asks(
    client: Client, world: World, clerk: Client, letters: list[Letter], settle: RunWorker
) -> None:
    shopper = await client.member(PHONE)
    bought = [await buy(who, world, contact=contact) for who, contact in ((shopper, NAMED), (client, NAMED))]
    for order in (*bought, await buy(client, world)):
        await make_ready(clerk, order)
    await settle()
    assert sorted((letter.recipient, letter.member_id is None) for letter in letters) == [
        ("+8613800000002", False),
        ("+8613800000002", True),
    ]
    assert [message["subjectId"] for message in await inbox(shopper)] == [bought[0]["id"]]


async def test_what_was_collected_meanwhile_is_no_news_and_what_is_brought_is_on_its_way(
    client: Client, world: World, clerk: Client, letters: list[Letter], settle: RunWorker
) -> None:
    shopper = await client.member(PHONE)
    collected, brought = await buy(shopper, world), await buy_delivered(shopper, world)
    for order in (collected, brought):
        await make_ready(clerk, order)
    taken = {"code": collected["pickupCode"], "storeId": world.stores["S1"]}
    done(await clerk.do("verify", taken, "verification { kind }"), "verification")
    await settle()
    assert (letters, await inbox(shopper)) == ([], [])
    done(await act(clerk, "orderDispatch", brought), "order")
    await settle()
    assert [(one["kind"], one["subjectId"]) for one in await inbox(shopper)] == [("orders.dispatched", brought["id"])]


async def test_what_comes_to_nothing_is_told_and_what_goes_back(
    client: Client, world: World, move_clock: Callable[[timedelta], Awaitable[None]], settle: RunWorker
) -> None:
    shopper = await client.member(PHONE)
    unpaid = await place(shopper, await fill(shopper, world))
    paid = await buy(shopper, world)
    wish = {"orderId": paid["id"], "reason": "no", "idempotencyKey": "no"}
    done(await shopper.do("orderCancel", wish, "order { id }"), "order")
    await settle()
    await move_clock(timedelta(hours=1))
    await settle()
    shopper = await client.member(PHONE)
    told = {(one["kind"], one["subjectId"]): one["body"] for one in await inbox(shopper)}
    assert set(told) == {
        ("orders.cancelled", paid["id"]),
        ("payments.refunded", paid["id"]),
        ("orders.expired", unpaid["id"]),
    }
    assert "CNY" in told["payments.refunded", paid["id"]]
