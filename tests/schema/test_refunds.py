"""Paying an order back, whole or in part."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from core.payments.provider import Refunded, RefundOrder
from hexmart.testing import Client, World
from plugins.sandbox.provider import SandboxProvider
from tenants import Platform
from tests.refusing import refuse
from tests.schema.conftest import Number, Shelf
from tests.schema.shop import ORDER, Payload, act, buy, buy_delivered, done, read, refusal
from tests.schema.staffing import Staffing

pytestmark = pytest.mark.anyio
FIELDS = f"refund {{ id status reason amount {{ amount }} }} {ORDER}"


async def refund(staff: Client, order: Payload, key: str = "1", **more: object) -> Payload:
    """The payload of paying back."""
    asked = {"orderId": order["id"], "reason": "broken", "idempotencyKey": key} | more
    return await staff.do("refundCreate", asked, FIELDS)


def part(order: Payload, sku: str, quantity: int) -> list[Payload]:
    """Some of an order's line."""
    line = next(line for line in order["lines"] if line["variant"]["sku"] == sku)
    return [{"orderLineId": line["id"], "quantity": quantity}]


def back(payload: Payload) -> tuple[str, str, str]:
    """How much goes back and where that leaves the order."""
    order = done(payload, "order")
    return payload["refund"]["amount"]["amount"], order["status"], order["paymentStatus"]


async def collect(staff: Client, world: World, order: Payload) -> None:
    code = {"code": order["pickupCode"], "storeId": world.stores["S1"]}
    done(await staff.do("orderVerify", code, "order { id }"), "order")


async def test_a_refund_of_nothing_in_particular_is_of_everything(
    client: Client, world: World, manager: Client, run_worker: Any
) -> None:
    order = await buy(client, world)
    payload = await refund(manager, order)
    assert back(payload) == ("31.80", "REFUNDED", "REFUNDED")
    assert (payload["refund"]["status"], payload["refund"]["reason"]) == ("REQUESTED", "broken")
    assert [line["refundedQuantity"] for line in payload["order"]["lines"]] == [2]
    await run_worker()
    assert [found["status"] for found in (await read(client, order) or {})["refunds"]] == ["SUCCEEDED"]


async def test_an_order_refunded_on_its_shelf_gives_its_stock_back(
    client: Client, world: World, manager: Client, shelf: Shelf
) -> None:
    order = await buy(client, world)
    refunded = done(await refund(manager, order), "order")
    assert (await shelf(), refunded["fulfilments"][0]["status"]) == ((100, 0), "CANCELLED")
    code = {"code": order["pickupCode"], "storeId": world.stores["S1"]}
    assert refusal(await manager.do("orderVerify", code, ORDER)) == ("ORDER_STATE", ["input", "code"])


async def test_lines_go_back_for_what_was_paid_for_them(
    client: Client, world: World, manager: Client, shelf: Shelf
) -> None:
    order = await buy(client, world, {"MILK-1L": 3, "APPLE": 250})  # 47.70 and 4.50
    await collect(manager, world, order)
    assert back(await refund(manager, order, lines=part(order, "MILK-1L", 1))) == (
        "15.90",
        "COMPLETED",
        "PARTLY_REFUNDED",
    )
    assert await shelf() == (98, 0)
    assert back(await refund(manager, order, "2", lines=part(order, "APPLE", 100)))[0] == "1.80"
    assert back(await refund(manager, order, "3", lines=part(order, "APPLE", 150)))[0] == "2.70"
    assert await shelf("APPLE") == (1000, 0)
    rest = await refund(manager, order, "4", lines=part(order, "MILK-1L", 2), restock=False)
    assert back(rest) == ("31.80", "REFUNDED", "REFUNDED")
    assert await shelf() == (98, 0)
    assert [line["quantity"] - line["refundedQuantity"] for line in rest["order"]["lines"]] == [0, 0]


async def test_an_amount_goes_back_and_the_rest_after_it(
    client: Client, world: World, manager: Client, shelf: Shelf, run_worker: Any
) -> None:
    order = await buy_delivered(client, world)  # 31.80 and 6.00 for bringing it
    assert back(await refund(manager, order, amount="7.81")) == ("7.81", "PAID", "PARTLY_REFUNDED")
    assert await shelf() == (100, 2)
    assert back(await refund(manager, order, "2")) == ("29.99", "REFUNDED", "REFUNDED")
    await run_worker()
    settled = (await read(client, order) or {})["refunds"]
    assert [(found["status"], found["amount"]["amount"]) for found in settled] == [
        ("SUCCEEDED", "7.81"),
        ("SUCCEEDED", "29.99"),
    ]


async def test_goods_that_never_left_the_shelf_are_not_put_back(
    client: Client, world: World, manager: Client, shelf: Shelf
) -> None:
    order = await buy(client, world)
    done(await refund(manager, order, lines=part(order, "MILK-1L", 1)), "order")
    assert (await shelf())[0] == 100


async def test_goods_refunded_on_the_shelf_are_for_sale_again(
    client: Client, world: World, manager: Client, shelf: Shelf
) -> None:
    order = await buy(client, world)
    done(await refund(manager, order, lines=part(order, "MILK-1L", 1)), "order")
    assert await shelf() == (100, 1)
    await collect(manager, world, order)
    assert await shelf() == (99, 0)


async def test_goods_on_their_way_are_put_back(client: Client, world: World, manager: Client, shelf: Shelf) -> None:
    order = await buy_delivered(client, world)
    for step in ("orderAccept", "orderReady", "orderDispatch"):
        done(await act(manager, step, order), "order")
    assert await shelf() == (98, 0)
    done(await refund(manager, order), "order")
    assert await shelf() == (100, 0)


