"""What is Dada's alone: what it is told, what is not believed of it, couriers who ask to be let go, and its tips."""

import httpx
import pytest

from hexmart.simulators.couriers import Dada
from plugins.delivery_dada.wire import callback_signature
from tests.core.deliveries.counter import Counter

pytestmark = pytest.mark.anyio

ADD = "/api/order/addOrder"


async def test_it_is_told_what_to_carry_from_where_to_whom(counter: Counter[Dada]) -> None:
    order, key = await counter.call()
    [told] = [body for path, body in counter.carrier.asked if path == ADD]
    assert (told["shop_no"], told["cargo_price"], told["receiver_phone"]) == ("shop-1", 31.8, "13800000001")
    assert (told["cargo_weight"], told["origin_mark_no"], told["origin_id"]) == (1.0, order["number"], key)
    assert 0.001 < abs(told["receiver_lng"] - 121.4737) < 0.01  # as Chinese maps have it


async def test_a_callback_that_anybody_could_write_is_not_believed(counter: Counter[Dada]) -> None:
    order, key = await counter.call()
    address = counter.carrier.orders[key].callback or ""
    signed = callback_signature("300000000", key, "1")
    forged = {"client_id": "300000000", "order_id": key, "order_status": 4, "update_time": 1, "signature": signed}
    async with counter.carrier.calling() as http:
        assert (await http.post(address, json=forged)).json() == {"status": "ok"}
        unknown = forged | {"order_id": "x", "signature": callback_signature("300000000", "x", "1")}
        assert (await http.post(address, json=unknown)).json() == {"status": "ok"}
        for broken in ({"signature": "0"}, {"order_id": "another"}):
            assert (await http.post(address, json=forged | broken)).status_code == httpx.codes.BAD_REQUEST
        assert (await http.post(address, content=b"nonsense")).status_code == httpx.codes.BAD_REQUEST
        elsewhere = address[:-1] + ("0" if address[-1] != "0" else "1")
        assert (await http.post(elsewhere, json=forged)).status_code == httpx.codes.NOT_FOUND
    await counter.settle()
    assert await counter.status(order) == "READY"
    assert (await counter.shipment(order)).state == "DISPATCHING"


async def test_a_courier_who_asks_to_be_let_go_is_answered(counter: Counter[Dada]) -> None:
    order, key = await counter.call()
    await counter.become(key, 2)
    assert await counter.carrier.ask_to_be_let_go(key, "flat tyre")
    await counter.settle()
    [answer] = counter.carrier.let_go
    assert (answer["messageType"], answer["messageBody"]["isConfirm"]) == (1, 1)
    await counter.become(key, 5, cancel_from=1)
    assert (await counter.shipment(order)).state == "CANCELLED"
    assert await counter.broken() == {}


async def test_a_tip_is_of_tenths_of_a_yuan(counter: Counter[Dada]) -> None:
    order, key = await counter.call()
    await counter.tip(order, "0.01")
    assert counter.carrier.orders[key].tip == 0
    events = await counter.events(await counter.shipment(order))
    assert [event.note for event in events if event.raw == "tip refused"] == ["Dada takes tips of tenths of a yuan."]
    assert await counter.broken() == {}
