"""Goods that are brought to several counters at once: they come back once, and never for more than was paid."""

import asyncio
from collections import Counter as Count
from collections.abc import Awaitable, Mapping
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

import pytest

from core import clock, returns
from core.actors import system
from core.orders import queries
from core.returns import expiring, steps, windows
from core.returns.events import ReturnOverdue
from hexmart.app import Application
from hexmart.testing import Client, World
from hexmart.testing.brands import build_world
from schema.relay import key_or_nothing
from tenants import Platform
from tests.schema.returning import Counter, line_of
from tests.schema.shop import Payload

pytestmark = pytest.mark.anyio
MILK = "MILK-1L"
# Whoever has read an order stays a moment, so that others read it as it was, too.
NO_LOCK = f"SELECT read.* FROM pg_sleep(0.1), ({queries.LOCK.replace('FOR UPDATE', '')}) read"
SLOW = f"SELECT read.* FROM pg_sleep(0.1) LEFT JOIN ({windows.TAKEN}) read ON true"
NO_GUARD = steps.MOVE.replace("AND status = any($8::text[])", "AND $8::text[] IS NOT NULL")
ATTEMPTS = 12  #: at a race that luck decides: one that comes second may find the first one committed


@pytest.fixture
async def counter(platform: Platform, world: World, client: Client) -> Counter:
    return await _counter(platform, world, client)


async def _counter(platform: Platform, world: World, guest: Client) -> Counter:
    made = Counter(platform, world, guest, guest, guest)
    await made.sign_in()
    return made


async def outcomes(*asked: Awaitable[Payload]) -> Count[str]:
    """What became of requests that were all sent at once: a state, a code, or an error."""
    answers = await asyncio.gather(*asked, return_exceptions=True)
    return Count(map(_outcome, answers))


def _outcome(answer: Payload | BaseException) -> str:
    if isinstance(answer, BaseException):
        return "ERROR"
    errors = answer["userErrors"]
    return str(errors[0]["code"] if errors else (answer.get("return") or {"status": "PAID"})["status"])


async def ask_for_all(counter: Counter, order: Payload) -> Count[str]:
    return await outcomes(*(counter.ask(order, {MILK: 3}) for _ in range(4)))


async def test_the_same_goods_can_be_asked_for_once(counter: Counter) -> None:
    order = await counter.sold({MILK: 3})
    assert await ask_for_all(counter, order) == {"REQUESTED": 1, "INVALID": 3}
    assert await counter.broken() == {}


async def test_without_the_orders_lock_they_would_come_back_twice(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "LOCK", NO_LOCK)
    monkeypatch.setattr(windows, "TAKEN", SLOW)
    assert (await ask_for_all(counter, await counter.sold({MILK: 3})))["REQUESTED"] > 1
    assert list(await counter.broken()) == ["returns.bought"]


async def take_in_twice(counter: Counter) -> Count[str]:
    """Two people take the same parcel in, of an order that has more of it."""
    found = await counter.approved(await counter.sold({MILK: 3}), {MILK: 1})
    return await outcomes(*(counter.receive(found) for _ in range(2)))


async def test_goods_are_taken_in_once(counter: Counter) -> None:
    assert await take_in_twice(counter) == {"COMPLETED": 1, "RETURN_STATE": 1}
    assert await counter.broken() == {}


async def test_without_the_guard_they_would_be_on_the_shelf_twice(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "MOVE", NO_GUARD)
    assert await take_in_twice(counter) == {"COMPLETED": 2}
    assert set(await counter.broken()) == {"returns.shelved"}


async def test_goods_that_leave_as_their_time_ends_are_waited_for_or_not(counter: Counter) -> None:
    """What is kept for them is kept exactly as long as they are waited for."""
    found = [await counter.approved(await counter.sold({MILK: 1}), {MILK: 1}, "EXCHANGE") for _ in range(6)]
    async with counter.platform.open_work(counter.world.tenant, system("test")) as work:
        await work.execute("UPDATE sales_return SET due_at = app_now() WHERE tenant_id = $1")
    sent = (counter.do("returnSend", one, by=counter.buyer) for one in found)
    told = await asyncio.gather(*sent, *(close(counter, one) for one in found))
    said = Count(_outcome(one) for one in told if one is not None)
    ended = Count([(await counter.read(one) or {})["status"] for one in found])
    assert set(ended) <= {"SENT", "EXPIRED"}
    assert (ended["SENT"], ended["EXPIRED"]) == (said["SENT"], said["RETURN_STATE"])
    assert await counter.broken() == {}


async def close(counter: Counter, found: Payload) -> None:
    event = ReturnOverdue(return_id=key_or_nothing("Return", found["id"]), order_id=await order_of(counter, found))
    async with counter.platform.open_work(counter.world.tenant, system("test")) as work:
        await expiring.close(work, event)


