"""What WeChat has told nobody, or nobody has heard, is found out all the same."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from core.actors import system
from hexmart.simulators.wechat_pay.notifying import of_refund, of_trade
from plugins.wechat_pay.tests.counter import NAME, Counter
from tenants.plugins import disable, enable
from tests.faults.audit import audit

pytestmark = pytest.mark.anyio

MoveClock = Callable[[timedelta], Awaitable[None]]


async def test_a_payment_that_was_never_told_is_asked_about(counter: Counter, move_clock: MoveClock) -> None:
    order, trade = await counter.begin()
    trade.pay()
    await move_clock(timedelta(minutes=1))
    await counter.settle()
    assert await counter.stands(order) == ("PAID", ["CAPTURED"], [])
    assert await counter.verdicts() == []
    await counter.tell(of_trade(trade))  # late, but it comes
    await counter.settle()
    assert await counter.verdicts() == ["KNOWN"]
    assert not await audit(counter.platform, counter.world.tenant)


async def test_a_refund_that_was_never_told_is_asked_about(counter: Counter, move_clock: MoveClock) -> None:
    counter.wechat.mood.refunds_take_time = True
    order, trade = await counter.begin()
    trade.pay()
    await counter.tell(of_trade(trade))
    await counter.settle()
    await counter.cancel(order)
    await counter.settle()
    [refund] = [one for one in counter.wechat.refunds.values() if one.trade is trade]
    refund.status = "SUCCESS"
    await move_clock(timedelta(minutes=2))
    await counter.settle()
    assert await counter.stands(order) == ("CANCELLED", ["CAPTURED"], ["SUCCEEDED"])
    await counter.tell(of_refund(refund))
    await counter.settle()
    assert await counter.verdicts() == ["CREDITED", "KNOWN"]


async def test_wechat_tells_again_until_somebody_has_heard(counter: Counter) -> None:
    order, trade = await counter.begin()
    trade.pay()
    platform, world, notice = counter.platform, counter.world, of_trade(trade)
    world.tenant = await disable(platform, world.tenant, system("test"), NAME)
    assert await counter.tell(notice) == 404
    counter.simulator.teller.tell(notice)
    world.tenant = await enable(platform, world.tenant, system("test"), NAME)
    await counter.heard(1)
    await counter.settle()
    assert await counter.stands(order) == ("PAID", ["CAPTURED"], [])


async def test_a_shop_goes_on_while_wechat_is_away(counter: Counter, move_clock: MoveClock) -> None:
    order, trade = await counter.begin()
    trade.pay()
    counter.wechat.mood.down = True
    await move_clock(timedelta(minutes=1))
    await counter.settle()
    assert await counter.stands(order) == ("PENDING_PAYMENT", ["PENDING"], [])
    sandbox = {"orderId": await counter.place(), "provider": "sandbox", "idempotencyKey": "s"}
    paid = await counter.client.do("paymentStart", sandbox, "order { status }")
    assert paid["order"]["status"] == "PAID"
    counter.simulator.reset()
    await move_clock(timedelta(minutes=10))
    await counter.settle(2)
    assert await counter.stands(order) == ("PAID", ["CAPTURED"], [])
    assert not await audit(counter.platform, counter.world.tenant)
