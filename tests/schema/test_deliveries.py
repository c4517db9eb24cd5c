"""Deliveries as buyers and staff see them, and what staff do with them."""

from typing import Any

import pytest

from core import deliveries
from core.actors import system
from core.deliveries import State
from hexmart.testing import Client, World, refused
from schema.relay import global_id, key_or_nothing
from tenants import Platform
from tests.bringing import NAME, employ, found
from tests.core.deliveries.carriers import at, told
from tests.schema.hiring import app_of, hired, store
from tests.schema.shop import Payload, act, buy_delivered, done

pytestmark = pytest.mark.anyio

SHIPMENT = """shipment { id provider status trackingNumber courier courierPhone position { latitude } etaMinutes
  fee { amount } cost { amount } failure events { status raw actor ignoredBecause }
  charges { kind amount { amount } } }"""
READ = f"query($id: ID!) {{ order(id: $id) {{ {SHIPMENT} fulfilments {{ {SHIPMENT} shipments {{ provider }} }} }} }}"
QUOTES = "query($id: ID!) { deliveryQuotes(orderId: $id) { provider fee { amount } minutes refusal } }"


@pytest.fixture
async def clerk(client: Client, world: World, platform: Platform) -> Client:
    await employ(platform, world)
    return await client.staff(world.email("clerk"))


async def ready(client: Client, world: World, clerk: Client) -> Payload:
    order = await buy_delivered(client, world)
    for step in ("orderAccept", "orderReady"):
        done(await act(clerk, step, order), "order")
    return order


async def called(client: Client, world: World, clerk: Client, platform: Platform) -> tuple[Payload, str]:
    """An order, and the id of the shipment that was called for it."""
    order = await ready(client, world, clerk)
    done(await act(clerk, "orderDispatch", order, provider=NAME), "order")
    return order, global_id("Shipment", (await found(platform, world, order["id"])).id)


async def say(platform: Platform, world: World, shipment: str, state: State, **more: Any) -> None:
    works = platform.works(world.tenant, system("test"))
    await deliveries.hear(works, NAME, told(key_or_nothing("Shipment", shipment), state, **more))


async def read(who: Client, order: Payload) -> Payload:
    found: Payload = (await who.run(READ, id=order["id"]))["order"]
    assert found["fulfilments"][0]["shipment"] == found["shipment"]
    return found


async def test_the_buyer_sees_the_courier_and_staff_what_it_costs(
    client: Client, world: World, platform: Platform, clerk: Client
) -> None:
    order, shipment = await called(client, world, clerk, platform)
    await say(platform, world, shipment, State.ACCEPTED)
    await say(platform, world, shipment, State.PICKED_UP, position=at(31.2400))
    seen = (await read(client, order))["shipment"]
    assert (seen["status"], seen["courier"], seen["courierPhone"]) == ("PICKED_UP", "李师傅", "+8613900000001")
    assert seen["position"] == {"latitude": 31.24}
    assert seen["etaMinutes"] == 6  # a bit more than a kilometre, and streets bend
    assert [seen[name] for name in ("fee", "cost", "failure", "events", "charges")] == [None, None, None, [], []]
    at_the_desk = await read(clerk, order)
    assert at_the_desk["fulfilments"][0]["shipments"] == [{"provider": NAME}]
    assert at_the_desk["shipment"]["courierPhone"] == "+8613900000001"
    assert at_the_desk["shipment"]["fee"] == at_the_desk["shipment"]["cost"] == {"amount": "8.00"}
    assert at_the_desk["shipment"]["charges"] == [{"kind": "DELIVERY", "amount": {"amount": "8.00"}}]
    said = [event["status"] for event in at_the_desk["shipment"]["events"]]
    assert said == ["DISPATCHING", "ACCEPTED", "PICKED_UP"]


async def test_staff_of_another_store_and_apps_do_not_see_who_carries_it(
    client: Client, world: World, platform: Platform, clerk: Client
) -> None:
    order, shipment = await called(client, world, clerk, platform)
    await say(platform, world, shipment, State.ACCEPTED)
    elsewhere = await hired(client, platform, world, clerk=store(world, "S2"))
    assert (await elsewhere.run(READ, id=order["id"]))["order"] is None
    wish = {"shipmentId": shipment, "reason": "no"}
    refused(await elsewhere.do("shipmentCancel", wish, "shipment { id }"), "NOT_FOUND", path=["input", "shipmentId"])
    tip = {"shipmentId": shipment, "amount": "1", "idempotencyKey": "1"}
    refused(await elsewhere.do("shipmentTip", tip, "shipment { id }"), "NOT_FOUND", path=["input", "shipmentId"])
    assert await elsewhere.code(QUOTES, id=order["id"]) == "BAD_REQUEST"
    app = await app_of(client, platform, world, ["orders.read"])
    seen = (await read(app, order))["shipment"]
    assert (seen["status"], seen["courier"], seen["courierPhone"], seen["fee"]) == ("ACCEPTED", None, None, None)
    assert (await read(clerk, order))["shipment"]["status"] == "ACCEPTED"


