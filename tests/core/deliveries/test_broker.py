"""Who is asked to deliver, and who is asked next."""

import pytest

from core.deliveries import Quote, State, looking
from core.deliveries.broker import ranked
from core.money import Money
from schema.relay import global_id
from tests.core.deliveries.carriers import told
from tests.core.deliveries.conftest import Desk

pytestmark = pytest.mark.anyio

QUOTES = {
    "a": Quote(Money(900, "CNY"), 20),
    "b": Quote(Money(800, "CNY"), 40),
    "c": Quote(Money(900, "CNY"), None),
}


@pytest.mark.parametrize(
    ("strategy", "order"),
    [("cheapest", "bac"), ("fastest", "abc"), ("priority", "cba"), ("broadcast", "bac")],
)
def test_a_strategy_is_an_order(strategy: str, order: str) -> None:
    assert "".join(ranked(strategy, QUOTES, ["c"])) == order


async def _automatic(desk: Desk, strategy: str = "cheapest") -> None:
    await desk.rule("deliveries.automatic", True)
    await desk.rule("deliveries.strategy", strategy)


async def test_whoever_suits_best_is_called_as_soon_as_the_order_is_ready(desk: Desk) -> None:
    await _automatic(desk, "fastest")
    order = await desk.ready()
    await desk.settle()
    assert await desk.states(order) == {"bee": "DISPATCHING"}
    parcel = desk.bee.parcels[0]
    assert (parcel.recipient.line, parcel.sender.code, parcel.worth.minor, parcel.grams) == (
        "人民大道200号3楼",
        "S1",
        3180,
        1000,
    )
    assert [(item.sku, item.quantity) for item in parcel.items] == [("MILK-1L", 2)]


async def test_nobody_is_called_by_himself_without_the_rule(desk: Desk) -> None:
    order = await desk.ready()
    await desk.settle()
    assert await desk.states(order) == {}


async def test_the_next_is_asked_where_the_first_refuses(desk: Desk) -> None:
    await _automatic(desk)
    desk.ant.refuses = "no couriers here"
    order = await desk.ready()
    await desk.settle()
    assert await desk.states(order) == {"ant": "CANCELLED", "bee": "DISPATCHING"}
    assert (await desk.of(order, "ant")).failure == "no couriers here"
    assert await desk.broken() == {}


async def test_the_next_is_asked_where_the_first_fails_and_that_one_is_told_to_let_it_be(desk: Desk) -> None:
    await _automatic(desk)

    async def dies(what: str) -> None:
        if what == "create":
            raise ConnectionError

    desk.ant.before = dies
    order = await desk.ready()
    await desk.settle()
    assert await desk.states(order) == {"ant": "CANCELLED", "bee": "DISPATCHING"}
    assert desk.ant.cancelled == [(await desk.of(order, "ant")).id]
    assert await desk.broken() == {}


async def test_the_next_is_asked_where_the_first_finds_nobody_in_time(desk: Desk) -> None:
    await _automatic(desk)
    order = await desk.ready()
    await desk.settle()
    await desk.pass_time(6)
    assert await desk.states(order) == {"ant": "CANCELLED", "bee": "DISPATCHING"}
    assert set(await desk.charges(await desk.of(order, "ant"))) == {
        ("DELIVERY", 800),
        ("REFUND", -800),
        ("CANCEL", 200),
    }
    await desk.hear(order, "bee", State.ACCEPTED)
    await desk.pass_time(6)
    assert await desk.states(order) == {"ant": "CANCELLED", "bee": "ACCEPTED"}
    assert await desk.broken() == {}


async def test_without_the_sweep_it_would_wait_for_ever(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "DUE", looking.DUE.replace("RETURNING", "AND false RETURNING"))
    await _automatic(desk)
    order = await desk.ready()
    await desk.settle()
    await desk.pass_time(30)
    assert await desk.states(order) == {"ant": "DISPATCHING"}


async def test_a_lost_callback_is_made_up_for_by_asking(desk: Desk) -> None:
    await _automatic(desk)
    order = await desk.ready()
    await desk.settle()
    shipment = await desk.of(order, "ant")
    desk.ant.says = told(shipment.id, State.PICKED_UP)
    await desk.pass_time(6)
    assert await desk.states(order) == {"ant": "PICKED_UP"}
    assert await desk.status(order) == "DISPATCHED"


async def test_a_courier_who_lets_go_before_pickup_costs_nothing_and_the_next_is_asked(desk: Desk) -> None:
    await _automatic(desk)
    order = await desk.ready()
    await desk.settle()
    await desk.hear(order, "ant", State.ACCEPTED)
    await desk.hear(order, "ant", State.CANCELLED, note="flat tyre")
    await desk.settle()
    assert await desk.states(order) == {"ant": "CANCELLED", "bee": "DISPATCHING"}
    assert (await desk.of(order, "ant")).cost_minor == 0
    assert desk.ant.cancelled == []
    assert await desk.broken() == {}


async def test_all_are_asked_once_more_and_then_staff_are_told(desk: Desk) -> None:
    await _automatic(desk)
    desk.ant.refuses = desk.bee.refuses = "no couriers here"
    order = await desk.ready()
    await desk.settle()
    assert len(await desk.shipments(order)) == 2
    await desk.pass_time(4)
    assert len(await desk.shipments(order)) == 4
    assert ("courier_not_found", None) in await desk.timeline(order)
    desk.ant.refuses = None
    await desk.call(order, "ant")
    assert (await desk.of(order, "ant")).state == "DISPATCHING"
    assert await desk.broken() == {}


async def test_all_are_asked_at_once_and_the_first_to_accept_has_it(desk: Desk) -> None:
    await _automatic(desk, "broadcast")
    order = await desk.ready()
    await desk.settle()
    assert await desk.states(order) == {"ant": "DISPATCHING", "bee": "DISPATCHING"}
    await desk.hear(order, "bee", State.ACCEPTED)
    await desk.settle()
    assert await desk.states(order) == {"ant": "CANCELLED", "bee": "ACCEPTED"}
    assert (await desk.of(order, "ant")).cost_minor == 200
    await desk.hear(order, "bee", State.DELIVERED)
    assert await desk.status(order) == "COMPLETED"
    assert await desk.broken() == {}


async def test_an_order_that_ends_needs_no_courier(desk: Desk) -> None:
    await _automatic(desk, "broadcast")
    order = await desk.ready()
    await desk.settle()
    manager = await desk.client.staff(desk.world.email("manager"))
    wish = {"orderId": order["id"], "reason": "no", "idempotencyKey": "c"}
    await manager.do("orderCancel", wish, "order { id }")
    await desk.settle()
    assert await desk.states(order) == {"ant": "CANCELLED", "bee": "CANCELLED"}
    assert (len(desk.ant.cancelled), len(desk.bee.cancelled)) == (1, 1)
    await desk.pass_time(10)
    assert len(await desk.shipments(order)) == 2
    assert await desk.broken() == {}


async def test_a_provider_that_goes_on_with_it_keeps_it(desk: Desk) -> None:
    order = await desk.ready()
    await desk.call(order, "ant")
    desk.ant.keeps = "the courier has it"
    manager = await desk.client.staff(desk.world.email("manager"))
    shipment = (await desk.of(order, "ant")).id
    wish = {"shipmentId": global_id("Shipment", shipment), "reason": "no"}
    await manager.do("shipmentCancel", wish, "shipment { status }")
    await desk.settle()
    assert ("delivery_trouble", "CANCEL_REFUSED") in await desk.timeline(order)
    assert await desk.states(order) == {"ant": "DISPATCHING"}
    assert await desk.broken() == {}
