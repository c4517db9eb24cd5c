"""Dada carries orders: what it is told, what it says in every order, what it costs, and what is not believed."""

import itertools
from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import pytest

from core import clock
from core.deliveries import web
from hexmart.testing import Enable
from plugins.delivery_dada.tests.conftest import Counter
from plugins.delivery_dada.wire import callback_signature
from schema.relay import global_id
from tests.schema.shop import act, done

pytestmark = pytest.mark.anyio

WAY = (2, 100, 3, 4)
ADD = "/api/order/addOrder"


async def test_an_order_is_carried_from_the_call_to_the_door(counter: Counter) -> None:
    order, key = await counter.call()
    [told] = [body for path, body in counter.dada.asked if path == ADD]
    assert (told["shop_no"], told["cargo_price"], told["receiver_phone"]) == ("shop-1", 31.8, "13800000001")
    assert (told["cargo_weight"], told["origin_mark_no"], told["origin_id"]) == (1.0, order["number"], key)
    assert 0.001 < abs(told["receiver_lng"] - 121.4737) < 0.01  # as Chinese maps have it
    for status, stands in zip(WAY, ("READY", "READY", "DISPATCHED", "COMPLETED"), strict=True):
        assert await counter.become(key, status)
        assert await counter.status(order) == stands
    shipment = await counter.shipment(order)
    assert await counter.charges(shipment) == [("DELIVERY", shipment.fee_minor)]
    assert [event.raw for event in await counter.events(shipment)] == ["created", "2", "100", "3", "4"]
    assert counter.dada.refused == []
    assert await counter.broken() == {}


async def test_a_courier_rides_and_is_seen(counter: Counter) -> None:
    order, _ = await counter.call()
    for _ in range(3):
        await counter.dada.ride(1)
        await counter.settle()
    left = await counter.shipment(order)
    assert left.state == "PICKED_UP"
    await counter.dada.ride(0.2)
    await counter.dada.tell(next(iter(counter.dada.orders.values())), update_time=int(clock.now().timestamp()) + 60)
    seen = "query($id: ID!) { order(id: $id) { shipment { courier courierPhone position { latitude longitude } } } }"
    shown = (await counter.client.run(seen, id=order["id"]))["order"]["shipment"]
    assert (shown["courier"], shown["courierPhone"]) == ("达小骑", "13800138000")
    assert abs(shown["position"]["latitude"] - 31.23) < 0.01


@pytest.mark.parametrize("told", list(itertools.permutations(WAY))[::5])
async def test_callbacks_in_any_order_and_twice_come_to_the_same(counter: Counter, told: tuple[int, ...]) -> None:
    order, key = await counter.call()
    dada = counter.dada.orders[key]
    dada.status, dada.rider = 4, {"dm_name": "达小骑", "dm_mobile": "13800138000"}
    for status in (*told, *told[:2]):  # what is said is old: what Dada answers when it is asked is not
        assert await counter.dada.tell(dada, order_status=status)
    await counter.settle()
    assert await counter.status(order) == "COMPLETED"
    assert await counter.broken() == {}


async def test_a_cancellation_costs_what_dada_says(counter: Counter) -> None:
    order, key = await counter.call()
    await counter.become(key, 2)
    shipment = await counter.shipment(order)
    await counter.cancel(shipment)
    after = await counter.shipment(order)
    assert (after.state, after.cost_minor) == ("CANCELLED", 200)
    fee = shipment.fee_minor
    assert await counter.charges(after) == [("DELIVERY", fee), ("REFUND", -fee), ("CANCEL", 200)]
    assert await counter.broken() == {}


async def test_what_is_on_its_way_is_not_cancelled(counter: Counter) -> None:
    order, key = await counter.call()
    counter.dada.orders[key].status = 3  # and nobody has heard of it yet
    await counter.cancel(await counter.shipment(order))
    assert (await counter.shipment(order)).given_up_at is None
    await counter.become(key, 3)
    assert await counter.status(order) == "DISPATCHED"
    assert await counter.broken() == {}


