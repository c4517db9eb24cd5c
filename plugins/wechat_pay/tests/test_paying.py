"""Paying by WeChat, in the mini-program and at the counter, as shoppers and clerks see it."""

import asyncio

import httpx
import pytest

from hexmart.simulators.wechat_pay import settings_of
from hexmart.simulators.wechat_pay.notifying import of_refund, of_trade
from hexmart.simulators.wechat_pay.signing import is_signed
from hexmart.testing import Enable
from plugins.wechat_pay.tests.counter import CODE, NAME, Counter
from tests.faults.audit import audit

pytestmark = pytest.mark.anyio


async def shopper(counter: Counter, path: str) -> None:
    """What somebody does at the simulator."""
    async with httpx.AsyncClient() as http:
        assert (await http.post(f"{counter.simulator.url}/shopper/{path}")).is_success


async def test_the_mini_program_is_told_what_to_go_on_with_and_the_order_is_paid_once_wechat_tells(
    counter: Counter,
) -> None:
    order = await counter.place()
    begun = await counter.start(order)
    told = begun["clientParameters"]
    assert (begun["payment"]["status"], begun["order"]["status"]) == ("PENDING", "PENDING_PAYMENT")
    assert sorted(told) == ["appId", "nonceStr", "package", "paySign", "signType", "timeStamp"]
    signed = "\n".join([told["appId"], told["timeStamp"], told["nonceStr"], told["package"]]) + "\n"
    enrolled = counter.simulator.merchants[0]
    assert is_signed(enrolled.merchant.public_key, signed.encode(), told["paySign"])
    trade = list(counter.wechat.trades.values())[-1]
    assert (trade.total, trade.currency, trade.merchant) == (1590, "CNY", enrolled.merchant)
    assert told["package"] == f"prepay_id={trade.prepay_id}"
    await shopper(counter, f"pay/{trade.number}")
    await counter.heard(1)
    await counter.settle()
    assert await counter.stands(order) == ("PAID", ["CAPTURED"], [])
    assert await counter.verdicts() == ["CREDITED"]
    assert not await audit(counter.platform, counter.world.tenant)


async def test_who_begins_again_with_the_same_key_goes_on_with_the_same_trade(counter: Counter) -> None:
    order, trade = await counter.begin()
    before = len(counter.wechat.trades)
    again = await counter.start(order)
    assert again["clientParameters"]["package"] == f"prepay_id={trade.prepay_id}"
    assert len(counter.wechat.trades) == before
    trade.pay()
    paid = await counter.start(order)  # nobody has told of it yet
    assert (paid["order"]["status"], paid["userErrors"]) == ("PAID", [])


async def test_a_code_that_a_till_has_scanned_pays_at_once(counter: Counter) -> None:
    order = await counter.place()
    clerk = await counter.client.staff(counter.world.email("clerk"))
    paid = await counter.start(order, by=clerk, authCode=CODE)
    assert (paid["order"]["status"], paid["payment"]["status"]) == ("PAID", "CAPTURED")
    assert list(counter.wechat.trades.values())[-1].trade_type == "MICROPAY"
    assert not await audit(counter.platform, counter.world.tenant)


async def test_a_code_may_need_a_password_first(counter: Counter) -> None:
    counter.wechat.mood.codes_take_time = True
    order = await counter.place()
    assert (await counter.start(order, authCode=CODE))["payment"]["status"] == "PENDING"
    list(counter.wechat.trades.values())[-1].pay()
    assert (await counter.start(order, authCode=CODE))["order"]["status"] == "PAID"


@pytest.mark.parametrize("code", ["1", "130000000000000000"], ids=["no code", "not enough money"])
async def test_a_code_that_is_refused_fails_and_another_may_be_tried(counter: Counter, code: str) -> None:
    order = await counter.place()
    refused = await counter.start(order, authCode=code)
    assert [error["code"] for error in refused["userErrors"]] == ["PAYMENT_REFUSED"]
    assert (await counter.start(order, key="q", authCode=CODE))["order"]["status"] == "PAID"
    assert (await counter.stands(order))[1] == ["FAILED", "CAPTURED"]


@pytest.mark.parametrize("at_counter", [False, True])
async def test_an_order_that_is_cancelled_is_closed_there(counter: Counter, *, at_counter: bool) -> None:
    counter.wechat.mood.codes_take_time = True
    order = await counter.place()
    await (counter.start(order, authCode=CODE) if at_counter else counter.start(order))
    trade = list(counter.wechat.trades.values())[-1]
    await counter.cancel(order)
    await counter.settle()
    assert trade.state == ("REVOKED" if at_counter else "CLOSED")
    assert await counter.stands(order) == ("CANCELLED", ["CANCELLED"], [])


