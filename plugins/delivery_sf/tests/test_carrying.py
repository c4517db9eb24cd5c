"""What is SF's alone: what it is told, whose callbacks are believed, and its kinds of events."""

import httpx
import pytest

from core import clock
from hexmart.simulators.couriers import Sf
from tests.core.deliveries.counter import SECRET, SHOPS, Counter

pytestmark = pytest.mark.anyio

HEARD = {"error_code": 0, "error_msg": "success"}
CREATE = "/open/api/external/createorder"


async def test_it_is_told_what_to_carry_from_where_to_whom(counter: Counter[Sf]) -> None:
    order, key = await counter.call()
    [told] = [body for path, body in counter.carrier.asked if path == CREATE]
    door, goods = told["receive"], told["order_detail"]
    assert (told["shop_id"], told["shop_type"], told["shop_order_id"]) == ("shop-1", 1, key)
    assert (goods["total_price"], goods["weight_gram"], goods["product_num"]) == (3180, 1000, 2)
    assert (door["user_phone"], door["city_name"]) == ("13800000001", "上海")
    assert 0.001 < abs(float(door["user_lng"]) - 121.4737) < 0.01  # as Chinese maps have it
    shipment = await counter.shipment(order)
    number = counter.carrier.orders[key].number
    assert (shipment.reference, shipment.tracking_number, shipment.minutes) == (number, f"B{number}", 40)


async def test_a_store_that_has_no_number_there_goes_by_its_code(counter: Counter[Sf]) -> None:
    order = await counter.ready()
    await counter.set({"dev_id": 1001, "dev_key": SECRET})
    await counter.dispatch(order)
    [told] = [body for path, body in counter.carrier.asked if path == CREATE]
    assert (told["shop_id"], told["shop_type"]) == ("S1", 2)
    await counter.cancel(await counter.shipment(order))
    assert (await counter.shipment(order)).state == "CANCELLED"


async def test_what_the_developer_has_not_signed_is_not_believed(counter: Counter[Sf]) -> None:
    order, key = await counter.call()
    body, query = counter.carrier.telling(counter.carrier.orders[key], {"order_status": 17})
    stranger = Sf(1001, "another key", SHOPS, counter.carrier.calling)
    for forged in ({}, {"sign": ""}, {"sign": "0"}, {"sign": stranger.sign(body)}, {"sgn": query["sign"]}):
        assert (await counter.told(body, forged)).status_code == httpx.codes.UNAUTHORIZED
    for changed in (body.replace(b"17", b"15"), body + b" ", b"", b"nonsense"):
        assert (await counter.told(changed, query)).status_code == httpx.codes.UNAUTHORIZED
    assert (await counter.shipment(order)).state == "DISPATCHING"
    assert (await counter.told(body, query)).json() == HEARD
    assert (await counter.shipment(order)).state == "DELIVERED"


async def test_what_is_signed_and_says_nothing_of_ours_is_answered_and_forgotten(counter: Counter[Sf]) -> None:
    order, key = await counter.call()
    there = counter.carrier.orders[key]
    for more in (
        {"shop_order_id": "x"},
        {"shop_order_id": "019ad5e0-0000-7000-8000-000000000000", "order_status": 17},
        {"order_status": 31},
        {"order_status": [17]},
        {"order_status": None},
    ):
        assert (await counter.told(*counter.carrier.telling(there, more))).json() == HEARD
    for nonsense in (b"[]", b"nonsense"):
        assert (await counter.told(nonsense, {"sign": counter.carrier.sign(nonsense)})).json() == HEARD
    assert (await counter.shipment(order)).state == "DISPATCHING"


async def test_a_courier_who_lets_it_go_is_followed_by_the_next(counter: Counter[Sf]) -> None:
    order, key = await counter.call()
    await counter.become(key, 10)
    await counter.become(key, 22)
    assert (await counter.shipment(order)).state == "ACCEPTED"  # SF looks for the next by itself
    await counter.become(key, 10, operator_name="王小骑", push_time=int(clock.now().timestamp()) + 1)
    shown = "query($id: ID!) { order(id: $id) { shipment { courier } } }"
    assert (await counter.client.run(shown, id=order["id"]))["order"]["shipment"] == {"courier": "王小骑"}
    assert await counter.broken() == {}


async def test_something_wrong_is_told_to_staff_and_passes(counter: Counter[Sf]) -> None:
    order, key = await counter.call()
    await counter.become(key, 15)
    there = counter.carrier.orders[key]
    assert await counter.carrier.tell(there, url_index="rider_exception", ex_id=1, ex_content="nobody opens")
    await counter.settle()
    shipment = await counter.shipment(order)
    assert shipment.state == "EXCEPTION"
    assert [one.note for one in await counter.events(shipment) if one.status == "EXCEPTION"] == ["nobody opens"]
    await counter.become(key, 17)
    assert await counter.status(order) == "COMPLETED"
    assert await counter.broken() == {}


async def test_one_that_sf_cancels_is_over_and_costs_nothing(counter: Counter[Sf]) -> None:
    order, key = await counter.call()
    await counter.become(key, 10)
    await counter.become(key, 2, cancel_reason="the courier is ill")
    shipment = await counter.shipment(order)
    assert (shipment.state, shipment.cost_minor) == ("CANCELLED", 0)
    assert await counter.status(order) == "READY"
    assert await counter.broken() == {}
