"""What a brand decides about returns: how long, what at once, and when it is over."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from core import catalog, orders
from core.actors import system
from core.catalog.models import Category
from tests.schema.conftest import Shelf
from tests.schema.returning import OF_ORDER, Counter
from tests.schema.shop import Payload, act, buy_delivered, done, refusal

pytestmark = pytest.mark.anyio
Move = Callable[[timedelta], Awaitable[None]]
MOVED = "UPDATE product SET category_id = $2 WHERE tenant_id = $1 AND slug = 'milk'"


@pytest.fixture
def later(counter: Counter, move_clock: Move, run_worker: Any) -> Move:
    """Time passes, and what is due is done."""

    async def wait(time: timedelta) -> None:
        await move_clock(time)
        await run_worker()
        await counter.sign_in()

    return wait


async def returnable(counter: Counter, order: Payload) -> dict[str, Any]:
    found = (await counter.buyer.run(OF_ORDER, id=order["id"]))["order"]["lines"]
    return dict(zip([line["variant"]["sku"] for line in order["lines"]], found, strict=True))


async def test_goods_are_taken_back_for_seven_days(counter: Counter, later: Move) -> None:
    order = await counter.sold({"MILK-1L": 3})
    await later(timedelta(days=7, seconds=-60))
    assert (await counter.asked(order, {"MILK-1L": 1}))["status"] == "REQUESTED"
    await later(timedelta(seconds=60))
    assert refusal(await counter.ask(order, {"MILK-1L": 1})) == ("RETURN_TOO_LATE", ["input", "lines"])
    by_staff = await counter.asked(order, {"MILK-1L": 1}, by=counter.staff)
    assert by_staff["status"] == "APPROVED"


async def test_the_nearest_category_says_how_long(counter: Counter, later: Move) -> None:
    async with counter.platform.open_work(counter.world.tenant, system("test")) as work:
        above = await catalog.add_category(work, Category(slug="fresh", name="鲜"))
        below = await catalog.add_category(work, Category(slug="dairy", name="奶", parent_id=above))
        await work.session.flush()
        await work.execute(MOVED, below)
    await counter.rule("returns.category_days", {"fresh": 0, "food": 30})
    order = await counter.sold({"MILK-1L": 1, "BREAD": 1})
    found = await returnable(counter, order)
    assert (found["MILK-1L"]["returnableUntil"], found["BREAD"]["returnableUntil"] is not None) == (None, True)
    assert refusal(await counter.ask(order, {"MILK-1L": 1})) == ("NOT_RETURNABLE", ["input", "lines"])
    await later(timedelta(days=29))
    assert (await counter.asked(order, {"BREAD": 1}))["status"] == "REQUESTED"
    await counter.rule("returns.category_days", {"fresh": 0, "dairy": 60})
    assert (await counter.asked(order, {"MILK-1L": 1}))["status"] == "REQUESTED"


async def test_what_is_worth_little_is_approved_at_once(counter: Counter, shelf: Shelf) -> None:
    await counter.rule("returns.approve_below", 1600)
    await counter.rule("returns.refund_below", 1250)
    order = await counter.sold({"MILK-1L": 4, "BREAD": 2})
    asked = [
        await counter.asked(order, {"MILK-1L": 1}),
        await counter.asked(order, {"MILK-1L": 1}, "EXCHANGE"),
        await counter.asked(order, {"MILK-1L": 2}),
        await counter.asked(order, {"BREAD": 1}, "REFUND"),
    ]
    assert [one["status"] for one in asked] == ["APPROVED", "APPROVED", "REQUESTED", "REQUESTED"]
    assert await shelf() == (96, 1)
    await counter.rule("returns.refund_below", 1251)
    assert (await counter.asked(order, {"BREAD": 1}, "REFUND"))["refunded"]["amount"] == "12.50"
    assert await counter.broken() == {}


async def test_an_exchange_that_is_short_waits_for_staff(counter: Counter, shelf: Shelf) -> None:
    await counter.rule("returns.approve_below", 100_000)
    order = await counter.sold({"MILK-1L": 2})
    await counter.sold({"MILK-1L": 98})
    assert (await counter.asked(order, {"MILK-1L": 1}, "EXCHANGE"))["status"] == "REQUESTED"
    assert await shelf() == (0, 0)


async def test_goods_that_do_not_come_are_not_waited_for(counter: Counter, shelf: Shelf, later: Move) -> None:
    order = await counter.sold({"MILK-1L": 3})
    waits = await counter.approved(order, {"MILK-1L": 2}, "EXCHANGE")
    sent = await counter.did("returnSend", await counter.approved(order, {"MILK-1L": 1}), by=counter.buyer)
    await later(timedelta(days=7, seconds=-60))
    assert ((await counter.read(waits) or {})["status"], await shelf()) == ("APPROVED", (97, 2))
    await later(timedelta(seconds=120))
    assert ((await counter.read(waits) or {})["status"], await shelf()) == ("EXPIRED", (97, 0))
    assert (await counter.read(sent) or {})["status"] == "SENT"
    assert refusal(await counter.receive(waits)) == ("RETURN_STATE", ["input", "returnId"])
    assert await counter.broken() == {}


async def on_its_way(counter: Counter) -> Payload:
    order = await buy_delivered(counter.buyer, counter.world)
    for step in ("orderAccept", "orderReady", "orderDispatch"):
        done(await act(counter.staff, step, order), "order")
    return order


async def test_a_delivery_of_which_nobody_says_anything_has_arrived(counter: Counter, later: Move) -> None:
    order = await on_its_way(counter)
    await later(timedelta(days=7, seconds=-60))
    assert (await counter.order(order))["status"] == "DISPATCHED"
    await later(timedelta(seconds=400))
    found = await counter.order(order)
    assert (found["status"], found["fulfilments"][0]["status"]) == ("COMPLETED", "DONE")
    assert found["timeline"][-1]["note"] == "nobody has said otherwise"
    assert (await counter.asked(order, {"MILK-1L": 1}))["status"] == "REQUESTED"
    assert await counter.broken() == {}


async def test_a_brand_may_wait_until_somebody_says_so(counter: Counter, later: Move) -> None:
    await counter.rule("orders.complete_days", 0)
    order = await on_its_way(counter)
    await later(timedelta(days=91))
    assert (await counter.order(order))["status"] == "DISPATCHED"


async def test_a_delivery_in_trouble_is_left_to_people(counter: Counter, later: Move) -> None:
    order = await on_its_way(counter)
    async with counter.platform.open_work(counter.world.tenant, system("test")) as work:
        row = await orders.lock(work, counter.id_of(order))
        assert row is not None
        await orders.record(work, row, "delivery_trouble", note="RETURNED")
    await later(timedelta(days=8))
    assert (await counter.order(order))["status"] == "DISPATCHED"
