"""Paying in: credited once by the money's own word, within the brand's limits, and paid back where it is not spent."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from core import payments
from core.access import Scope
from core.errors import Invalid
from core.money import Money
from core.payments import PaymentRefused, PaymentRow
from core.payments.provider import Charge, Started
from hexmart.testing import Client, UsePlugins, World
from plugins.sandbox.provider import SandboxProvider
from plugins.value import topping_up
from plugins.value.tests.shop import MILK, PRICE, Shop
from tests.faults.bank import Bank, BankPlugin, tell, told, verdicts
from tests.refusing import refuse
from tests.schema.hiring import hired
from tests.schema.shop import PHONE, done, refusal

pytestmark = pytest.mark.anyio
RunWorker = Callable[[], Awaitable[None]]
Move = Callable[[timedelta], Awaitable[None]]
TOP_UP = "topUp { id amount { amount } bonus { amount } creditedAt payment { status provider } } clientParameters"
REFUND = "refund { id status amount { amount } }"


@pytest.fixture
async def bank(shop: Shop, use_plugins: UsePlugins) -> Bank:
    plugin = BankPlugin()
    await use_plugins(bank=plugin)
    assert shop.world.tenant.plugins >= {"bank", "value"}
    return plugin.bank


async def top_up(member: Client, amount: str, key: str = "1", **more: Any) -> dict[str, Any]:
    wish = {"amount": amount, "provider": "sandbox", "idempotencyKey": key} | more
    return await member.do("valueTopUpStart", wish, TOP_UP)


async def test_what_is_paid_in_can_be_spent_bonus_last(shop: Shop) -> None:
    await shop.rules(value__bonus=5_000)
    who = await shop.shopper()
    await shop.pay_in(who, 149_900)
    assert await shop.has(who) == (149_900, 10_000)
    await shop.pay(who, await shop.order(who, {MILK: 2}))
    assert await shop.has(who) == (149_900 - 2 * PRICE, 10_000)


async def test_the_same_key_pays_in_once(shop: Shop, client: Client) -> None:
    member = await client.member(PHONE)
    first, again = [await top_up(member, "500") for _ in range(2)]
    assert first == again
    assert first["topUp"]["payment"] == {"status": "CAPTURED", "provider": "sandbox"}
    assert await shop.has(await shop.known(PHONE)) == (50_000, 0)
    shown = await member.run("{ viewer { ... on Member { valueTopUps { amount { amount } creditedAt } } } }")
    assert [one["amount"]["amount"] for one in shown["viewer"]["valueTopUps"]] == ["500.00"]


@pytest.mark.parametrize(
    ("wish", "path"),
    [
        ({"amount": "9.99"}, "amount"),
        ({"amount": "2000.01"}, "amount"),
        ({"amount": "0.001"}, "amount"),
        ({"amount": "-10"}, "amount"),
        ({"provider": "stored_value"}, "provider"),
        ({"provider": "nobody"}, "provider"),
        ({"details": [1]}, "details"),
        ({"idempotencyKey": ""}, "idempotencyKey"),
    ],
)
async def test_what_is_not_taken_names_its_field(shop: Shop, client: Client, wish: dict[str, Any], path: str) -> None:
    member = await client.member(PHONE)
    refused = await top_up(member, wish.pop("amount", "100"), **wish)
    assert refusal(refused) == ("INVALID", ["input", path])
    assert await shop.has(await shop.known(PHONE)) == (0, 0)


async def test_nobody_has_more_than_the_brand_allows(shop: Shop) -> None:
    await shop.rules(value__most_held=30_000)
    who = await shop.shopper(value=10_001)
    with pytest.raises(Invalid, match=r"Stored value goes up to 300\.00 CNY") as refused:
        await shop.pay_in(who, 20_000)
    assert refused.value.path == ("input", "amount")
    await shop.pay_in(who, 19_999)
    assert await shop.has(who) == (30_000, 0)


async def _begun_at_once(shop: Shop, bank: Bank) -> int:
    """How many of ten top-ups, of which there is room for three, are begun at the same moment."""
    await shop.rules(value__most_held=30_000)
    who = await shop.shopper()
    answers = await asyncio.gather(*[shop.pay_in(who, 10_000, bank.name) for _ in range(10)], return_exceptions=True)
    assert {type(one) for one in answers} == {PaymentRow, Invalid}
    return sum(isinstance(one, PaymentRow) for one in answers)


async def test_who_begins_many_at_once_begins_no_more_than_may_be_held(shop: Shop, bank: Bank) -> None:
    assert await _begun_at_once(shop, bank) == 3


async def test_who_does_not_take_turns_begins_more(shop: Shop, bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topping_up, "LOCK", topping_up.LOCK.replace("FOR NO KEY UPDATE", ""))
    monkeypatch.setattr(topping_up, "AWAITED", f"{topping_up.AWAITED} AND pg_sleep(0.3)::text = ''")
    assert await _begun_at_once(shop, bank) > 3


async def test_what_a_provider_refuses_is_not_credited(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(_self: SandboxProvider, _charge: Charge) -> Started:
        return Started(captured=False, refused_because="no money")

    monkeypatch.setattr(SandboxProvider, "start", refuse)
    who = await shop.shopper()
    for _ in range(2):
        with pytest.raises(PaymentRefused):
            await shop.pay_in(who, 10_000, key="k")
    assert await shop.has(who) == (0, 0)


async def test_told_however_often_and_late_it_is_credited_once(
    shop: Shop, bank: Bank, platform: Any, world: World, run_worker: RunWorker, move_clock: Move
) -> None:
    who = await shop.shopper()
    await shop.pay_in(who, 10_000, "bank")
    charge = bank.charges[-1]
    await move_clock(timedelta(days=9))
    await tell(platform, world, *[told(charge, str(number)) for number in range(3)], told(charge, "0"))
    await run_worker()
    assert await shop.has(who) == (10_000, 0)
    assert sorted(filter(None, await verdicts(platform, world))) == ["CREDITED", "KNOWN", "KNOWN"]


@pytest.mark.parametrize(
    "other",
    [
        {"amount": Money(1_000_000, "CNY")},
        {"amount": Money(10_000, "USD")},
        {"account": "1900000002/wx1"},
        {"provider": "sandbox"},
        {"succeeded": False},
    ],
    ids=str,
)
async def test_what_is_told_wrong_credits_nothing(
    shop: Shop, bank: Bank, platform: Any, world: World, run_worker: RunWorker, other: dict[str, Any]
) -> None:
    who = await shop.shopper()
    await shop.pay_in(who, 10_000, "bank")
    await tell(platform, world, told(bank.charges[-1], **other))
    await run_worker()
    assert await shop.has(who) == (0, 0)


async def test_captured_by_many_at_once_it_is_credited_once(shop: Shop, bank: Bank) -> None:
    who = await shop.shopper()
    payment = await shop.pay_in(who, 10_000, bank.name)
    said = Started(captured=True, reference="t", amount=payment.amount, account=payment.account)

    async def capture() -> None:
        async with shop.work() as work:
            await payments.credit(work, payment, said)

    await asyncio.gather(*[capture() for _ in range(10)])
    assert await shop.has(who) == (10_000, 0)


async def test_nobody_has_heard_of_it_so_it_is_asked_about(
    shop: Shop, bank: Bank, run_worker: RunWorker, move_clock: Move
) -> None:
    who = await shop.shopper()
    payment = await shop.pay_in(who, 10_000, "bank")
    bank.paid.add(payment.id)
    await move_clock(timedelta(minutes=2))
    for _ in range(2):
        await run_worker()
    assert await shop.has(who) == (10_000, 0)


async def _paid_in(client: Client, amount: str = "500") -> str:
    member = await client.member(PHONE)
    made: str = done(await top_up(member, amount), "topUp")["id"]
    return made


async def test_what_is_not_spent_is_paid_back_with_the_share_of_its_bonus(
    shop: Shop, client: Client, world: World, run_worker: RunWorker
) -> None:
    await shop.rules(value__bonus=5_000)
    wish = {"topUpId": await _paid_in(client), "amount": "200", "reason": "moved away", "idempotencyKey": "1"}
    owner = await client.staff(world.email("owner"))
    refunds = [done(await owner.do("valueRefund", wish, REFUND), "refund")["id"] for _ in range(2)]
    assert refunds[0] == refunds[1]
    await run_worker()
    assert await shop.has(await shop.known(PHONE)) == (30_000, 3_000)
    more = wish | {"amount": "300.01", "idempotencyKey": "2"}
    assert refusal(await owner.do("valueRefund", more, REFUND)) == ("INVALID", ["input", "amount"])


async def test_what_is_spent_is_not_paid_back(shop: Shop, client: Client, world: World) -> None:
    key = await _paid_in(client, "20")
    who = await shop.known(PHONE)
    await shop.pay(who, await shop.order(who))
    wish = {"topUpId": key, "amount": "5", "reason": "moved away", "idempotencyKey": "1"}
    owner = await client.staff(world.email("owner"))
    refused = await owner.do("valueRefund", wish, REFUND)
    assert refusal(refused) == ("INSUFFICIENT_VALUE", ["input", "amount"])
    assert refused["userErrors"][0]["message"] == "There is not enough stored value: 4.10 of 5.00 CNY."
    assert await shop.has(who) == (2_000 - PRICE, 0)


@pytest.mark.usefixtures("shop")
async def test_a_refund_says_why_and_of_what(client: Client, world: World) -> None:
    owner = await client.staff(world.email("owner"))
    right = {"topUpId": await _paid_in(client), "amount": "5", "reason": "r", "idempotencyKey": "1"}
    wrong = {"topUpId": ("NOT_FOUND", "x"), "amount": ("INVALID", "0"), "reason": ("INVALID", " ")}
    for name, (code, value) in wrong.items():
        told_ = refusal(await owner.do("valueRefund", right | {name: value}, REFUND))
        assert told_ == (code, ["input", name])


async def test_a_refund_that_failed_is_asked_for_again_by_who_may_everywhere(
    shop: Shop, client: Client, world: World, run_worker: RunWorker
) -> None:
    owner = await client.staff(world.email("owner"))
    manager = await hired(client, shop.platform, world, store_manager=Scope(store_id=world.store_keys["S1"]))
    wish = {"topUpId": await _paid_in(client), "amount": "200", "reason": "moved away", "idempotencyKey": "1"}
    refund = done(await owner.do("valueRefund", wish, REFUND), "refund")
    await refuse(shop.platform, world, refund["id"])
    again = {"refundId": refund["id"]}
    assert refusal(await manager.do("refundRetry", again, REFUND)) == ("NOT_FOUND", ["input", "refundId"])
    assert done(await owner.do("refundRetry", again, REFUND), "refund")["status"] == "REQUESTED"
    await run_worker()
    assert await shop.has(await shop.known(PHONE)) == (30_000, 0)
