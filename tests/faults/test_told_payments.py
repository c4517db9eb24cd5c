"""Providers tell of money: what fits is credited once, however it comes; what does not fit is credited never."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from core import payments
from core.actors import system
from core.ids import new_id
from core.money import Money
from core.payments import capturing, hearing, machine
from core.payments.events import NoticeArrived
from core.payments.provider import Charge, Refunded
from core.payments.rows import NoticeRow
from hexmart.testing import Client, UsePlugins, World
from tenants import Platform
from tests.faults.audit import audit
from tests.faults.bank import NAME, Bank, BankPlugin, tell, told, told_of, verdicts
from tests.faults.shop import fill_carts, order_id_of, place_all

pytestmark = pytest.mark.anyio

MoveClock = Callable[[timedelta], Awaitable[None]]
RunWorker = Callable[[], Awaitable[None]]
ORDER = "order { status payments { status } refunds { reason status } timeline { name } }"
READ = f"query($id: ID!) {{ {ORDER.replace('order {', 'order(id: $id) {', 1)} }}"
REFUSED = "SELECT payload->>'cause' AS cause FROM outbox WHERE tenant_id = $1 AND name = 'payments.NoticeRefused'"


@pytest.fixture
async def bank(use_plugins: UsePlugins) -> Bank:
    plugin = BankPlugin()
    await use_plugins(bank=plugin)
    return plugin.bank


class Shop:
    """An order whose payment was begun at the bank, and what has become of it."""

    def __init__(self, platform: Platform, client: Client, world: World, bank: Bank) -> None:
        self.platform, self.client, self.world, self.bank = platform, client, world, bank

    async def begin(self, key: str = "p") -> tuple[str, Charge]:
        [order] = await place_all(self.platform, self.world, await fill_carts(self.platform, self.world, 1))
        wish = {"orderId": order_id_of(order), "provider": NAME, "idempotencyKey": key}
        begun = await self.client.do("paymentStart", wish, "clientParameters")
        charge = self.bank.charges[-1]
        assert begun["clientParameters"] == {"prepay_id": charge.payment_id.hex}
        return order_id_of(order), charge

    async def read(self, order: str) -> dict[str, Any]:
        found: dict[str, Any] = (await self.client.run(READ, id=order))["order"]
        return found

    async def stands(self, order: str) -> tuple[str, list[str], list[str]]:
        """The status of an order, of its payments and of its refunds."""
        found = await self.read(order)
        of = {name: [one["status"] for one in found[name]] for name in ("payments", "refunds")}
        return found["status"], of["payments"], of["refunds"]

    async def cancel(self, order: str) -> None:
        await self.client.do("orderCancel", {"orderId": order, "reason": "no", "idempotencyKey": "c"}, "order { id }")


@pytest.fixture
def shop(platform: Platform, client: Client, world: World, bank: Bank) -> Shop:
    return Shop(platform, client, world, bank)


async def test_what_was_told_fifty_times_at_once_pays_once(
    shop: Shop, platform: Platform, world: World, run_worker: RunWorker
) -> None:
    order, charge = await shop.begin()
    works = platform.works(world.tenant, system("test"))
    fresh = await asyncio.gather(*[payments.hear(works, told(charge)) for _ in range(50)])
    assert sum(fresh) == 1
    await run_worker()
    assert await shop.stands(order) == ("PAID", ["CAPTURED"], [])
    assert await verdicts(platform, world) == ["CREDITED"]
    assert not await audit(platform, world.tenant)


async def test_the_same_money_told_by_two_names_pays_once(
    shop: Shop, platform: Platform, world: World, run_worker: RunWorker
) -> None:
    order, charge = await shop.begin()
    await tell(platform, world, told(charge, "a"), told(charge, "b"))
    await run_worker()
    assert await shop.stands(order) == ("PAID", ["CAPTURED"], [])
    assert sorted(map(str, await verdicts(platform, world))) == ["CREDITED", "KNOWN"]


async def test_without_its_guards_money_that_was_kept_would_go_back(
    shop: Shop, platform: Platform, world: World, run_worker: RunWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    guard = f"AND status IN {machine.CAPTURED.among}"
    monkeypatch.setattr(capturing, "CAPTURED", capturing.CAPTURED.replace(guard, ""))
    monkeypatch.setattr(hearing, "_capture", _capture_whatever_is_known)
    order, charge = await shop.begin()
    await tell(platform, world, told(charge, "a"), told(charge, "b"))
    await run_worker()
    assert len((await shop.stands(order))[2]) == 1


async def _capture_whatever_is_known(work: Any, notice: NoticeRow, payment: payments.PaymentRow) -> hearing.Verdict:
    said = payments.Started(captured=True, reference=notice.reference, amount=notice.money, account=notice.account)
    await capturing.credit(work, payment, said)
    return hearing.Verdict.CREDITED


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "a cent more": ({"amount": Money(1591, "CNY")}, "OTHER_MONEY"),
    "a cent less": ({"amount": Money(1589, "CNY")}, "OTHER_MONEY"),
    "another currency": ({"amount": Money(1590, "USD")}, "OTHER_MONEY"),
    "another merchant": ({"account": "1900000002/wx1"}, "OTHER_ACCOUNT"),
    "another app": ({"account": "1900000001/wx2"}, "OTHER_ACCOUNT"),
    "no merchant": ({"account": None}, "OTHER_ACCOUNT"),
    "another provider": ({"provider": "sandbox"}, "OTHER_ACCOUNT"),
    "no payment of ours": ({"subject_id": new_id()}, "UNKNOWN"),
    "no number of ours": ({"subject_id": None}, "UNKNOWN"),
}


@pytest.mark.parametrize(("other", "verdict"), WRONG.values(), ids=WRONG)
async def test_what_does_not_fit_credits_nothing_and_is_told(
    shop: Shop, platform: Platform, world: World, run_worker: RunWorker, other: dict[str, Any], verdict: str
) -> None:
    order, charge = await shop.begin()
    await tell(platform, world, told(charge, **other))
    await run_worker()
    status, captured, refunds = await shop.stands(order)
    assert (status, refunds) == ("PENDING_PAYMENT", [])
    assert captured in (["PENDING"], ["FAILED"])
    assert await verdicts(platform, world) == [verdict]
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        assert [row["cause"] for row in await work.fetch(REFUSED)] == [verdict]
    assert not await audit(platform, world.tenant)


async def test_a_payment_of_another_brand_is_not_paid(shop: Shop, platform: Platform, other_world: World) -> None:
    order, charge = await shop.begin()
    await tell(platform, other_world, told(charge))
    async with platform.open_work(other_world.tenant, system("test")) as work:
        [row] = await work.fetch("SELECT id FROM payment_notice WHERE tenant_id = $1")
        await hearing.judge(work, NoticeArrived(notice_id=row["id"]))
    assert await verdicts(platform, other_world) == ["UNKNOWN"]
    assert (await shop.stands(order))[0] == "PENDING_PAYMENT"


async def test_one_transaction_pays_one_order(
    shop: Shop, platform: Platform, world: World, run_worker: RunWorker
) -> None:
    (_, first), (second_order, second) = await shop.begin("a"), await shop.begin("b")
    await tell(platform, world, told(first, "a"))
    await run_worker()
    await tell(platform, world, told(second, "b", reference=f"t-{first.payment_id}"))
    await run_worker()
    assert await verdicts(platform, world) == ["CREDITED", "OTHER_REFERENCE"]
    assert await shop.stands(second_order) == ("PENDING_PAYMENT", ["PENDING"], [])


async def test_another_transaction_of_a_payment_that_is_captured_is_looked_into(
    shop: Shop, platform: Platform, world: World, run_worker: RunWorker
) -> None:
    order, charge = await shop.begin()
    await tell(platform, world, told(charge, "a"))
    await run_worker()
    await tell(platform, world, told(charge, "b", reference="t-2"), told(charge, "c", amount=Money(1, "CNY")))
    await run_worker()
    assert await verdicts(platform, world) == ["CREDITED", "OTHER_REFERENCE", "OTHER_MONEY"]
    assert await shop.stands(order) == ("PAID", ["CAPTURED"], [])


async def test_one_that_nobody_told_of_is_asked_about_and_not_begun_again(
    shop: Shop, platform: Platform, world: World, bank: Bank, run_worker: RunWorker, move_clock: MoveClock
) -> None:
    order, charge = await shop.begin()
    bank.paid.add(charge.payment_id)
    await move_clock(timedelta(minutes=1))
    await run_worker()
    assert await shop.stands(order) == ("PAID", ["CAPTURED"], [])
    assert (bank.asked["start"], bank.asked["query"]) == (1, 1)
    await tell(platform, world, told(charge))
    await run_worker()
    assert await verdicts(platform, world) == ["KNOWN"]
    assert not await audit(platform, world.tenant)


@pytest.mark.parametrize("ends", ["cancelled", "out of time"])
async def test_for_an_order_that_is_over_no_more_money_is_taken(
    shop: Shop, platform: Platform, world: World, bank: Bank, run_worker: RunWorker, move_clock: MoveClock, ends: str
) -> None:
    order, charge = await shop.begin()
    if ends == "cancelled":
        await shop.cancel(order)
    else:
        await move_clock(timedelta(minutes=16))
    await run_worker()
    await run_worker()
    assert await shop.stands(order) == ("CANCELLED", ["CANCELLED"], [])
    assert bank.asked["close"] == 1
    wish = {"orderId": order, "provider": NAME, "idempotencyKey": "p"}
    again = await shop.client.do("paymentStart", wish, "order { status }")
    assert [error["code"] for error in again["userErrors"]] == ["ORDER_STATE"]
    assert not await audit(platform, world.tenant)
    await tell(platform, world, told(charge))  # whatever it has answered: its money has come, and goes back
    await run_worker()
    await run_worker()
    assert await shop.stands(order) in (
        ("CANCELLED", ["CAPTURED"], ["SUCCEEDED"]),
        ("PAID", ["CAPTURED"], []),  # what it had is there still
    )
    assert not await audit(platform, world.tenant)


async def test_money_that_is_quicker_than_the_closing_goes_back(
    shop: Shop, platform: Platform, world: World, bank: Bank, run_worker: RunWorker
) -> None:
    order, charge = await shop.begin()
    bank.paid.add(charge.payment_id)
    await shop.cancel(order)
    await run_worker()
    await run_worker()
    assert await shop.stands(order) == ("CANCELLED", ["CAPTURED"], ["SUCCEEDED"])
    assert not await audit(platform, world.tenant)


async def _on_its_way_back(shop: Shop, platform: Platform, world: World, run_worker: RunWorker) -> str:
    """A paid and cancelled order whose refund the bank is at."""
    shop.bank.refunded = Refunded(succeeded=False, reference="r", pending=True)
    order, charge = await shop.begin()
    await tell(platform, world, told(charge))
    await run_worker()
    await shop.cancel(order)
    await run_worker()
    assert (await shop.stands(order))[2] == ["PROCESSING"]
    return order


async def test_a_refund_that_takes_its_time_is_asked_about_until_it_is_there(
    shop: Shop, platform: Platform, world: World, bank: Bank, run_worker: RunWorker, move_clock: MoveClock
) -> None:
    order = await _on_its_way_back(shop, platform, world, run_worker)
    for _ in range(2):
        await move_clock(timedelta(minutes=2))
        await run_worker()
    assert (await shop.stands(order))[2] == ["PROCESSING"]
    bank.refunded = Refunded(succeeded=True)
    await move_clock(timedelta(days=1))
    await run_worker()
    assert (await shop.stands(order))[2] == ["SUCCEEDED"]
    assert bank.asked["refund"] == 1
    assert bank.asked["query_refund"] >= 2
    assert not await audit(platform, world.tenant)


async def test_a_refund_is_settled_by_what_is_told_and_what_failed_may_succeed_later_but_not_the_other_way_round(
    shop: Shop, platform: Platform, world: World, bank: Bank, run_worker: RunWorker
) -> None:
    order = await _on_its_way_back(shop, platform, world, run_worker)
    [refund] = bank.refunds
    seen = []
    facts: list[tuple[bool, dict[str, Any]]] = [
        (True, {"amount": Money(1, "CNY")}),
        (False, {}),
        (True, {}),
        (False, {}),
    ]
    for number, (succeeded, other) in enumerate([*facts, (True, {"subject_id": new_id()})]):
        await tell(platform, world, told_of(refund, f"r-{number}", succeeded=succeeded, **other))
        await run_worker()
        seen.append((await shop.stands(order))[2][0])
    assert seen == ["PROCESSING", "FAILED", "SUCCEEDED", "SUCCEEDED", "SUCCEEDED"]
    assert await verdicts(platform, world) == ["CREDITED", "OTHER_MONEY", "CREDITED", "CREDITED", "KNOWN", "UNKNOWN"]
    assert not await audit(platform, world.tenant)


async def test_staff_at_the_store_may_begin_a_payment_and_others_may_not(shop: Shop, world: World) -> None:
    [order] = await place_all(shop.platform, world, await fill_carts(shop.platform, world, 1))
    wish = {"orderId": order_id_of(order), "provider": NAME, "idempotencyKey": "p", "details": {"authCode": "1"}}
    courier = await shop.client.staff(world.email("courier"))
    refused = await courier.do("paymentStart", wish, "order { id }")
    assert [error["code"] for error in refused["userErrors"]] == ["NOT_FOUND"]
    assert not shop.bank.charges
    clerk = await shop.client.staff(world.email("clerk"))
    assert not (await clerk.do("paymentStart", wish, "order { id }"))["userErrors"]
    assert shop.bank.charges[0].details == {"authCode": "1"}


@pytest.mark.parametrize("details", [[], {"a": 1}, {"a": "x" * 501}, {str(n): "x" for n in range(11)}])
async def test_details_are_an_object_of_words(shop: Shop, details: object) -> None:
    [order] = await place_all(shop.platform, shop.world, await fill_carts(shop.platform, shop.world, 1))
    wish = {"orderId": order_id_of(order), "provider": NAME, "idempotencyKey": "p", "details": details}
    refused = await shop.client.do("paymentStart", wish, "order { id }")
    assert [(error["code"], error["path"]) for error in refused["userErrors"]] == [("INVALID", ["input", "details"])]
    assert not shop.bank.charges
