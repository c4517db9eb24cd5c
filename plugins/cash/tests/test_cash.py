"""Cash is paid when staff of the store say so, and by nobody else."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from core.actors import system
from hexmart.testing import Client, Enable, World
from tenants import Platform
from tests.faults.audit import audit
from tests.schema.shop import ORDER, Payload, done, fill, place, read

pytestmark = pytest.mark.anyio

RunWorker = Callable[[], Awaitable[None]]
LOGGED = "SELECT action FROM audit_entry WHERE tenant_id = $1 AND action LIKE 'payment.%'"
MoveClock = Callable[[timedelta], Awaitable[None]]


@pytest.fixture(autouse=True)
async def switched_on(enable: Enable) -> None:
    await enable("cash")


async def start(who: Client, order: Payload, **details: str) -> Payload:
    asked = {"orderId": order["id"], "provider": "cash", "idempotencyKey": "1", "details": details}
    return await who.do("paymentStart", asked, f"payment {{ status }} {ORDER}")


async def seen(client: Client, order: Payload) -> Payload:
    found = await read(client, order)
    assert found is not None
    return found


async def test_an_order_waits_until_a_clerk_says_that_the_money_is_there(
    client: Client, world: World, platform: Platform, run_worker: RunWorker, move_clock: MoveClock
) -> None:
    order = await place(client, await fill(client, world))
    begun = await start(client, order)
    assert (begun["payment"]["status"], begun["order"]["status"]) == ("PENDING", "PENDING_PAYMENT")
    await move_clock(timedelta(minutes=2))
    await run_worker()
    assert (await seen(client, order))["status"] == "PENDING_PAYMENT"
    clerk = await client.staff(world.email("clerk"))
    assert done(await start(clerk, order), "order")["status"] == "PAID"
    assert done(await start(clerk, order), "order")["status"] == "PAID"  # said twice, it was taken once
    found = await seen(client, order)
    assert sorted(one["status"] for one in found["payments"]) == ["CAPTURED", "PENDING"]
    assert found["timeline"][-1]["actor"] == "staff"
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        assert [row["action"] for row in await work.fetch(LOGGED)] == ["payment.begun"]
    assert not await audit(platform, world.tenant)


async def test_no_shopper_pays_cash_by_saying_so(client: Client, world: World) -> None:
    member = await client.member("13800000001")
    for who in (client, member):
        order = await place(who, await fill(who, world))
        for details in ({}, {"atCounter": "true"}):
            assert (await start(who, order, **details))["order"]["status"] == "PENDING_PAYMENT"


async def test_staff_who_take_no_money_there_say_nothing(client: Client, world: World) -> None:
    order = await place(client, await fill(client, world))
    courier = await client.staff(world.email("courier"))
    assert [error["code"] for error in (await start(courier, order))["userErrors"]] == ["NOT_FOUND"]
    assert (await seen(client, order))["payments"] == []


async def test_what_nobody_has_taken_is_called_off_and_what_was_taken_goes_back(
    client: Client, world: World, platform: Platform, run_worker: RunWorker
) -> None:
    clerk, manager = await client.staff(world.email("clerk")), await client.staff(world.email("manager"))
    unpaid, paid = [await place(client, await fill(client, world)) for _ in range(2)]
    await start(client, unpaid)
    await start(clerk, paid)
    for order in (unpaid, paid):
        wish = {"orderId": order["id"], "reason": "no", "idempotencyKey": order["id"]}
        done(await manager.do("orderCancel", wish, ORDER), "order")
    await run_worker()
    await run_worker()
    assert [one["status"] for one in (await seen(client, unpaid))["payments"]] == ["CANCELLED"]
    assert [one["status"] for one in (await seen(client, paid))["refunds"]] == ["SUCCEEDED"]
    assert not await audit(platform, world.tenant)
