"""What could not be delivered is seen by whoever looks after the brand, and delivered after all."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from core import clock
from core.actors import system
from core.dead_letters import service
from core.events import Hopeless, Within
from core.orders import OrderPlaced
from core.work import Work
from hexmart.testing import Client, World
from hexmart.worker import Worker
from tenants import Platform
from tests.schema.hiring import hired, store
from tests.schema.letters import add_dead, letter_id

pytestmark = pytest.mark.anyio

LETTERS = """
query($first: Int, $after: String, $where: DeadLetterWhere) { deadLetters(first: $first, after: $after, where: $where) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { id event at subscriber plugin attempts error diedAt payload }
} }
"""
ROW = "SELECT attempts, dead_at, done_at, due_at FROM delivery WHERE tenant_id = $1 AND id = $2"
LOGGED = "SELECT subject_id, after::text FROM audit_entry WHERE tenant_id = $1 AND action = 'event.replayed'"
ROWS = "SELECT (SELECT count(*) FROM outbox WHERE tenant_id = $1), count(*) FROM delivery WHERE tenant_id = $1"
MoveClock = Callable[[timedelta], Awaitable[None]]


@pytest.fixture
async def owner(client: Client, world: World) -> Client:
    return await client.staff(world.email("owner"))


async def read(owner: Client, **given: Any) -> dict[str, Any]:
    found: dict[str, Any] = (await owner.run(LETTERS, **given))["deadLetters"]
    return found


async def replay(owner: Client, *ids: str) -> dict[str, Any]:
    return await owner.do("deadLetterReplay", {"ids": list(ids)}, "deadLetters { id subscriber }")


async def fetch(platform: Platform, world: World, sql: str, *arguments: object) -> list[Any]:
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        return await work.fetch(sql, *arguments)


async def test_a_dead_letter_says_who_could_not_handle_what(platform: Platform, world: World, owner: Client) -> None:
    key = await add_dead(platform, world.tenant)
    [letter] = (await read(owner))["nodes"]
    assert letter | {"at": None, "diedAt": None} == {
        "id": letter_id(key),
        "event": "orders.OrderPaid",
        "at": None,
        "subscriber": "gift_wrap.wrapping.wrap",
        "plugin": "gift_wrap",
        "attempts": 10,
        "error": "builtins.ValueError",
        "diedAt": None,
        "payload": {"mark": "a mark"},
    }


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({}, 4),
        ({"plugin": "gift_wrap"}, 3),
        ({"event": "orders.OrderPlaced"}, 1),
        ({"subscriber": "core.notices.service.deliver"}, 1),
        ({"plugin": "gift_wrap", "event": "orders.OrderPlaced"}, 1),
        ({"plugin": "nothing"}, 0),
    ],
)
async def test_they_are_found_by_plugin_subscriber_and_event(
    platform: Platform, world: World, owner: Client, where: dict[str, str], found: int
) -> None:
    for event in ("orders.OrderPaid", "orders.OrderPaid", "orders.OrderPlaced"):
        await add_dead(platform, world.tenant, event=event)
    await add_dead(platform, world.tenant, plugin=None, subscriber="core.notices.service.deliver")
    assert (await read(owner, where=where))["totalCount"] == found


async def test_pages_hold_each_once_the_latest_first(platform: Platform, world: World, owner: Client) -> None:
    keys = [letter_id(await add_dead(platform, world.tenant)) for _ in range(5)]
    seen: list[str] = []
    after = None
    for _ in range(3):
        page = await read(owner, first=2, after=after)
        seen += [node["id"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert seen == keys[::-1]
    assert not page["pageInfo"]["hasNextPage"]


@pytest.mark.parametrize("where", [{"plugin": ""}, {"event": "\x00"}, {"subscriber": "x" * 301}])
async def test_a_condition_that_nothing_can_meet_is_refused(owner: Client, where: dict[str, str]) -> None:
    assert await owner.code(LETTERS, where=where) == "BAD_REQUEST"


@pytest.mark.parametrize("cursor", ["WyIyMDI2LTAxLTAxVDAwOjAwOjAwIiwieCJd", "WzEsMl0", "x"])
async def test_a_cursor_that_is_made_up_is_refused(owner: Client, cursor: str) -> None:
    assert await owner.code(LETTERS, after=cursor) == "BAD_REQUEST"


async def test_a_replayed_one_is_due_again_with_all_its_attempts_and_the_log_says_who_did_it(
    platform: Platform, world: World, owner: Client
) -> None:
    key, other = await add_dead(platform, world.tenant), await add_dead(platform, world.tenant)
    done = await replay(owner, letter_id(key))
    assert (done["userErrors"], done["warnings"]) == ([], [])
    assert done["deadLetters"] == [{"id": letter_id(key), "subscriber": "gift_wrap.wrapping.wrap"}]
    [row] = await fetch(platform, world, ROW, key)
    assert (row["attempts"], row["dead_at"], row["done_at"]) == (0, None, None)
    assert row["due_at"] <= clock.now()
    assert [node["id"] for node in (await read(owner))["nodes"]] == [letter_id(other)]
    assert [tuple(row) for row in await fetch(platform, world, LOGGED)] == [
        (key, '{"subscribers": ["gift_wrap.wrapping.wrap"]}')
    ]


async def test_a_second_replay_does_nothing_and_says_so(platform: Platform, world: World, owner: Client) -> None:
    one, other = [letter_id(await add_dead(platform, world.tenant)) for _ in range(2)]
    await replay(owner, one)
    again = await replay(owner, one, other, other)
    assert [letter["id"] for letter in again["deadLetters"]] == [other]
    assert [(remark["code"], remark["targetId"]) for remark in again["warnings"]] == [("ALREADY_DONE", one)]
    assert len(await fetch(platform, world, LOGGED)) == 2


async def test_an_id_that_names_nothing_replays_nothing(platform: Platform, world: World, owner: Client) -> None:
    known = letter_id(await add_dead(platform, world.tenant))
    for unknown in (letter_id(world.store_keys["S1"]), world.stores["S1"], "x"):
        refused = await replay(owner, known, unknown)
        assert [error["code"] for error in refused["userErrors"]] == ["NOT_FOUND"]
    assert [error["code"] for error in (await replay(owner))["userErrors"]] == ["INVALID"]
    assert [error["code"] for error in (await replay(owner, *[known] * 101))["userErrors"]] == ["INVALID"]
    assert (await read(owner))["totalCount"] == 1


async def test_who_may_do_it_for_one_store_may_not_do_it_at_all(
    client: Client, platform: Platform, world: World, owner: Client
) -> None:
    role = {"name": "postmaster", "label": "Postmaster", "permissions": ["events.read", "events.replay"]}
    assert (await owner.do("roleCreate", role, "role { name }"))["userErrors"] == []
    key = letter_id(await add_dead(platform, world.tenant))
    local = await hired(client, platform, world, postmaster=store(world, "S1"))
    assert await local.code(LETTERS) == "FORBIDDEN"
    document = "mutation($input: DeadLetterReplayInput!) { deadLetterReplay(input: $input) { warnings { code } } }"
    assert await local.code(document, input={"ids": [key]}) == "FORBIDDEN"
    assert (await read(owner))["totalCount"] == 1


async def test_what_is_replayed_is_delivered(
    platform: Platform, world: World, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[OrderPlaced] = []
    hopeless = True

    async def listens(_work: Work, event: OrderPlaced) -> None:
        if hopeless:
            raise Hopeless
        heard.append(event)

    subscriber = Within(OrderPlaced, listens)
    monkeypatch.setattr(platform.hooks(world.tenant.plugins), "subscribers", {subscriber.name: subscriber})
    placed = OrderPlaced(order_id=world.store_keys["S1"], store_id=world.store_keys["S2"], payable=5)
    async with platform.open_work(world.tenant, system("test")) as work:
        work.emit(placed)
    await Worker(platform).deliver(world.tenant)
    [letter] = (await read(owner))["nodes"]
    assert (letter["attempts"], letter["error"]) == (1, "core.events.errors.Hopeless")  # at once
    assert letter["payload"] == {"order_id": str(placed.order_id), "store_id": str(placed.store_id), "payable": 5}
    hopeless = False
    await replay(owner, letter["id"])
    await Worker(platform).deliver(world.tenant)
    assert heard == [placed]
    assert (await read(owner))["totalCount"] == 0


async def test_a_delivered_event_is_forgotten_after_a_week_and_a_dead_one_after_a_quarter(
    platform: Platform, world: World, move_clock: MoveClock
) -> None:
    async def forget() -> tuple[int, int]:
        while True:
            async with platform.open_work(world.tenant, system("test")) as work:
                if not await service.forget_told(work):
                    return tuple(next(iter(await work.fetch(ROWS))))

    await Worker(platform).deliver(world.tenant)  # what the brand began with
    await add_dead(platform, world.tenant)
    before = await forget()
    await move_clock(service.TOLD - timedelta(minutes=1))
    assert await forget() == before
    await move_clock(timedelta(minutes=2))
    assert await forget() == (1, 1)
    await move_clock(service.DEAD)
    assert await forget() == (0, 0)


async def test_what_nobody_will_hear_any_more_is_dead_after_an_hour(
    platform: Platform, world: World, owner: Client, move_clock: MoveClock
) -> None:
    known = next(iter(platform.hooks(world.tenant.plugins).known_subscribers))
    gone = await add_dead(platform, world.tenant)
    off = await add_dead(platform, world.tenant, subscriber=known, plugin="switched_off")
    await replay(owner, letter_id(gone), letter_id(off))

    async def bury() -> int:
        async with platform.open_work(world.tenant, system("test")) as work:
            return await service.bury_orphans(work)

    assert await bury() == 0  # a release may be under way
    await move_clock(service.LISTENING_SOON + timedelta(minutes=1))
    assert (await bury(), await bury()) == (1, 0)
    [row] = await fetch(platform, world, ROW, gone)
    assert row["dead_at"] is not None
    [row] = await fetch(platform, world, ROW, off)
    assert row["dead_at"] is None