async def test_the_same_key_pays_nothing_back_twice(
    client: Client, world: World, manager: Client, number_of: Number
) -> None:
    order = await buy(client, world)
    first = await refund(manager, order, amount="1.00")
    assert await refund(manager, order, amount="1.00") == first
    assert await number_of("refund") == 1
    mutation = "mutation($i: RefundCreateInput!) { refundCreate(input: $i) { refund { id } } }"
    other = {"orderId": order["id"], "reason": "broken", "idempotencyKey": "1", "amount": "2.00"}
    assert await manager.code(mutation, i=other) == "IDEMPOTENCY_KEY_REUSED"


@pytest.mark.parametrize(
    ("more", "code", "path"),
    [
        ({"amount": "31.81"}, "INVALID", ["input", "amount"]),
        ({"amount": "0"}, "INVALID", ["input", "amount"]),
        ({"amount": "-1"}, "INVALID", ["input", "amount"]),
        ({"amount": "0.001"}, "INVALID", ["input", "amount"]),
        ({"amount": "1E+999999"}, "INVALID", ["input", "amount"]),
        ({"reason": " "}, "INVALID", ["input", "reason"]),
        ({"reason": "x" * 501}, "INVALID", ["input", "reason"]),
        ({"sku": ("MILK-1L", 3)}, "INVALID", ["input", "lines", "quantity"]),
        ({"sku": ("MILK-1L", 0)}, "INVALID", ["input", "lines", "quantity"]),
        ({"sku": ("MILK-1L", -1)}, "INVALID", ["input", "lines", "quantity"]),
        ({"lines": [{"orderLineId": "garbage", "quantity": 1}]}, "NOT_FOUND", ["input", "lines", "orderLineId"]),
    ],
)
async def test_no_more_goes_back_than_was_paid(
    client: Client, world: World, manager: Client, number_of: Number, more: Payload, code: str, path: list[str]
) -> None:
    order = await buy(client, world)
    asked = {"lines": part(order, *more["sku"])} if "sku" in more else more
    assert refusal(await refund(manager, order, **asked)) == (code, path)
    assert (await number_of("refund"), await read(client, order)) == (0, order)


async def test_another_orders_line_does_not_go_back(
    client: Client, world: World, manager: Client, number_of: Number
) -> None:
    order, other = await buy(client, world), await buy(client, world)
    refused = await refund(manager, order, lines=part(other, "MILK-1L", 1))
    assert refusal(refused) == ("NOT_FOUND", ["input", "lines", "orderLineId"])
    twice = part(order, "MILK-1L", 1) * 2
    assert refusal(await refund(manager, order, lines=twice)) == ("INVALID", ["input", "lines"])
    assert await number_of("refund") == 0


async def test_what_was_refunded_or_never_paid_is_not_refunded(client: Client, world: World, manager: Client) -> None:
    order = await buy(client, world)
    done(await refund(manager, order), "order")
    assert refusal(await refund(manager, order, "2")) == ("ORDER_STATE", ["input", "orderId"])


async def _statuses(client: Client, order: Payload) -> list[str]:
    return [found["status"] for found in (await read(client, order) or {})["refunds"]]


async def test_what_a_provider_has_refused_is_asked_for_again_by_whoever_may_pay_back(
    client: Client, world: World, manager: Client, clerk: Client, platform: Platform, run_worker: Any
) -> None:
    order = await buy(client, world)
    wish = {"refundId": await refuse(platform, world, (await refund(manager, order))["refund"]["id"])}
    assert await _statuses(client, order) == ["FAILED"]
    assert await clerk.code("mutation($i: RefundRetryInput!) { refundRetry(input: $i) { order { id } } }", i=wish)
    asked = await manager.do("refundRetry", wish, FIELDS)
    assert (done(asked, "refund")["status"], asked["warnings"]) == ("REQUESTED", [])
    await run_worker()
    assert await _statuses(client, order) == ["SUCCEEDED"]
    again = await manager.do("refundRetry", wish, FIELDS)
    assert [one["code"] for one in again["warnings"]] == ["ALREADY_DONE"]
    assert await _statuses(client, order) == ["SUCCEEDED"]


async def test_a_refund_that_is_asked_for_again_twice_at_once_is_paid_once(
    client: Client, world: World, manager: Client, platform: Platform, monkeypatch: pytest.MonkeyPatch, run_worker: Any
) -> None:
    order, paid = await buy(client, world), list[UUID]()
    wish = {"refundId": await refuse(platform, world, (await refund(manager, order))["refund"]["id"])}

    async def pay_back(_: SandboxProvider, asked: RefundOrder) -> Refunded:
        paid.append(asked.refund_id)
        return Refunded(succeeded=True)

    monkeypatch.setattr(SandboxProvider, "refund", pay_back)
    await asyncio.gather(*(manager.do("refundRetry", wish, FIELDS) for _ in range(6)))
    await run_worker()
    assert (len(paid), await _statuses(client, order)) == (1, ["SUCCEEDED"])


async def test_no_store_retries_what_another_one_has_refunded(
    client: Client, world: World, manager: Client, staffing: Staffing, platform: Platform
) -> None:
    order = await buy(client, world)
    wish = {"refundId": await refuse(platform, world, (await refund(manager, order))["refund"]["id"])}
    await staffing.employ("elsewhere", "store_manager", store="S2")
    elsewhere = await client.staff(world.email("elsewhere"))
    assert refusal(await elsewhere.do("refundRetry", wish, FIELDS)) == ("NOT_FOUND", ["input", "refundId"])
    assert await _statuses(client, order) == ["FAILED"]
