"""Whatever a provider says, in whatever order, repeated or with states left out, the order ends where it should."""

import random
from datetime import timedelta

import pytest

from core import clock
from core.deliveries import Courier, State
from tests.core.deliveries.carriers import at
from tests.core.deliveries.conftest import Desk

pytestmark = pytest.mark.anyio

WAY = (State.ACCEPTED, State.ARRIVED_STORE, State.PICKED_UP, State.DELIVERED)
ON_HAND = """
SELECT s.on_hand FROM stock s JOIN variant v ON v.tenant_id = $1 AND v.id = s.variant_id
WHERE s.tenant_id = $1 AND s.location_id = $2 AND v.sku = 'MILK-1L'
"""


async def test_an_order_goes_with_its_courier_and_is_complete_at_the_door(desk: Desk) -> None:
    order = await desk.ready()
    await desk.call(order, "ant")
    assert await desk.states(order) == {"ant": "DISPATCHING"}
    assert await desk.status(order) == "READY"
    for state, status in zip(WAY, ("READY", "READY", "DISPATCHED", "COMPLETED"), strict=True):
        assert (await desk.hear(order, "ant", state)).ignored_because is None
        assert await desk.status(order) == status
    shipment = await desk.of(order, "ant")
    assert (await desk.charges(shipment), shipment.cost_minor) == ([("DELIVERY", 800)], 800)
    assert [event.status for event in await desk.events(shipment)] == ["DISPATCHING", *WAY]
    assert await desk.broken() == {}


async def test_any_order_of_what_is_said_comes_to_the_same_and_stock_leaves_once(desk: Desk) -> None:
    chance = random.Random(7)
    before = await desk.value(ON_HAND, desk.world.store_keys["S1"])
    sold = 0
    for _ in range(6):
        order = await desk.ready()
        await desk.call(order, "ant")
        told = [*WAY, chance.choice(WAY), chance.choice(WAY)]
        chance.shuffle(told)
        now = clock.now()
        for state in told:
            await desk.hear(order, "ant", state, at=now + timedelta(seconds=WAY.index(state)))
        assert await desk.states(order) == {"ant": "DELIVERED"}
        assert await desk.status(order) == "COMPLETED"
        sold += 2
    assert before - await desk.value(ON_HAND, desk.world.store_keys["S1"]) == sold
    assert await desk.broken() == {}


async def test_what_was_said_before_is_known_and_what_comes_late_changes_nothing(desk: Desk) -> None:
    order = await desk.ready()
    await desk.call(order, "ant")
    now = clock.now()
    assert (await desk.hear(order, "ant", State.PICKED_UP, at=now)).ignored_because is None
    assert (await desk.hear(order, "ant", State.PICKED_UP, at=now)).ignored_because == "REPEATED"
    assert (await desk.hear(order, "ant", State.ACCEPTED, at=now - timedelta(minutes=9))).ignored_because == "LATE"
    assert (await desk.hear(order, "ant", State.DELIVERED)).ignored_because is None
    assert (await desk.hear(order, "ant", State.CANCELLED)).ignored_because == "OVER"
    told = [(one.status, one.ignored_because) for one in await desk.events(await desk.of(order, "ant"))]
    assert told == [
        ("DISPATCHING", None),
        ("PICKED_UP", None),
        ("ACCEPTED", "LATE"),
        ("DELIVERED", None),
        ("CANCELLED", "OVER"),
    ]
    assert await desk.broken() == {}


async def test_another_rider_is_heard_of_and_an_older_one_is_not(desk: Desk) -> None:
    order = await desk.ready()
    await desk.call(order, "ant")
    await desk.hear(order, "ant", State.ARRIVED_STORE)
    late = clock.now()
    for courier, when, known in (("赵", late, True), ("钱", late - timedelta(hours=1), False)):
        heard = await desk.hear(order, "ant", State.ACCEPTED, courier=Courier(courier, None), at=when)
        assert (heard.ignored_because is None) is known
    member = desk.client
    found = await member.run("query($id: ID!) { order(id: $id) { shipment { courier status } } }", id=order["id"])
    assert found["order"]["shipment"] == {"courier": "赵", "status": "ARRIVED_STORE"}