async def test_money_that_is_quicker_than_the_closing_goes_back(counter: Counter) -> None:
    order, trade = await counter.begin()
    trade.pay()
    await counter.cancel(order)
    await counter.settle(3)
    assert await counter.stands(order) == ("CANCELLED", ["CAPTURED"], ["SUCCEEDED"])
    assert [one.amount for one in counter.wechat.refunds.values() if one.trade is trade] == [1590]
    assert not await audit(counter.platform, counter.world.tenant)


async def test_parts_go_back_one_after_the_other_and_no_more_than_was_paid(counter: Counter) -> None:
    order, trade = await counter.begin()
    trade.pay()
    await counter.tell(of_trade(trade))
    await counter.settle()
    manager = await counter.client.staff(counter.world.email("manager"))
    for number, (amount, refused) in enumerate([("5.00", False), ("5.90", False), ("5.01", True), ("5.00", False)]):
        wish = {"orderId": order, "amount": amount, "reason": "soured", "idempotencyKey": str(number)}
        assert bool((await manager.do("refundCreate", wish, "refund { id }"))["userErrors"]) is refused
    await counter.settle(2)
    assert await counter.stands(order) == ("REFUNDED", ["CAPTURED"], ["SUCCEEDED"] * 3)
    assert [one.amount for one in counter.wechat.refunds.values() if one.trade is trade] == [500, 590, 500]
    assert not await audit(counter.platform, counter.world.tenant)


async def test_a_refund_that_takes_its_time_is_through_once_wechat_tells(counter: Counter) -> None:
    counter.wechat.mood.refunds_take_time = True
    order, trade = await counter.begin()
    trade.pay()
    await counter.tell(of_trade(trade))
    await counter.settle()
    await counter.cancel(order)
    await counter.settle()
    assert (await counter.stands(order))[2] == ["PROCESSING"]
    [refund] = [one for one in counter.wechat.refunds.values() if one.trade is trade]
    for status, wanted in (("ABNORMAL", "FAILED"), ("SUCCESS", "SUCCEEDED"), ("CLOSED", "SUCCEEDED")):
        refund.status = status
        assert await counter.tell(of_refund(refund)) == 204
        await counter.settle()
        assert (await counter.stands(order))[2] == [wanted]
    assert not await audit(counter.platform, counter.world.tenant)


async def test_a_store_has_a_merchant_of_its_own_and_one_without_takes_nothing(
    counter: Counter, enable: Enable
) -> None:
    simulator, keys = counter.simulator, counter.world.store_keys
    first, second = simulator.merchants
    one = type(first)(first.merchant, first.signer, frozenset({keys["S1"]}))
    two = type(first)(second.merchant, second.signer, frozenset({keys["S2"]}))
    await enable(NAME, settings_of(simulator.url, [counter.wechat.signer], one, two))
    assert [(await counter.begin(store))[1].merchant for store in ("S1", "S2")] == [first.merchant, second.merchant]
    order, trade = await counter.begin("S2")
    await enable(NAME, settings_of(simulator.url, [counter.wechat.signer], one, second))  # who takes it by then
    trade.pay()
    await counter.tell(of_trade(trade))
    await counter.settle()
    assert (await counter.stands(order))[0] == "PAID"
    await enable(NAME, settings_of(simulator.url, [counter.wechat.signer], two))
    refused = await counter.start(await counter.place())
    assert [error["code"] for error in refused["userErrors"]] == ["WECHAT_PAY_NOT_HERE"]


async def test_who_pays_has_to_be_said(counter: Counter) -> None:
    refused = await counter.start(await counter.place(), nothing="at all")
    assert [(one["code"], one["path"]) for one in refused["userErrors"]] == [("WECHAT_PAY_NEEDS", ["input", "details"])]


@pytest.mark.parametrize("how", ["down", "garbage", "unsigned"])
async def test_wechat_that_misbehaves_pays_nothing_and_may_be_asked_again(counter: Counter, how: str) -> None:
    order = await counter.place()
    setattr(counter.wechat.mood, how, True)
    refused = await counter.start(order)
    assert [error["code"] for error in refused["userErrors"]] == ["PLUGIN_FAILED"]
    assert await counter.stands(order) == ("PENDING_PAYMENT", ["PENDING"], [])
    counter.simulator.reset()
    assert (await counter.start(order))["userErrors"] == []


async def test_no_connection_is_held_while_wechat_thinks(counter: Counter) -> None:
    order = await counter.place()
    counter.wechat.mood.slow = 1.0
    pool, held = counter.platform.app.pool, []
    starting = asyncio.create_task(counter.start(order))
    await asyncio.sleep(0.2)
    assert counter.wechat.asked
    for _ in range(10):
        held.append(pool.checkedout())  # type: ignore[attr-defined]  # of a QueuePool
        await asyncio.sleep(0.02)
    assert not starting.done()
    assert held == [0] * 10
    assert (await starting)["userErrors"] == []
