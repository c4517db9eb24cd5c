"""What goes with an order is taken with it, and given back with it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

import pytest

from core import orders, payments
from core.actors import ANONYMOUS, system
from core.errors import DomainError
from core.orders import Cause, PlaceRequest, Release
from core.work import Work
from hexmart.testing import Client, UsePlugins, World
from hexmart.testing.statements import listening
from schema import relay
from tenants import Platform
from tests.core.orders.conftest import put_seats, seats_taken
from tests.core.orders.plugins import Seats, Waiting
from tests.faults.audit import audit
from tests.faults.shop import books, cart_id_of, fill_carts, stock_up
from tests.schema.shop import act, buy, done, read, refusal

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("seats_table")]
Answers = list[UUID | DomainError]
MoveClock = Callable[[timedelta], Awaitable[None]]
RunWorker = Callable[[], Awaitable[None]]


async def place_batch(platform: Platform, world: World, carts: Sequence[UUID]) -> Answers:
    requests = [PlaceRequest(cart_id=key, actor=ANONYMOUS, key="k") for key in carts]
    async with platform.open_work(world.tenant, ANONYMOUS) as work:
        return await orders.place(work, requests)


def words(answers: Answers) -> list[str]:
    return [answer.code if isinstance(answer, DomainError) else "placed" for answer in answers]


async def test_only_so_many_of_a_batch_are_placed_as_can_claim(
    platform: Platform, world: World, use_plugins: UsePlugins
) -> None:
    await use_plugins(seats=Seats())
    await put_seats(platform, world, 3)
    answers = await place_batch(platform, world, await fill_carts(platform, world, 5))
    assert words(answers) == ["placed"] * 3 + ["INVALID"] * 2
    assert set(await seats_taken(platform, world)) == set(answers[:3])
    assert (await books(platform, world)).reserved == 3


async def test_what_was_claimed_for_an_order_that_is_short_of_stock_is_free_again(
    platform: Platform, world: World, use_plugins: UsePlugins
) -> None:
    await use_plugins(seats=Seats())
    await put_seats(platform, world, 5)
    first, middle, last = [(await fill_carts(platform, world, 1, {"MILK-1L": n}))[0] for n in (1, 3, 1)]
    await stock_up(platform, world, 2)
    answers = await place_batch(platform, world, [first, middle, last])
    assert words(answers) == ["placed", "OUT_OF_STOCK", "placed"]
    assert set(await seats_taken(platform, world)) == {answers[0], answers[2]}
    assert await audit(platform, world.tenant) == {}


async def test_without_the_savepoint_the_seat_would_stay_taken(
    platform: Platform, world: World, use_plugins: UsePlugins, monkeypatch: pytest.MonkeyPatch
) -> None:
    @asynccontextmanager
    async def none(_: Work) -> AsyncIterator[None]:
        yield

    await use_plugins(seats=Seats())
    await put_seats(platform, world, 5)
    carts = await fill_carts(platform, world, 1, {"MILK-1L": 3})
    await stock_up(platform, world, 2)
    monkeypatch.setattr(Work, "savepoint", none)
    with pytest.raises(Exception, match="violates foreign key"):
        await place_batch(platform, world, carts)


async def test_a_hundred_at_once_never_take_more_than_there_is(
    platform: Platform, world: World, client: Client, use_plugins: UsePlugins
) -> None:
    await use_plugins(seats=Seats())
    await put_seats(platform, world, 7)
    carts = await fill_carts(platform, world, 100)
    asked = [{"cartId": cart_id_of(key), "idempotencyKey": "1"} for key in carts]
    payloads = await asyncio.gather(*(client.do("orderPlace", one, "order { id }") for one in asked))
    placed = [payload for payload in payloads if payload["order"] is not None]
    assert {refusal(payload)[0] for payload in payloads if payload["order"] is None} == {"INVALID"}
    assert len(placed) == len(await seats_taken(platform, world)) == 7
    assert await audit(platform, world.tenant) == {}


async def test_a_batch_takes_as_many_statements_as_one_order(
    platform: Platform, world: World, use_plugins: UsePlugins
) -> None:
    await use_plugins(seats=Seats(), waiting=Waiting())
    await put_seats(platform, world, 60)
    counts = []
    for size in (1, 50):
        carts = await fill_carts(platform, world, size)
        with listening() as sent:
            answers = await place_batch(platform, world, carts)
        assert words(answers) == ["placed"] * size
        counts.append(len(sent))
    print(f"placing: {counts[0]} statements for 1 order, {counts[1]} for 50")  # noqa: T201 - the figure is wanted
    assert counts[0] == counts[1]


async def test_orders_that_end_give_their_seats_back(
    platform: Platform, world: World, client: Client, use_plugins: UsePlugins
) -> None:
    seats, manager = Seats(), await client.staff(world.email("manager"))
    await use_plugins(seats=seats)
    await put_seats(platform, world, 1)
    done(await act(manager, "orderReject", await buy(client, world)), "order")
    assert [one.cause for one in seats.released] == [Cause.REJECTED]
    order = await buy(client, world)
    done(await client.do("orderCancel", {"orderId": order["id"], "idempotencyKey": "c"}, "order { id }"), "order")
    assert [one.cause for one in seats.released] == [Cause.REJECTED, Cause.CANCELLED]
    assert await seats_taken(platform, world) == []


async def test_orders_that_are_not_paid_in_time_give_their_seats_back_in_one_call(
    platform: Platform, world: World, use_plugins: UsePlugins, move_clock: MoveClock, run_worker: RunWorker
) -> None:
    seats = Seats()
    await use_plugins(seats=seats)
    await put_seats(platform, world, 3)
    placed = await place_batch(platform, world, await fill_carts(platform, world, 3))
    await move_clock(timedelta(minutes=16))
    await run_worker()
    assert ({one.order_id for one in seats.released}, seats.calls) == (set(placed), 1)
    assert await seats_taken(platform, world) == []


async def test_a_plugin_that_cannot_give_back_does_so_later_and_the_order_ends_all_the_same(
    platform: Platform,
    world: World,
    client: Client,
    use_plugins: UsePlugins,
    move_clock: MoveClock,
    run_worker: RunWorker,
) -> None:
    seats = Seats()
    await use_plugins(seats=seats)
    await put_seats(platform, world, 1)
    order = await buy(client, world)
    seats.broken = True
    asked = {"orderId": order["id"], "idempotencyKey": "c"}
    assert done(await client.do("orderCancel", asked, "order { status }"), "order")["status"] == "CANCELLED"
    await run_worker()
    assert len(await seats_taken(platform, world)) == 1
    seats.broken = False
    await move_clock(timedelta(hours=1))
    await run_worker()
    assert await seats_taken(platform, world) == []


async def test_a_part_that_is_refunded_leaves_the_seat_and_the_last_one_gives_it_back(
    platform: Platform, world: World, client: Client, use_plugins: UsePlugins
) -> None:
    seats, manager = Seats(), await client.staff(world.email("manager"))
    await use_plugins(seats=seats)
    await put_seats(platform, world, 1)
    order = await buy(client, world)
    line = order["lines"][0]["id"]
    for key, left in (("1", 1), ("2", 0)):
        wish = {"orderId": order["id"], "lines": [{"orderLineId": line, "quantity": 1}], "reason": "broken"}
        done(await manager.do("refundCreate", wish | {"idempotencyKey": key}, "refund { id }"), "refund")
        assert len(await seats_taken(platform, world)) == left
    assert [one.whole for one in seats.released] == [False, True]


async def test_a_plugin_ends_an_order_once(
    platform: Platform, world: World, client: Client, use_plugins: UsePlugins
) -> None:
    seats = Seats()
    await use_plugins(seats=seats)
    await put_seats(platform, world, 1)
    order = await buy(client, world)
    key = relay.key_of("Order", order["id"])
    assert key is not None
    for ended in (True, False):
        async with platform.open_work(world.tenant, system("seats")) as work:
            assert await payments.end(work, key, cause=Cause.EXPIRED, reason="nobody came") is ended
    assert seats.released == [Release(key, Cause.EXPIRED)]
    shown = await read(client, order) or {}
    assert (shown["status"], shown["paymentStatus"], len(shown["refunds"])) == ("CANCELLED", "REFUNDED", 1)
    assert await audit(platform, world.tenant) == {}
