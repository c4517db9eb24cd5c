"""What must hold of coupons is proven, and what is wrong is found."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

import asyncpg
import pytest

from core.actors import member
from core.ids import new_id
from hexmart.databases import Databases
from plugins.coupons import claiming, codes, giving, printing, queries
from plugins.coupons.invariants import INVARIANTS
from plugins.coupons.tests.shop import FIVE_OFF, Shop
from tests.core.books.faults import Fault, at
from tests.core.books.planting import Bench
from tests.databases import plain

pytestmark = pytest.mark.anyio
DERIVED = {
    "more were given out than there are": Fault(
        at("coupons_campaign", "issued = issued + 1"), {"coupons.issued"}, ("coupons_campaign",)
    ),
    "fewer were printed than there are": Fault(
        at("coupons_campaign", "printed = printed - 1", "printed > 0"), {"coupons.issued"}
    ),
    "a member has had fewer": Fault(at("coupons_holding", "claimed = claimed - 1"), {"coupons.held"}),
}
FACTS = {
    "there are more than there may be": Fault(
        at("coupons_campaign", "total = 0"), {"coupons.issued"}, ("coupons_campaign",)
    ),
    "a code is good again": Fault(at("coupons_code", "claimed_at = NULL"), {"coupons.codes"}),
    "a gift was never taken": Fault(at("coupons_coupon", "gift_taken_at = NULL"), {"coupons.gifts"}),
    "a coupon is used by an order that is unpaid": Fault(
        at("coupons_coupon", "state = 'USED'", "state = 'TAKEN'"), {"coupons.taken"}
    ),
    "a coupon is not used by an order that is paid": Fault(
        at("coupons_coupon", "state = 'TAKEN'", "state = 'USED'"), {"coupons.taken"}
    ),
    "a coupon takes off more than the price says": Fault(
        at("coupons_coupon", "discount = discount + 1", "order_id IS NOT NULL"), {"coupons.taken_off"}
    ),
}


@pytest.fixture
async def bench(shop: Shop, databases: Databases, run_worker: Callable[[], Awaitable[None]]) -> AsyncIterator[Bench]:
    """A brand with a coupon that is taken, one used, one given away, and printed codes of which one was claimed."""
    await shop.order((waiting := await shop.coupon_of()).member_id, waiting.code)
    used = await shop.coupon_of()
    await shop.pay(used.member_id, await shop.order(used.member_id, used.code))
    await give(shop)
    await claim_printed(shop)
    for _ in range(2):  # that a coupon was used is told as well
        await run_worker()
    connection = await asyncpg.connect(plain(databases.owner))
    await connection.execute("BEGIN")
    yield Bench(shop.platform, shop.world.tenant, connection)
    await connection.close()


async def give(shop: Shop) -> None:
    held, taker = await shop.coupon_of(replace(FIVE_OFF, givable=True)), await shop.member()
    async with shop.work(member(held.member_id)) as work:
        await giving.give(work, held.member_id, held.id, key="give")
        given = (await queries.by_ids(work, [held.id]))[0]
        assert given is not None
        assert given.sealed_gift is not None
        code = codes.opened(work, given.sealed_gift, "gift", held.id)
    async with shop.work(member(taker)) as work:
        await giving.take(work, taker, code, key="take")


async def claim_printed(shop: Shop) -> None:
    campaign_id, claimer = await shop.campaign(audience="CODE"), await shop.member()
    async with shop.work() as work:
        batch = await printing.print_codes(work, campaign_id, 3, key="print")
    assert batch.codes is not None
    async with shop.work(member(claimer)) as work:
        await claiming.claim_code(work, claimer, batch.codes[0], key=str(new_id()))


@pytest.mark.parametrize("fault", [*DERIVED, *FACTS])
async def test_a_planted_fault_is_found_and_no_other(bench: Bench, fault: str) -> None:
    planted, keys, past = (DERIVED | FACTS)[fault]
    assert await bench.broken() == []
    await bench.plant(planted, *past)
    assert set(await bench.broken()) == keys


@pytest.mark.parametrize("fault", DERIVED)
async def test_a_counter_is_set_right_and_nothing_else_is_touched(bench: Bench, fault: str) -> None:
    planted, keys, past = DERIVED[fault]
    before = await bench.rows()
    await bench.plant(planted, *past)
    assert {one.invariant.key for one in await bench.mend()} == keys
    assert await bench.rows() == before


@pytest.mark.parametrize("fault", FACTS)
async def test_what_is_a_fact_is_left_to_a_person(bench: Bench, fault: str) -> None:
    planted, _, past = FACTS[fault]
    await bench.plant(planted, *past)
    before = await bench.rows()
    assert await bench.mend() == []
    assert await bench.rows() == before


def test_every_invariant_of_coupons_has_a_fault_that_it_finds() -> None:
    assert {key for fault in (DERIVED | FACTS).values() for key in fault.found_by} == {one.key for one in INVARIANTS}


async def test_what_is_still_to_be_told_of_an_order_breaks_nothing(shop: Shop, databases: Databases) -> None:
    """Its coupon is used once the payment was heard of: until then it is taken, although the order is paid."""
    held = await shop.coupon_of()
    await shop.pay(held.member_id, await shop.order(held.member_id, held.code))
    assert await shop.state(held) == "TAKEN"
    connection = await asyncpg.connect(plain(databases.owner))
    await connection.execute("BEGIN")
    bench = Bench(shop.platform, shop.world.tenant, connection)
    assert await bench.broken() == []
    await bench.plant(at("outbox", "dispatched_at = app_now()"))
    assert await bench.broken() == ["coupons.taken"]
    await connection.close()