async def test_a_provider_whose_clock_is_wrong_is_heard_all_the_same(desk: Desk) -> None:
    for hours in (-1, 1):
        order = await desk.ready()
        await desk.call(order, "ant")
        wrong = clock.now() + timedelta(hours=hours)
        await desk.hear(order, "ant", State.ACCEPTED, courier=Courier("赵", None), at=wrong)
        await desk.hear(order, "ant", State.EXCEPTION, at=wrong + timedelta(seconds=1))
        assert await desk.states(order) == {"ant": "EXCEPTION"}
        await desk.hear(order, "ant", State.PICKED_UP, courier=Courier("钱", None))  # as it says when it is asked
        found = await desk.client.run("query($id: ID!) { order(id: $id) { shipment { courier } } }", id=order["id"])
        assert found["order"]["shipment"] == {"courier": "钱"}
        assert await desk.states(order) == {"ant": "PICKED_UP"}


async def test_a_position_is_kept_unless_it_is_older(desk: Desk) -> None:
    order = await desk.ready()
    await desk.call(order, "ant")
    await desk.hear(order, "ant", State.PICKED_UP, position=at(31.24))
    shipment = await desk.of(order, "ant")
    assert shipment.position == at(31.24)
    await desk.hear(order, "ant", State.PICKED_UP, position=at(31.0), at=clock.now() - timedelta(minutes=5))
    assert (await desk.of(order, "ant")).position == at(31.24)


async def test_something_wrong_is_told_to_staff_and_passes(desk: Desk) -> None:
    order = await desk.ready()
    await desk.call(order, "ant")
    await desk.hear(order, "ant", State.ACCEPTED)
    await desk.hear(order, "ant", State.EXCEPTION)
    assert await desk.states(order) == {"ant": "EXCEPTION"}
    assert ("delivery_trouble", "EXCEPTION") in await desk.timeline(order)
    await desk.hear(order, "ant", State.ACCEPTED)
    assert await desk.states(order) == {"ant": "ACCEPTED"}
    await desk.hear(order, "ant", State.DELIVERED)
    assert await desk.status(order) == "COMPLETED"
    assert await desk.broken() == {}


async def test_goods_that_come_back_are_told_of_and_no_stock_is_made_of_them(desk: Desk) -> None:
    order = await desk.ready()
    await desk.call(order, "ant")
    await desk.hear(order, "ant", State.PICKED_UP)
    left = await desk.value(ON_HAND, desk.world.store_keys["S1"])
    for state in (State.RETURNING, State.RETURNED):
        await desk.hear(order, "ant", state)
    assert await desk.states(order) == {"ant": "RETURNED"}
    assert await desk.status(order) == "DISPATCHED"
    assert ("delivery_trouble", "RETURNED") in await desk.timeline(order)
    assert await desk.value(ON_HAND, desk.world.store_keys["S1"]) == left
    assert await desk.broken() == {}


async def test_a_courier_who_has_the_goods_of_an_order_that_ended_is_trouble(desk: Desk) -> None:
    order = await desk.ready()
    await desk.call(order, "ant")
    await desk.hear(order, "ant", State.ACCEPTED)
    manager = await desk.client.staff(desk.world.email("manager"))
    wish = {"orderId": order["id"], "reason": "no", "idempotencyKey": "c"}
    await manager.do("orderCancel", wish, "order { id }")
    await desk.hear(order, "ant", State.PICKED_UP)
    assert ("delivery_trouble", "ORDER_STATE") in await desk.timeline(order)
    assert await desk.status(order) == "CANCELLED"
    assert await desk.broken() == {}
