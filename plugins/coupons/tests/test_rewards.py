"""Coupons that come by themselves come once."""

from collections.abc import Awaitable, Callable
from decimal import Decimal
from uuid import UUID

import pytest

from core import clock, fulfilment, tills, verification
from core.actors import system
from core.members import MemberJoined
from core.orders import OrderPaid, OrderStatusChanged
from core.rules import RuleBook
from core.tills import Told, ToldLine
from hexmart.testing import Client
from plugins.coupons import rewards
from plugins.coupons.rules import CouponRules
from plugins.coupons.tests.shop import FIVE_OFF, Shop, ahead

pytestmark = pytest.mark.anyio
RunWorker = Callable[[], Awaitable[None]]
HAS = "SELECT count(*) FROM coupons_coupon WHERE tenant_id = $1 AND campaign_id = $2"
PHONE = "+8613800000001"
SOLD_AT = clock.now()


async def sell(shop: Shop, reference: str, *, phone: str | None = PHONE) -> UUID:
    """What a till tells of."""
    told = Told(reference, SOLD_AT, [ToldLine("6900000000010", 2, Decimal("15.90"))], Decimal("31.80"), phone)
    async with shop.work() as work:
        recorded = await tills.record_sale(work, shop.world.store_keys["S1"], told)
    assert recorded.order_id is not None
    return recorded.order_id


async def test_a_tills_sale_earns_its_buyer_one_coupon(shop: Shop, run_worker: RunWorker) -> None:
    campaign_id = await shop.campaign(audience="AFTER_SALE", per_member=9)
    await sell(shop, "1")
    await sell(shop, "1")  # a till tells perhaps twice
    await run_worker()
    assert await shop.value(HAS, campaign_id) == 1
    await sell(shop, "2")
    await run_worker()
    assert await shop.value(HAS, campaign_id) == 2


async def test_the_event_may_come_twice_and_at_once(shop: Shop) -> None:
    campaign_id = await shop.campaign(audience="AFTER_SALE", per_member=9)
    event = OrderPaid(order_id=await sell(shop, "1"), store_id=shop.world.store_keys["S1"])

    async def hear() -> None:
        async with shop.work() as work:
            await rewards.thank(work, event)

    await shop.at_once(*(hear() for _ in range(8)))  # who is beaten to it is told again
    await hear()
    assert await shop.value(HAS, campaign_id) == (await shop.campaign_row(campaign_id)).issued == 1


async def test_what_a_sale_has_earned_goes_when_the_whole_sale_goes_back(shop: Shop, run_worker: RunWorker) -> None:
    """Else somebody buys, is thanked and gives back again and again."""
    campaign_id = await shop.campaign(audience="AFTER_SALE", per_member=9)
    kept, back = [await sell(shop, reference) for reference in ("1", "2")]
    await run_worker()
    await shop.refund(kept, amount=100)
    await shop.refund(back)
    unheard = await sell(shop, "3")
    await shop.refund(unheard)
    async with shop.work() as work:  # that it was sold is told only now
        await rewards.thank(work, OrderPaid(order_id=unheard, store_id=shop.world.store_keys["S1"]))
    states = "SELECT state FROM coupons_coupon WHERE tenant_id = $1 AND campaign_id = $2 AND occasion_id = $3"
    found = [await shop.value(states, campaign_id, sale) for sale in (kept, back, unheard)]
    assert found == ["UNUSED", "REVOKED", None]


async def test_who_is_no_member_or_bought_in_a_cart_earns_nothing(shop: Shop, run_worker: RunWorker) -> None:
    campaign_id = await shop.campaign(audience="AFTER_SALE", per_member=9)
    await sell(shop, "1", phone=None)
    holder = await shop.member()
    await shop.pay(holder, await shop.order(holder))
    await run_worker()
    assert await shop.value(HAS, campaign_id) == 0


