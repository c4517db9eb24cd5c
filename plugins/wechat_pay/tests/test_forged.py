"""Whatever WeChat has not signed in these minutes is not heard, and what it has told is heard once."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from core.actors import system
from hexmart.simulators.wechat_pay import Trade, settings_of
from hexmart.simulators.wechat_pay.notifying import Notice, of_trade
from hexmart.simulators.wechat_pay.signing import Signer, encrypted, new_signer, now
from hexmart.testing import Enable, World
from plugins.wechat_pay.tests.counter import NAME, Counter
from tests.faults.audit import audit

pytestmark = pytest.mark.anyio

COUNT = "SELECT count(*) FROM payment_notice WHERE tenant_id = $1"
Forge = Callable[[Counter, Notice], dict[str, Any]]


def altered(body: bytes) -> bytes:
    """One byte is another."""
    return body.replace(b"simulated", b"simulateD")


def signed_for(counter: Counter, body: bytes) -> dict[str, str]:
    """The headers of a body that was really sent."""
    return {name.replace("-", "_"): value for name, value in counter.wechat.signer.headers(body).items()}


def at(counter: Counter, notice: Notice, moment: int) -> dict[str, Any]:
    """Signed by WeChat, at that moment."""
    body = notice.body()
    headers = counter.wechat.signer.headers(body, moment)
    return {"body": body} | {name.replace("-", "_"): value for name, value in headers.items()}


def of_another_key(counter: Counter, notice: Notice) -> dict[str, Any]:
    """Encrypted for another merchant."""
    told = orjson.loads(notice.body())
    other = counter.simulator.merchants[1].merchant.api_key
    told["resource"] = encrypted(other, orjson.dumps(notice.resource), "transaction")
    return {"body": orjson.dumps(told)}


FORGED: dict[str, Forge] = {
    "not signed": lambda _, __: {"Wechatpay_Signature": ""},
    "signed by nobody who is known": lambda counter, _: {
        "signer": Signer(counter.wechat.signer.key_id, new_signer().key)
    },
    "the signature of another body": lambda c, n: signed_for(c, n.body()) | {"body": n.body()},
    "a byte is another": lambda c, n: signed_for(c, body := n.body()) | {"body": altered(body)},
    "of a key that nobody has named": lambda _, __: {"Wechatpay_Serial": "PUB_KEY_ID_0"},
    "of a certificate": lambda _, __: {"Wechatpay_Serial": "7A0F"},
    "without a key": lambda _, __: {"Wechatpay_Serial": ""},
    "a probe": lambda c, n: {"Wechatpay_Signature": f"WECHATPAY/SIGNTEST/{c.wechat.signer.headers(n.body())}"},
    "of another kind of signature": lambda _, __: {"Wechatpay_Signature_Type": "WECHATPAY2-SM2-WITH-SM3"},
    "of no kind": lambda _, __: {"Wechatpay_Signature_Type": ""},
    "ten minutes old": lambda c, n: at(c, n, now() - 600),
    "of the time to come": lambda c, n: at(c, n, now() + 600),
    "of no time": lambda _, __: {"Wechatpay_Timestamp": "now"},
    "another nonce": lambda _, __: {"Wechatpay_Nonce": "0"},
    "no JSON": lambda c, _: signed_for(c, b"paid!") | {"body": b"paid!"},
    "no text": lambda c, _: signed_for(c, b"\xff\xfe") | {"body": b"\xff\xfe"},
    "nothing in it": lambda c, _: signed_for(c, b"{}") | {"body": b"{}"},
    "encrypted for another": of_another_key,
}


async def heard_of(counter: Counter) -> int:
    async with counter.platform.open_work(counter.world.tenant, system("test"), read_only=True) as work:
        return int(await work.value(COUNT))


async def test_nothing_that_is_forged_is_heard(counter: Counter) -> None:
    order, trade = await counter.begin()
    trade.pay()
    notice = of_trade(trade)
    answers = {name: await counter.tell(notice, **forge(counter, notice)) for name, forge in FORGED.items()}
    assert answers == dict.fromkeys(FORGED, 401)
    await counter.settle()
    assert await heard_of(counter) == 0
    assert await counter.stands(order) == ("PENDING_PAYMENT", ["PENDING"], [])
    assert await counter.tell(notice) == 204  # which shows that there was nothing else wrong with it
    print(f"pay: forged 0/{len(FORGED)} accepted")  # noqa: T201


async def test_one_that_is_told_fifty_times_at_once_pays_once_and_is_answered_within_a_second(counter: Counter) -> None:
    order, trade = await counter.begin()
    trade.pay()
    notice, taken = of_trade(trade), []

    async def told() -> int:
        began = time.perf_counter()
        status = await counter.tell(notice)
        taken.append(time.perf_counter() - began)
        return status

    assert set(await asyncio.gather(*[told() for _ in range(50)])) == {204}
    assert await heard_of(counter) == 1
    await counter.settle()
    assert await counter.stands(order) == ("PAID", ["CAPTURED"], [])
    print(f"pay: replays 50->1, answered p50={sorted(taken)[25] * 1000:.0f}ms p99={max(taken) * 1000:.0f}ms")  # noqa: T201
    assert not await audit(counter.platform, counter.world.tenant)


async def test_what_was_recorded_and_is_sent_again_later_is_not_heard(counter: Counter) -> None:
    _, trade = await counter.begin()
    trade.pay()
    recorded = at(counter, of_trade(trade), now() - 290)
    assert await counter.tell(of_trade(trade), **recorded) == 204
    assert await counter.tell(of_trade(trade), **at(counter, of_trade(trade), now() - 310)) == 401
    assert await heard_of(counter) == 1


async def test_a_key_may_be_changed_while_both_are_good(counter: Counter, enable: Enable) -> None:
    order, trade = await counter.begin()
    trade.pay()
    before = counter.wechat.rotate()
    merchant, url, after = counter.simulator.merchants[0], counter.simulator.url, counter.wechat.signer
    assert await counter.tell(of_trade(trade)) == 401
    await enable(NAME, settings_of(url, [after, before], merchant))
    assert [await counter.tell(of_trade(trade), signer=one) for one in (before, after)] == [204, 204]
    await counter.settle()
    assert await counter.stands(order) == ("PAID", ["CAPTURED"], [])
    assert (await counter.start(await counter.place()))["userErrors"] == []  # answers are signed by the new one
    await enable(NAME, settings_of(url, [after], merchant))
    assert [await counter.tell(of_trade(trade), signer=one) for one in (before, after)] == [401, 204]


WRONG: dict[str, tuple[Callable[[Trade], dict[str, Any]], str]] = {
    "a cent more": (lambda t: {"amount": {"total": t.total + 1, "currency": "CNY"}}, "OTHER_MONEY"),
    "a cent less": (lambda t: {"amount": {"total": t.total - 1, "currency": "CNY"}}, "OTHER_MONEY"),
    "another currency": (lambda t: {"amount": {"total": t.total, "currency": "USD"}}, "OTHER_MONEY"),
    "another merchant": (lambda _: {"mchid": "1900000099"}, "OTHER_ACCOUNT"),
    "another app": (lambda _: {"appid": "wx0000000000"}, "OTHER_ACCOUNT"),
    "a number of nobody's": (lambda _: {"out_trade_no": "0" * 32}, "UNKNOWN"),
    "no number of ours": (lambda _: {"out_trade_no": "2026113000001"}, "UNKNOWN"),
}


@pytest.mark.parametrize(("other", "verdict"), WRONG.values(), ids=WRONG)
async def test_what_wechat_itself_tells_wrong_is_answered_and_credits_nothing(
    counter: Counter, other: Callable[[Trade], dict[str, Any]], verdict: str
) -> None:
    order, trade = await counter.begin()
    trade.pay()
    assert await counter.tell(of_trade(trade, **other(trade))) == 204
    await counter.settle()
    status, payments, refunds = await counter.stands(order)
    assert (status, refunds, await counter.verdicts()) == ("PENDING_PAYMENT", [], [verdict])
    assert "CAPTURED" not in payments
    assert not await audit(counter.platform, counter.world.tenant)


async def test_the_payer_may_have_paid_less_by_a_coupon_of_wechats(counter: Counter) -> None:
    order, trade = await counter.begin()
    trade.pay()
    amount = {"total": trade.total, "payer_total": trade.total - 500, "currency": "CNY"}
    await counter.tell(of_trade(trade, amount=amount))
    await counter.settle()
    assert (await counter.stands(order))[0] == "PAID"


async def test_a_trade_of_another_brand_is_not_paid_at_this_ones_address(
    counter: Counter, other_world: World, run_worker: Callable[[], Any]
) -> None:
    other = Counter(counter.application, other_world, counter.simulator, run_worker)
    order, trade = await counter.begin()
    trade.pay()
    elsewhere = Notice(
        await other.address(counter.simulator.merchants[0]), trade.merchant, "TRANSACTION.SUCCESS", trade.told(), "EV-1"
    )
    assert await other.tell(elsewhere) == 404  # the plugin is off there
    await counter.settle()
    assert await counter.stands(order) == ("PENDING_PAYMENT", ["PENDING"], [])


async def test_what_is_told_of_something_else_is_answered_and_left(counter: Counter) -> None:
    _, trade = await counter.begin()
    notice = Notice(trade.notify_url, trade.merchant, "COMPLAINT.CREATE", {"complaint_id": "1"}, "EV-2")
    assert await counter.tell(notice) == 204
    assert await heard_of(counter) == 0
