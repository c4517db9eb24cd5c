"""What is Fengniao's alone: what it is told, whose callbacks are believed, and its many services."""

from collections.abc import Callable
from typing import Any

import httpx
import orjson
import pytest

from hexmart.simulators.couriers import Fengniao
from tests.core.deliveries.counter import SECRET, SHOPS, Counter

pytestmark = pytest.mark.anyio

Change = Callable[[dict[str, Any]], object]


def bodies(counter: Counter[Fengniao], method: str) -> list[Any]:
    return [body for path, body in counter.carrier.asked if path.endswith(f"/{method}")]


async def test_it_is_told_what_to_carry_from_where_to_whom(counter: Counter[Fengniao]) -> None:
    order, key = await counter.call()
    [told] = bodies(counter, "createOrder")
    assert (told["chain_store_id"], told["goods_total_amount_cent"]) == ("shop-1", 3180)
    assert (told["receiver_primary_phone"], told["goods_weight"]) == ("13800000001", 1.0)
    assert (told["partner_order_code"], told["serial_number"], told["order_type"]) == (key, order["number"], 1)
    assert told["goods_item_list"][0]["item_quantity"] == 2
    assert 0.001 < abs(told["receiver_longitude"] - 121.4737) < 0.01  # as Chinese maps have it
    assert (await counter.shipment(order)).reference == counter.carrier.orders[key].number


async def test_the_cheapest_service_that_is_offered_is_quoted_and_taken(counter: Counter[Fengniao]) -> None:
    order, key = await counter.call()
    [told] = bodies(counter, "createOrder")
    assert (told["service_goods_id"], told["base_goods_id"]) == ("7", "70")
    assert (await counter.shipment(order)).fee_minor == counter.carrier.orders[key].fee


async def test_a_store_that_has_no_number_there_goes_by_its_code(counter: Counter[Fengniao]) -> None:
    order = await counter.ready()
    keys = {"app_id": "app", "app_secret": SECRET, "merchant_id": "merchant", "access_token": "granted"}
    await counter.set(keys)
    await counter.dispatch(order)
    [told] = bodies(counter, "createOrder")
    assert (told["out_shop_code"], "chain_store_id" in told) == ("S1", False)


async def test_a_token_that_is_not_good_is_refused(counter: Counter[Fengniao]) -> None:
    order = await counter.ready()
    counter.carrier.access_token = "another"
    [quote] = await counter.quotes(order)
    assert quote["refusal"] == "nobody has authorised that (403)"


async def test_what_the_app_has_not_signed_is_not_believed(counter: Counter[Fengniao]) -> None:
    order, key = await counter.call()
    said = {"partner_order_code": key, "order_status": 3, "push_time": 1}
    good = orjson.loads(counter.carrier.signed({"callback_business_type": "orderStatusNotify", "param": said}))
    changes: list[Change] = [
        lambda told: told.pop("signature"),
        lambda told: told.update(signature="0" * 64),
        lambda told: told.update(timestamp="1"),
        lambda told: told.update(app_id="another"),
        lambda told: told.update(business_data=told["business_data"].replace("3", "4")),
    ]
    for change in changes:
        forged = dict(good)
        change(forged)
        assert (await counter.told(orjson.dumps(forged))).status_code == httpx.codes.UNAUTHORIZED
    for nonsense in (b"", b"nonsense", b"[]"):
        assert (await counter.told(nonsense)).status_code == httpx.codes.UNAUTHORIZED
    stranger = Fengniao("app", "another secret", "merchant", "granted", SHOPS, counter.carrier.calling)
    forged_whole = stranger.signed({"callback_business_type": "orderStatusNotify", "param": said})
    assert (await counter.told(forged_whole)).status_code == httpx.codes.UNAUTHORIZED
    assert (await counter.shipment(order)).state == "DISPATCHING"
    assert (await counter.told(orjson.dumps(good))).json() == {"result": "OK"}
    assert (await counter.shipment(order)).state == "DELIVERED"


async def test_what_is_signed_and_says_nothing_of_ours_is_answered_and_forgotten(counter: Counter[Fengniao]) -> None:
    order, key = await counter.call()
    said = {"partner_order_code": key, "order_status": 3}
    for within in (
        {"callback_business_type": "authNotify", "param": {"merchant_id": "merchant"}},
        {"callback_business_type": "orderStatusNotify", "param": said | {"partner_order_code": "x"}},
        {"callback_business_type": "orderStatusNotify", "param": said | {"partner_order_code": order["id"]}},
        {"callback_business_type": "orderStatusNotify", "param": said | {"order_status": 77}},
        {"callback_business_type": "orderStatusNotify", "param": said | {"order_status": [3]}},
        {"callback_business_type": "orderStatusNotify", "param": [said]},
        {"callback_business_type": "orderStatusNotify"},
    ):
        assert (await counter.told(counter.carrier.signed(within))).json() == {"result": "OK"}
    assert (await counter.shipment(order)).state == "DISPATCHING"


async def test_something_wrong_is_told_to_staff_and_passes(counter: Counter[Fengniao]) -> None:
    order, key = await counter.call()
    await counter.become(key, 20)
    await counter.become(key, 5, description="no courier can get in")
    assert (await counter.shipment(order)).state == "EXCEPTION"
    await counter.become(key, 3)
    assert await counter.status(order) == "COMPLETED"
    assert await counter.broken() == {}