async def order_of(counter: Counter, found: Payload) -> UUID:
    async with counter.platform.open_work(counter.world.tenant, system("test"), read_only=True) as work:
        row = await returns.by_id(work, key_or_nothing("Return", found["id"]))
    assert row is not None
    return row.order_id


async def every_way_at_once(counter: Counter) -> tuple[Count[str], Payload]:
    """All of an order is paid back by a return, by a refund without goods, and by hand, at the same instant."""
    order = await counter.delivered({MILK: 2})  # 31.80 and 6.00
    back = await counter.approved(order, {MILK: 1}, reason="DEFECTIVE")
    money = await counter.asked(order, {MILK: 1}, "REFUND", reason="DEFECTIVE")
    wish = {"orderId": order["id"], "reason": "x", "idempotencyKey": "all"}
    found = await outcomes(
        counter.receive(back),
        counter.do("returnApprove", money),
        counter.staff.do("refundCreate", wish, "refund { id }"),
        counter.staff.do("refundCreate", wish | {"idempotencyKey": "again"}, "refund { id }"),
    )
    return found, await counter.order(order)


def paid_back(order: Payload) -> Decimal:
    return sum((Decimal(one["amount"]["amount"]) for one in order["refunds"]), Decimal(0))


async def test_no_more_goes_back_than_was_paid_by_all_ways_together(counter: Counter) -> None:
    found, order = await every_way_at_once(counter)
    assert "ERROR" not in found
    assert (paid_back(order), order["status"]) == (Decimal("37.80"), "REFUNDED")
    assert await counter.broken() == {}


async def test_without_the_orders_lock_the_database_alone_stands_in_between(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "LOCK", NO_LOCK)
    for _ in range(ATTEMPTS):
        found, order = await every_way_at_once(counter)
        assert paid_back(order) <= Decimal("37.80")
        if found["ERROR"]:
            return
    pytest.fail("the database had nothing to stop")


async def test_without_both_more_would_go_back_than_was_paid(
    unchecked: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = await build_world(unchecked.platform)
    counter = await _counter(unchecked.platform, world, Client(unchecked, world.tenant.slug))
    monkeypatch.setattr(queries, "LOCK", NO_LOCK)
    for _ in range(ATTEMPTS):
        _, order = await every_way_at_once(counter)
        if paid_back(order) > Decimal("37.80"):
            break
    assert paid_back(order) > Decimal("37.80")
    assert "payments.paid_back" in await counter.broken()


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_comes_back_in_whichever_parts_comes_to_what_was_paid(counter: Counter, seed: int) -> None:
    """With a discount that no number of pieces divides, by returns and by hand, in any order."""
    chance, left = Random(seed), {MILK: 7, "BREAD": 5}
    await counter.rule("returns.freight_at_fault", False)
    order = await discounted(counter, left, seed)
    while any(left.values()):
        sku = chance.choice([sku for sku, quantity in left.items() if quantity])
        quantity = chance.randint(1, left[sku])
        left[sku] -= quantity
        await give_back(counter, order, sku, quantity, chance.choice(["RETURN", "REFUND", "EXCHANGE", "by hand"]))
    found = await counter.order(order)
    assert paid_back(found) == Decimal(found["totals"]["payable"]["amount"])
    assert found["status"] == "REFUNDED"
    assert await counter.broken() == {}


async def discounted(counter: Counter, wanted: Mapping[str, int], seed: int) -> Payload:
    """A till's sale for a few cents less than the goods cost, of a member who comes back with them."""
    cents = sum({MILK: 1590, "BREAD": 1250}[sku] * quantity for sku, quantity in wanted.items()) - 101 - seed
    codes = {MILK: "6900000000010", "BREAD": "6900000000041"}
    prices = {MILK: "15.90", "BREAD": "12.50"}
    lines = [{"barcode": codes[sku], "quantity": n, "unitPrice": prices[sku]} for sku, n in wanted.items()]
    sale = {"storeId": counter.world.stores["S1"], "externalReference": f"T{seed}", "lines": lines}
    sale |= {"paid": str(Decimal(cents) / 100), "memberPhone": "13800000001", "soldAt": clock.now().isoformat()}
    fields = "order { id lines { id variant { sku } } }"
    made: Payload = (await counter.staff.do("posSaleRecord", sale, fields))["order"]
    return made


async def give_back(counter: Counter, order: Payload, sku: str, quantity: int, way: str) -> None:
    if way == "by hand":
        line: dict[str, Any] = {"orderLineId": line_of(order, sku), "quantity": quantity}
        wish = {"orderId": order["id"], "lines": [line], "reason": "x", "idempotencyKey": counter.key()}
        assert (await counter.staff.do("refundCreate", wish, "refund { id }"))["userErrors"] == []
        return
    found = await counter.approved(order, {sku: quantity}, way)
    if way != "REFUND":
        found = await counter.received(found)
    if way == "EXCHANGE":
        found = await counter.did("returnRefund", found)
    assert found["status"] == "COMPLETED"
