"""Paying with stored value: never more than there is, given back to the cent."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

import pytest

from core import payments
from core.actors import ANONYMOUS
from core.ledger import holding
from core.payments import InsufficientValue
from hexmart.testing import Client, World
from plugins.value import spending
from plugins.value.errors import ValueOfOthers
from plugins.value.tests.shop import MILK, PRICE, Shop
from tests.faults.shop import order_id_of, stock_up
from tests.schema.shop import PHONE, refusal

pytestmark = pytest.mark.anyio
RunWorker = Callable[[], Awaitable[None]]


async def test_what_is_spent_is_captured_at_once_bonus_last(shop: Shop) -> None:
    who = await shop.shopper(value=1_000, bonus=1_000)
    order = await shop.order(who)
    paid = await shop.pay(who, order, key="k")
    again = await shop.pay(who, order, key="k")
    assert paid.payment == again.payment
    assert (paid.payment.status, paid.order.status) == ("CAPTURED", "PAID")
    assert await shop.has(who) == (0, 2_000 - PRICE)


async def test_what_is_not_there_is_not_spent_and_nothing_is_written(shop: Shop) -> None:
    who = await shop.shopper(value=PRICE - 2, bonus=1)
    order = await shop.order(who)
    refused = await shop.tried(who, order)
    assert isinstance(refused, InsufficientValue)
    assert (refused.path, refused.message) == (
        ("input", "amount"),
        "There is not enough stored value: 15.89 of 15.90 CNY.",
    )
    assert await shop.has(who) == (PRICE - 2, 1)
    assert await shop.paid(order) == {}
    assert (await shop.read(order)).status == "PENDING_PAYMENT"


async def test_nobody_spends_what_is_another_members(shop: Shop, client: Client, world: World) -> None:
    who = await shop.shopper(value=PRICE)
    order = await shop.order(who)
    clerk = await client.staff(world.email("clerk"))
    wish = {"orderId": order_id_of(order), "provider": "stored_value", "idempotencyKey": "1"}
    assert refusal(await clerk.do("paymentStart", wish, "payment { id }")) == (
        "VALUE_OF_OTHERS",
        ["input", "provider"],
    )
    guests = await shop.order(ANONYMOUS)
    assert isinstance(await shop.tried(ANONYMOUS, guests), ValueOfOthers)
    assert await shop.has(who) == (PRICE, 0)


async def _rush(shop: Shop) -> Counter[str]:
    """Fifty orders of a member's are paid at the same moment, who has enough for one of them."""
    await stock_up(shop.platform, shop.world, 60)
    who = await shop.shopper(value=2 * PRICE)
    await shop.pay(who, await shop.order(who))  # opens the brand's own accounts
    wanted = [await shop.order(who) for _ in range(50)]
    told = Counter(type(one).__name__ for one in await asyncio.gather(*[shop.tried(who, one) for one in wanted]))
    assert await shop.has(who) == (0, 0)
    return told


async def test_of_fifty_payments_of_all_there_is_one_succeeds(shop: Shop) -> None:
    assert await _rush(shop) == {"Paid": 1, "InsufficientValue": 49}


async def test_without_the_lock_the_guard_of_the_ledger_answers_with_errors(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    slowly = holding.LOCK.replace("FOR UPDATE", "").replace("WHERE", "WHERE pg_sleep(0.02)::text = '' AND")
    monkeypatch.setattr(holding, "LOCK", slowly)
    told = await _rush(shop)
    assert told["Paid"] == 1
    assert told["RuntimeError"]


async def test_what_is_paid_back_in_parts_comes_back_to_the_cent_bonus_first(shop: Shop, run_worker: RunWorker) -> None:
    who = await shop.shopper(value=1_000, bonus=590)
    order = await shop.order(who)
    await shop.pay(who, order)
    for part, has in ((500, (0, 500)), (100, (10, 590)), (None, (1_000, 590))):
        await shop.refund(order, part)
        await run_worker()
        assert await shop.has(who) == has
    assert (await shop.read(order)).status == "REFUNDED"


async def test_what_is_paid_back_comes_back_once_however_often_it_is_asked_for(shop: Shop) -> None:
    who = await shop.shopper(value=1_000, bonus=590)
    order = await shop.order(who)
    await shop.pay(who, order)
    await shop.refund(order, 700)
    async with shop.work() as work:
        [[payment]], [[refund]] = await payments.payments_of(work, [order]), await payments.refunds_of(work, [order])
    assert who.id is not None
    for _ in range(2):  # as where the worker dies between what it has posted and what it notes
        async with shop.work() as work:
            await spending.give_back(work, who.id, payment.id, refund.id, refund.minor)
    assert await shop.has(who) == (110, 590)


async def test_a_cancelled_order_gives_it_back(shop: Shop, run_worker: RunWorker) -> None:
    who = await shop.shopper(value=PRICE + 5)
    order = await shop.order(who, {MILK: 1})
    await shop.pay(who, order)
    await shop.cancel(order)
    await run_worker()
    assert await shop.has(who) == (PRICE + 5, 0)


VALUE = "{ viewer { ... on Member { value { available { amount } bonus { amount } } } } }"
STATEMENT = """query($after: String) { viewer { ... on Member { valueStatement(first: 2, after: $after) {
  totalCount pageInfo { endCursor hasNextPage } nodes { kind amount { amount } bonus } } } } }"""


async def test_a_member_sees_what_there_is_and_how_it_came_and_went(
    shop: Shop, client: Client, run_worker: RunWorker
) -> None:
    member = await client.member(PHONE)
    assert (await member.run(VALUE))["viewer"]["value"] == {
        "available": {"amount": "0.00"},
        "bonus": {"amount": "0.00"},
    }
    who = await shop.known(PHONE, value=1_000, bonus=590)
    order = await shop.order(who)
    await shop.pay(who, order)
    await shop.refund(order, 700)
    await run_worker()
    assert (await member.run(VALUE))["viewer"]["value"] == {
        "available": {"amount": "1.10"},
        "bonus": {"amount": "5.90"},
    }
    lines, after = [], None
    for _ in range(3):
        page = (await member.run(STATEMENT, after=after))["viewer"]["valueStatement"]
        after = page["pageInfo"]["endCursor"]
        lines += [(one["kind"], one["amount"]["amount"], one["bonus"]) for one in page["nodes"]]
    assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (6, False)
    assert sorted(lines[4:]) == [("test.given", "10.00", False), ("test.given", "5.90", True)]  # of one moment
    assert lines[:4] == [
        ("value.returned", "1.10", False),
        ("value.bonus_returned", "5.90", True),
        ("value.bonus_spent", "-5.90", True),
        ("value.spent", "-10.00", False),
    ]


async def test_nobody_sees_what_another_has(shop: Shop, client: Client, world: World) -> None:
    who = await shop.known(PHONE, value=1_000)
    manager = await client.staff(world.email("manager"))
    await shop.pay(who, await shop.order(who, {"MILK-1L": 1}), provider="sandbox")
    found = (await manager.run("{ members(first: 5) { nodes { value { available { amount } } } } }"))["members"]
    assert found["nodes"] == [{"value": None}]
