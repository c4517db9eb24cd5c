"""Orders that are paid in parts, with stored value and with a provider."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest

from core import payments
from core.actors import Actor
from core.errors import Invalid
from core.payments import PaymentRefused
from core.payments.provider import Charge, Started
from hexmart.testing import Client, UsePlugins, World
from plugins.sandbox.provider import SandboxProvider
from plugins.value.tests.shop import MILK, PRICE, Shop
from tests.faults.bank import Bank, BankPlugin
from tests.faults.shop import order_id_of
from tests.faults.test_timers import sweep
from tests.schema.returning import Counter, back
from tests.schema.shop import PHONE, done, read, refusal

pytestmark = pytest.mark.anyio
RunWorker = Callable[[], Awaitable[None]]
Move = Callable[[timedelta], Awaitable[None]]
VALUE = 590


@pytest.fixture(autouse=True)
async def mixed(shop: Shop) -> None:
    await shop.rules(payments__mixed=True)


async def begun(shop: Shop, value: int = VALUE) -> tuple[Actor, UUID]:
    """A member who has paid a part of an order with all the stored value there is."""
    who = await shop.shopper(value=value)
    order = await shop.order(who)
    part = await shop.pay(who, order, amount=value)
    assert (part.payment.status, part.order.status, part.order.payment_status) == (
        "CAPTURED",
        "PENDING_PAYMENT",
        "PARTLY_PAID",
    )
    return who, order


async def test_an_order_is_paid_once_its_parts_cover_it(shop: Shop) -> None:
    who, order = await begun(shop)
    assert (await shop.read(order)).payment_status == "PARTLY_PAID"
    paid = await shop.pay(who, order, "sandbox")
    assert (paid.payment.minor, paid.order.status) == (PRICE - VALUE, "PAID")
    assert await shop.has(who) == (0, 0)


async def test_a_brand_that_takes_no_parts_says_so(shop: Shop) -> None:
    await shop.rules(payments__mixed=False)
    who = await shop.shopper(value=VALUE)
    order = await shop.order(who)
    refused = await shop.tried(who, order, amount=VALUE)
    assert isinstance(refused, Invalid)
    assert refused.path == ("input", "amount")
    assert await shop.has(who) == (VALUE, 0)


@pytest.mark.parametrize("amount", [0, -1, PRICE - VALUE + 1])
async def test_no_more_is_paid_than_is_left(shop: Shop, amount: int) -> None:
    who, order = await begun(shop)
    refused = await shop.tried(who, order, "sandbox", amount=amount)
    assert isinstance(refused, Invalid)
    assert refused.path == ("input", "amount")
    assert await shop.paid(order) == {"stored_value": (VALUE, 0)}


async def test_a_part_that_is_refused_gives_the_others_back(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, run_worker: RunWorker
) -> None:
    async def refuse(_self: SandboxProvider, _charge: Charge) -> Started:
        return Started(captured=False, refused_because="no money")

    who, order = await begun(shop)
    with monkeypatch.context() as patched:
        patched.setattr(SandboxProvider, "start", refuse)
        assert isinstance(await shop.tried(who, order, "sandbox"), PaymentRefused)
    assert (await shop.read(order)).payment_status == "PENDING"
    await run_worker()
    assert await shop.has(who) == (VALUE, 0)
    await shop.pay(who, order, amount=VALUE)
    assert (await shop.pay(who, order, "sandbox")).order.status == "PAID"


async def test_an_order_that_is_not_paid_in_time_gives_its_parts_back(
    shop: Shop, move_clock: Move, run_worker: RunWorker
) -> None:
    who, order = await begun(shop)
    await move_clock(timedelta(hours=1))
    await sweep(shop.platform, shop.world)
    await run_worker()
    await run_worker()
    assert (await shop.read(order)).status == "CANCELLED"
    assert await shop.has(who) == (VALUE, 0)


async def test_an_order_that_is_cancelled_gives_its_parts_back(shop: Shop, run_worker: RunWorker) -> None:
    who, order = await begun(shop)
    await shop.cancel(order)
    await run_worker()
    assert await shop.has(who) == (VALUE, 0)
    assert (await shop.read(order)).refunded == 0


async def test_who_pays_all_of_it_meanwhile_has_the_parts_back(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, run_worker: RunWorker
) -> None:
    """The whole was begun before the part was there."""
    start, who = SandboxProvider.start, await shop.shopper(value=VALUE)
    order = await shop.order(who)

    async def slow(self: SandboxProvider, charge: Charge) -> Started:
        await shop.pay(who, order, amount=VALUE)
        return await start(self, charge)

    monkeypatch.setattr(SandboxProvider, "start", slow)
    assert (await shop.pay(who, order, "sandbox")).order.status == "PAID"
    await run_worker()
    assert await shop.has(who) == (VALUE, 0)
    assert await shop.paid(order) == {"stored_value": (VALUE, VALUE), "sandbox": (PRICE, 0)}


async def test_of_two_who_pay_the_rest_at_once_one_does(shop: Shop, run_worker: RunWorker) -> None:
    who, order = await begun(shop)
    told = await asyncio.gather(*[shop.tried(who, order, "sandbox", key=key) for key in "ab"])
    assert sorted(type(one).__name__ for one in told) == ["OrderState", "Paid"]
    await run_worker()
    assert (await shop.read(order)).status == "PAID"


@pytest.mark.parametrize(
    ("rule", "first", "second"),
    [
        ("provider_first", {"stored_value": 0, "sandbox": 700}, {"stored_value": 200, "sandbox": 1000}),
        ("books_first", {"stored_value": 590, "sandbox": 110}, {"stored_value": 590, "sandbox": 610}),
        ("by_share", {"stored_value": 440, "sandbox": 260}, {"stored_value": 754, "sandbox": 446}),
    ],
)
async def test_refunds_go_back_by_the_brands_rule_and_add_up(
    shop: Shop, run_worker: RunWorker, rule: str, first: dict[str, int], second: dict[str, int]
) -> None:
    await shop.rules(payments__refunds=rule)
    value = 1_000 if rule == "by_share" else VALUE
    who, order = await begun(shop, value)
    await shop.pay(who, order, "sandbox")
    for amount, wanted in ((700, first), (500, second)):
        await shop.refund(order, amount)
        assert {name: back for name, (_, back) in (await shop.paid(order)).items()} == wanted
    await shop.refund(order)
    await run_worker()
    assert await shop.has(who) == (value, 0)
    found = await shop.read(order)
    assert (found.status, found.refunded) == ("REFUNDED", PRICE)


async def test_a_part_names_what_is_wrong_with_its_amount(shop: Shop, client: Client, world: World) -> None:
    order = await shop.order(await shop.shopper())
    clerk = await client.staff(world.email("clerk"))
    for amount in ("0.001", "-1", "20"):
        wish = {"orderId": order_id_of(order), "provider": "sandbox", "idempotencyKey": amount, "amount": amount}
        assert refusal(await clerk.do("paymentStart", wish, "payment { id }")) == ("INVALID", ["input", "amount"])


async def test_goods_that_come_back_are_paid_back_in_parts(
    shop: Shop, client: Client, world: World, run_worker: RunWorker
) -> None:
    await shop.rules(payments__refunds="by_share")
    counter = Counter(shop.platform, world, client, client, client)
    await counter.sign_in()
    buyer, who = await client.member(PHONE), await shop.known(PHONE, value=1_590)
    order = await shop.order(who, {MILK: 2})
    await shop.pay(who, order, amount=1_590)
    await shop.pay(who, order, "sandbox")
    found = await read(buyer, {"id": order_id_of(order)})
    assert found is not None
    code = {"code": found["pickupCode"], "storeId": world.stores["S1"]}
    done(await counter.staff.do("orderVerify", code, "order { id }"), "order")
    approved = await counter.approved(found, {MILK: 1}, by=buyer)
    received = await counter.received(approved)
    assert back(received) == ("15.90", "0.00")
    await run_worker()
    assert await shop.paid(order) == {"stored_value": (1_590, 795), "sandbox": (1_590, 795)}
    assert await shop.has(who) == (795, 0)


@pytest.fixture
async def bank(shop: Shop, use_plugins: UsePlugins) -> Bank:
    plugin = BankPlugin()
    await use_plugins(bank=plugin)
    assert "value" in shop.world.tenant.plugins
    return plugin.bank


async def _rest_at_the_bank(shop: Shop, bank: Bank) -> tuple[Actor, UUID, Charge]:
    """A part is there, the rest was begun, and time has run out before anybody heard."""
    who, order = await begun(shop)
    waits = await shop.pay(who, order, bank.name)
    assert (waits.payment.status, waits.payment.minor) == ("PENDING", PRICE - VALUE)
    return who, order, bank.charges[-1]


async def test_a_rest_that_comes_when_the_part_has_gone_back_goes_back_too(
    shop: Shop, bank: Bank, run_worker: RunWorker, move_clock: Move
) -> None:
    who, order, charge = await _rest_at_the_bank(shop, bank)
    bank.paid.add(charge.payment_id)  # or else it would be closed there
    await move_clock(timedelta(hours=1))
    await sweep(shop.platform, shop.world)
    for _ in range(3):
        await run_worker()
    assert await shop.has(who) == (VALUE, 0)
    assert await shop.paid(order) == {"stored_value": (VALUE, VALUE), "bank": (PRICE - VALUE, PRICE - VALUE)}
    assert (await shop.read(order)).status == "CANCELLED"


async def test_a_rest_that_is_quicker_than_the_way_back_of_the_part_pays_after_all(
    shop: Shop, bank: Bank, run_worker: RunWorker, move_clock: Move
) -> None:
    who, order, charge = await _rest_at_the_bank(shop, bank)
    await move_clock(timedelta(hours=1))
    await sweep(shop.platform, shop.world)
    async with shop.work() as work:
        [payment] = await payments.by_ids(work, [charge.payment_id])
        assert payment is not None
        await payments.credit(work, payment, Started(captured=True, reference="t", amount=charge.amount))
    for _ in range(2):
        await run_worker()
    assert (await shop.read(order)).status == "PAID"
    assert await shop.has(who) == (0, 0)
    assert await shop.paid(order) == {"stored_value": (VALUE, 0), "bank": (PRICE - VALUE, 0)}


async def test_parts_that_come_at_the_same_moment_are_no_more_than_the_order_costs(
    shop: Shop, run_worker: RunWorker
) -> None:
    who = await shop.shopper(value=10 * PRICE)
    order = await shop.order(who)
    told = await asyncio.gather(*[shop.tried(who, order, amount=600, key=str(number)) for number in range(8)])
    assert sorted(type(one).__name__ for one in told) == ["Invalid"] * 6 + ["Paid"] * 2
    await run_worker()
    assert await shop.has(who) == (10 * PRICE - 1_200, 0)
    assert (await shop.pay(who, order)).order.status == "PAID"