async def test_what_it_would_take_can_be_asked(client: Client, world: World, clerk: Client) -> None:
    order = await ready(client, world, clerk)
    quotes = (await clerk.run(QUOTES, id=order["id"]))["deliveryQuotes"]
    assert quotes == [{"provider": NAME, "fee": {"amount": "8.00"}, "minutes": 30, "refusal": None}]
    assert await client.code(QUOTES, id=order["id"]) == "UNAUTHENTICATED"
    assert await clerk.code(QUOTES, id="x") == "BAD_REQUEST"


async def test_nobody_is_called_twice(client: Client, world: World, clerk: Client) -> None:
    order = await ready(client, world, clerk)
    assert (await act(clerk, "orderDispatch", order, provider=NAME))["warnings"] == []
    again = await act(clerk, "orderDispatch", order, provider=NAME)
    assert [remark["code"] for remark in again["warnings"]] == ["ALREADY_DONE"]
    manager = await client.staff(world.email("manager"))
    refused(await act(manager, "orderDispatch", order, provider=NAME), "DELIVERY_CALLED", path=["input", "orderId"])
    nobody = await act(manager, "orderDispatch", order, provider="pigeon")
    refused(nobody, "INVALID", path=["input", "provider"])


async def test_nobody_is_called_before_it_is_ready(client: Client, world: World, clerk: Client) -> None:
    order = await buy_delivered(client, world)
    refused(await act(clerk, "orderDispatch", order, provider=NAME), "ORDER_STATE", path=["input", "orderId"])
    assert (await read(client, order))["shipment"] is None


async def test_a_shipment_is_called_off_once_and_not_once_it_is_on_its_way(
    client: Client, world: World, platform: Platform, clerk: Client
) -> None:
    order, shipment = await called(client, world, clerk, platform)
    wish = {"shipmentId": shipment, "reason": "the buyer comes"}
    assert done(await clerk.do("shipmentCancel", wish, "shipment { status }"), "shipment") == {"status": "DISPATCHING"}
    again = await clerk.do("shipmentCancel", wish, "shipment { status }")
    assert [remark["code"] for remark in again["warnings"]] == ["ALREADY_DONE"]
    other, gone = await called(client, world, clerk, platform)
    await say(platform, world, gone, State.PICKED_UP)
    too_late = await clerk.do("shipmentCancel", {"shipmentId": gone}, "shipment { status }")
    refused(too_late, "SHIPMENT_STATE", path=["input", "shipmentId"])
    assert (await read(clerk, other))["shipment"]["status"] == "PICKED_UP"
    assert (await read(clerk, order))["shipment"]["failure"] == "the buyer comes"


async def test_a_tip_is_offered_once_for_a_key_and_while_nobody_has_accepted(
    client: Client, world: World, platform: Platform, clerk: Client, run_worker: Any
) -> None:
    order, shipment = await called(client, world, clerk, platform)
    wish = {"shipmentId": shipment, "amount": "2.00", "idempotencyKey": "1"}
    for _ in range(2):
        done(await clerk.do("shipmentTip", wish, "shipment { id }"), "shipment")
    done(await clerk.do("shipmentTip", wish | {"amount": "3.00", "idempotencyKey": "2"}, "shipment { id }"), "shipment")
    await run_worker()
    seen = (await read(clerk, order))["shipment"]
    assert seen["cost"] == {"amount": "13.00"}
    carrier = platform.hooks(world.tenant.plugins).delivery_providers[NAME]
    assert carrier.tips[-2:] == [(200, 200), (300, 500)]  # type: ignore[attr-defined]  # of the tests' own carrier
    refused(
        await clerk.do("shipmentTip", wish | {"amount": "0", "idempotencyKey": "3"}, "shipment { id }"),
        "INVALID",
        path=["input", "amount"],
    )
    await say(platform, world, shipment, State.ACCEPTED)
    late = await clerk.do("shipmentTip", wish | {"idempotencyKey": "4"}, "shipment { id }")
    refused(late, "SHIPMENT_STATE", path=["input", "shipmentId"])