async def test_a_sale_below_the_rule_earns_nothing(
    shop: Shop, run_worker: RunWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign_id = await shop.campaign(audience="AFTER_SALE", per_member=9)
    monkeypatch.setattr(shop.platform, "rules", RuleBook({CouponRules: CouponRules(repurchase_from=3_181)}))
    await sell(shop, "1")
    await run_worker()
    assert await shop.value(HAS, campaign_id) == 0


async def collect(shop: Shop, holder: UUID) -> UUID:
    """An order that its member has bought and collected."""
    order_id = await shop.order(holder)
    await shop.pay(holder, order_id)
    async with shop.work() as work:
        [code] = await verification.codes_of(work, fulfilment.CODES, [order_id])
        assert code is not None
        await verification.verify(work, code, shop.world.store_keys["S1"])
    return order_id


async def test_who_collects_an_order_earns_one_coupon(shop: Shop, run_worker: RunWorker) -> None:
    campaign_id = await shop.campaign(audience="AFTER_PICKUP", per_member=9)
    holder = await shop.member()
    await shop.pay(holder, await shop.order(holder))
    await run_worker()
    assert await shop.value(HAS, campaign_id) == 0  # paid, and on the shelf still
    order_id = await collect(shop, holder)
    await run_worker()
    assert await shop.value(HAS, campaign_id) == 1
    async with shop.work() as work:  # told again
        event = OrderStatusChanged(order_id=order_id, store_id=shop.world.store_keys["S1"], status="COMPLETED")
        await rewards.thank_for_collecting(work, event)
    assert await shop.value(HAS, campaign_id) == 1
    await shop.refund(order_id)
    assert await shop.value("SELECT state FROM coupons_coupon WHERE tenant_id = $1") == "REVOKED"


async def test_an_order_below_the_rule_or_sold_at_a_till_earns_no_bonus(
    shop: Shop, run_worker: RunWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign_id = await shop.campaign(audience="AFTER_PICKUP", per_member=9)
    await sell(shop, "1")
    monkeypatch.setattr(shop.platform, "rules", RuleBook({CouponRules: CouponRules(pickup_from=1_591)}))
    await collect(shop, await shop.member())
    await run_worker()
    assert await shop.value(HAS, campaign_id) == 0


async def test_whoever_joins_is_welcomed_once(shop: Shop, client: Client, run_worker: RunWorker) -> None:
    campaign_id = await shop.campaign(audience="NEW_MEMBERS")
    for _ in range(2):
        shopper = await client.member("13800000009")
        await run_worker()
    mine = await shopper.run("{ couponsMine { totalCount nodes { state code terms { amount { amount } } } } }")
    assert mine["couponsMine"]["totalCount"] == 1
    assert mine["couponsMine"]["nodes"][0]["state"] == "UNUSED"
    assert Decimal(mine["couponsMine"]["nodes"][0]["terms"]["amount"]["amount"]) == 5
    assert await shop.value(HAS, campaign_id) == 1


async def test_a_welcome_that_is_told_twice_is_given_once(shop: Shop) -> None:
    campaign_id = await shop.campaign(audience="NEW_MEMBERS", per_member=9)
    event = MemberJoined(member_id=await shop.member())
    for _ in range(3):
        async with shop.work(system("worker")) as work:
            await rewards.welcome(work, event)
    assert await shop.value(HAS, campaign_id) == 1


async def test_nobody_waits_for_a_welcome_that_is_sold_out_or_not_given_now(shop: Shop, run_worker: RunWorker) -> None:
    first = await shop.campaign(audience="NEW_MEMBERS", total=1)
    later = await shop.campaign(FIVE_OFF, audience="NEW_MEMBERS", claim_from=ahead(hours=1))
    await shop.members(3)
    await run_worker()
    assert (await shop.value(HAS, first), await shop.value(HAS, later)) == (1, 0)
    waiting = "SELECT count(*) FROM delivery WHERE tenant_id = $1 AND done_at IS NULL"
    assert await shop.value(waiting) == 0
