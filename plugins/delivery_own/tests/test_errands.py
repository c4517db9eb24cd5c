"""Couriers of the shop's own take deliveries on, pass them on, and say how it goes."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from hexmart.testing import Client, Enable, World, refused
from plugins.delivery_own import errands
from plugins.delivery_own.tests.errands import ERRAND, offered
from tenants import Platform
from tests.faults.audit import audit
from tests.schema.hiring import hired, store
from tests.schema.shop import Payload, act, buy_delivered, done, read

pytestmark = pytest.mark.anyio

MINE = "{ deliveryOwnErrands { state mine shipment { id } order { number } } }"
SHIPMENT = (
    "query($id: ID!) { order(id: $id) { shipment { status courier courierPhone position { latitude } etaMinutes } } }"
)
RunWorker = Callable[[], Awaitable[None]]


@pytest.fixture
async def order(client: Client, world: World, enable: Enable) -> Payload:
    """One that is ready to be brought."""
    await enable("delivery_own", {"fee": 500})
    placed = await buy_delivered(client, world)
    clerk = await client.staff(world.email("clerk"))
    for step in ("orderAccept", "orderReady"):
        done(await act(clerk, step, placed), "order")
    return placed


@pytest.fixture
async def shipment(client: Client, world: World, platform: Platform, order: Payload) -> str:
    return await offered(platform, world, await client.staff(world.email("clerk")), order)


async def courier(client: Client, platform: Platform, world: World) -> Client:
    return await hired(client, platform, world, courier=store(world, "S1"))


async def test_an_order_is_brought_by_a_courier_of_the_shop(
    client: Client, world: World, platform: Platform, order: Payload, shipment: str
) -> None:
    rider = await client.staff(world.email("courier"))
    listed = (await rider.run(MINE))["deliveryOwnErrands"]
    assert listed == [
        {"state": "OFFERED", "mine": False, "shipment": {"id": shipment}, "order": {"number": order["number"]}}
    ]
    taken = await rider.do("deliveryOwnAccept", {"shipmentId": shipment, "phone": "13900000009"}, ERRAND)
    assert (done(taken, "errand")["state"], taken["errand"]["mine"]) == ("ACCEPTED", True)
    again = await rider.do("deliveryOwnAccept", {"shipmentId": shipment}, ERRAND)
    assert [remark["code"] for remark in again["warnings"]] == ["ALREADY_DONE"]
    for step, status in (("ARRIVED_STORE", "READY"), ("PICKED_UP", "DISPATCHED")):
        said = await rider.do("deliveryOwnReport", {"shipmentId": shipment, "step": step}, ERRAND)
        assert done(said, "errand")["order"]["status"] == status
    here = {"location": {"latitude": 31.2350, "longitude": 121.4737}}
    assert len((await rider.do("deliveryOwnPosition", here, "errands { state }"))["errands"]) == 1
    seen = (await client.run(SHIPMENT, id=order["id"]))["order"]["shipment"]
    assert seen == {
        "status": "PICKED_UP",
        "courier": "courier",
        "courierPhone": "+8613900000009",
        "position": {"latitude": 31.235},
        "etaMinutes": 3,
    }
    said = await rider.do("deliveryOwnReport", {"shipmentId": shipment, "step": "DELIVERED"}, ERRAND)
    assert (done(said, "errand")["state"], said["errand"]["order"]["status"]) == ("DONE", "COMPLETED")
    assert await audit(platform, world.tenant) == {}


async def _both_accept(client: Client, platform: Platform, world: World, shipment: str) -> list[Payload]:
    riders = [await courier(client, platform, world) for _ in range(2)]
    return list(await asyncio.gather(*(r.do("deliveryOwnAccept", {"shipmentId": shipment}, ERRAND) for r in riders)))


async def test_of_two_couriers_one_has_it(client: Client, world: World, platform: Platform, shipment: str) -> None:
    answers = await _both_accept(client, platform, world, shipment)
    codes = sorted(error["code"] for answer in answers for error in answer["userErrors"])
    assert codes == ["DELIVERY_OWN_ERRAND_TAKEN"]


async def test_without_the_guard_both_would_have_it(
    client: Client, world: World, platform: Platform, shipment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "AND state = 'OFFERED'" in errands.ACCEPT
    monkeypatch.setattr(errands, "ACCEPT", errands.ACCEPT.replace("AND state = 'OFFERED'", ""))
    answers = await _both_accept(client, platform, world, shipment)
    assert [answer["userErrors"] for answer in answers] == [[], []]


async def test_an_errand_is_passed_on_goods_and_all(
    client: Client, world: World, platform: Platform, order: Payload, shipment: str
) -> None:
    first, second = [await courier(client, platform, world) for _ in range(2)]
    errand = {"shipmentId": shipment}
    done(await first.do("deliveryOwnAccept", errand, ERRAND), "errand")
    done(await first.do("deliveryOwnReport", errand | {"step": "PICKED_UP"}, ERRAND), "errand")
    refused(await second.do("deliveryOwnPassOn", errand, ERRAND), "DELIVERY_OWN_NOT_YOURS")
    done(await first.do("deliveryOwnPassOn", errand, ERRAND), "errand")
    late = await first.do("deliveryOwnReport", errand | {"step": "DELIVERED"}, ERRAND)
    refused(late, "DELIVERY_OWN_NOT_YOURS")
    done(await second.do("deliveryOwnAccept", errand | {"phone": "13900000008"}, ERRAND), "errand")
    seen = (await client.run(SHIPMENT, id=order["id"]))["order"]["shipment"]
    assert (seen["status"], seen["courierPhone"]) == ("PICKED_UP", "+8613900000008")
    done(await second.do("deliveryOwnReport", errand | {"step": "DELIVERED"}, ERRAND), "errand")
    assert (await read(client, order) or {})["status"] == "COMPLETED"
    assert await audit(platform, world.tenant) == {}


async def test_what_was_called_off_cannot_be_picked_up(
    client: Client, world: World, platform: Platform, shipment: str, run_worker: RunWorker
) -> None:
    rider = await courier(client, platform, world)
    done(await rider.do("deliveryOwnAccept", {"shipmentId": shipment}, ERRAND), "errand")
    manager = await client.staff(world.email("manager"))
    done(await manager.do("shipmentCancel", {"shipmentId": shipment}, "shipment { id }"), "shipment")
    said = await rider.do("deliveryOwnReport", {"shipmentId": shipment, "step": "PICKED_UP"}, ERRAND)
    refused(said, "SHIPMENT_STATE", path=["input", "shipmentId"])
    for _ in range(2):
        await run_worker()
    assert (await rider.run(MINE))["deliveryOwnErrands"] == []
    assert await audit(platform, world.tenant) == {}


async def test_nobody_of_another_store_is_offered_it(
    client: Client, world: World, platform: Platform, shipment: str
) -> None:
    stranger = await hired(client, platform, world, courier=store(world, "S2"))
    assert (await stranger.run(MINE))["deliveryOwnErrands"] == []
    refused(await stranger.do("deliveryOwnAccept", {"shipmentId": shipment}, ERRAND), "NOT_FOUND")


async def test_they_are_called_by_themselves_and_withdrawn_when_nobody_comes(
    client: Client,
    world: World,
    platform: Platform,
    order: Payload,
    run_worker: RunWorker,
    move_clock: Callable[[timedelta], Awaitable[None]],
) -> None:
    clerk = await client.staff(world.email("clerk"))
    done(await act(clerk, "orderDispatch", order, provider="own"), "order")
    for _ in range(3):
        await run_worker()
    rider = await courier(client, platform, world)
    assert [one["state"] for one in (await rider.run(MINE))["deliveryOwnErrands"]] == ["OFFERED"]
    await move_clock(timedelta(minutes=6))
    for _ in range(4):
        await run_worker()
    assert (await rider.run(MINE))["deliveryOwnErrands"] == []
    assert await audit(platform, world.tenant) == {}


async def test_beyond_their_reach_they_do_not_go(client: Client, world: World, order: Payload, enable: Enable) -> None:
    await enable("delivery_own", {"reach_meters": 100})
    clerk = await client.staff(world.email("clerk"))
    query = "query($id: ID!) { deliveryQuotes(orderId: $id) { provider fee { amount } refusal } }"
    [quote] = (await clerk.run(query, id=order["id"]))["deliveryQuotes"]
    assert (quote["provider"], quote["fee"], quote["refusal"]) == (
        "own",
        None,
        "It is 111 m away, and couriers go 100 m.",
    )