async def test_a_callback_that_anybody_could_write_is_not_believed(counter: Counter) -> None:
    order, key = await counter.call()
    address = counter.dada.orders[key].callback
    signed = callback_signature("300000000", key, "1")
    forged = {"client_id": "300000000", "order_id": key, "order_status": 4, "update_time": 1, "signature": signed}
    async with counter.dada.calling() as http:
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


async def test_a_lost_callback_is_made_up_for(
    counter: Counter, move_clock: Callable[[timedelta], Awaitable[None]]
) -> None:
    order, key = await counter.call()
    counter.dada.misbehaviour.silent = True
    await counter.become(key, 3)
    assert await counter.status(order) == "READY"
    await move_clock(timedelta(minutes=6))
    await counter.settle()
    assert await counter.status(order) == "DISPATCHED"


async def test_a_courier_who_asks_to_be_let_go_is_answered(counter: Counter) -> None:
    order, key = await counter.call()
    await counter.become(key, 2)
    assert await counter.dada.ask_to_be_let_go(key, "flat tyre")
    await counter.settle()
    [answer] = counter.dada.let_go
    assert (answer["messageType"], answer["messageBody"]["isConfirm"]) == (1, 1)
    await counter.become(key, 5, cancel_from=1)
    assert (await counter.shipment(order)).state == "CANCELLED"
    assert await counter.broken() == {}


async def test_a_tip_is_told_as_the_whole_of_it(counter: Counter) -> None:
    order, key = await counter.call()
    shipment = global_id("Shipment", (await counter.shipment(order)).id)
    for number, amount in enumerate(("1.00", "0.50", "0.01")):
        wish = {"shipmentId": shipment, "amount": amount, "idempotencyKey": str(number)}
        done(await counter.clerk.do("shipmentTip", wish, "shipment { id }"), "shipment")
        await counter.settle()
    assert counter.dada.orders[key].tips == 1.5
    tips = [(kind, minor) for kind, minor in await counter.charges(await counter.shipment(order)) if kind == "TIP"]
    assert tips == [("TIP", 100), ("TIP", 50), ("TIP", 1)]  # the last was refused, for it is of no tenth
    assert await counter.broken() == {}


@pytest.mark.parametrize("trouble", ["refuses", "status", "another secret", "slow"])
async def test_a_dada_that_will_not_or_cannot_is_passed_over(
    counter: Counter, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = await counter.ready()
    if trouble == "refuses":
        counter.dada.misbehaviour.refuses = "no couriers"
    elif trouble == "status":
        counter.dada.misbehaviour.status = 502
    elif trouble == "another secret":
        counter.dada.app_secret = "another"
    else:
        monkeypatch.setattr(web, "SECONDS", 0.2)
        counter.dada.misbehaviour.seconds = 60
    done(await act(counter.clerk, "orderDispatch", order, provider="dada"), "order")
    await counter.settle()
    assert await counter.status(order) == "READY"
    assert counter.dada.orders == {}
    assert await counter.broken() == {}


async def test_nobody_holds_a_connection_while_dada_thinks(counter: Counter) -> None:
    order = await counter.ready()
    held: list[int] = []
    pool = counter.platform.app.pool

    async def look() -> None:
        held.append(pool.checkedout())  # type: ignore[attr-defined]  # of a QueuePool

    counter.dada.before = look
    done(await act(counter.clerk, "orderDispatch", order, provider="dada"), "order")
    await counter.settle()
    quotes = "query($id: ID!) { deliveryQuotes(orderId: $id) { provider fee { amount } } }"
    await counter.clerk.run(quotes, id=order["id"])
    await counter.cancel(await counter.shipment(order))
    assert len(held) >= 4
    assert set(held) == {0}


async def test_without_its_keys_it_is_asked_nothing(counter: Counter, enable: Enable) -> None:
    order = await counter.ready()
    await enable("delivery_dada", {})
    quotes = "query($id: ID!) { deliveryQuotes(orderId: $id) { provider refusal } }"
    [quote] = (await counter.clerk.run(quotes, id=order["id"]))["deliveryQuotes"]
    assert quote == {"provider": "dada", "refusal": "The plugin's settings lack app_key, app_secret or source_id."}
    assert counter.dada.asked == []
