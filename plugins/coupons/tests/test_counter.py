"""A coupon that is shown at a counter is taken there once."""

from collections import Counter
from uuid import UUID

import pytest

from core.actors import Actor, ActorKind
from core.errors import DomainError, Forbidden, Invalid, NotFound
from core.ids import new_id
from core.verification import CodeUnknown, CodeUsed, Shown, Verified, verify_any
from hexmart.testing import World
from plugins.coupons import counter, queries
from plugins.coupons.errors import CouponsNotUsable
from plugins.coupons.tests.shop import FIVE_OFF, TEN_PERCENT, Held, Shop, codes_of, read_together, scoped

pytestmark = pytest.mark.anyio
AT_COUNTER = scoped(FIVE_OFF, channel="COUNTER")
TOLD = "SELECT payload->>'discount' FROM outbox WHERE tenant_id = $1 AND name = 'coupons.CouponUsed'"


async def show(
    shop: Shop,
    code: str,
    store: str = "S1",
    *,
    spend: int | None = None,
    key: str | None = None,
    by: Actor | None = None,
) -> UUID:
    async with shop.work(by) as work:
        store_id = await counter.store_of(work, shop.world.store_keys[store])
        return await counter.verify(work, Shown(code, store_id, spend), key=key or str(new_id()))


def clerk(*stores: UUID) -> Actor:
    return Actor(ActorKind.STAFF, new_id(), grants={"coupons.verify": frozenset(stores)})


async def test_it_is_taken_once_and_what_it_gave_is_written_down(shop: Shop) -> None:
    held = await shop.coupon_of(scoped(TEN_PERCENT, channel="COUNTER", most=300))
    await show(shop, held.code, spend=5_000)
    row = await shop.coupon(held.id)
    assert (row.state, row.store_id, row.minor_discount) == ("USED", shop.world.store_keys["S1"], 300)
    assert await shop.value(TOLD) == "300"
    with pytest.raises(CouponsNotUsable, match="used already"):
        await show(shop, held.code, spend=5_000)


async def test_one_of_six_counters_takes_it_though_all_have_seen_it_unused(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = await shop.coupon_of(AT_COUNTER)
    read_together(monkeypatch, queries, "by_code", 6)
    answers = await shop.at_once(*(show(shop, held.code) for _ in range(6)))
    assert Counter(codes_of(answers)) == {"ok": 1, "COUPONS_NOT_USABLE": 5}


async def test_without_the_condition_all_six_would_take_it(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    unguarded = counter.USE.replace("AND state = 'UNUSED' ", "")
    assert unguarded != counter.USE
    monkeypatch.setattr(counter, "USE", unguarded)
    held = await shop.coupon_of(AT_COUNTER)
    read_together(monkeypatch, queries, "by_code", 6)
    answers = await shop.at_once(*(show(shop, held.code) for _ in range(6)))
    assert Counter(codes_of(answers)) == {"ok": 6}


async def test_a_cart_and_a_counter_do_not_both_have_it(shop: Shop) -> None:
    for _ in range(10):
        held = await shop.coupon_of(scoped(FIVE_OFF, channel="ANYWHERE"))
        cart = await shop.cart(held.member_id, None, held.code)
        deeds = (shop.place(held.member_id, cart), show(shop, held.code))
        placed, shown = await shop.at_once(*deeds)
        outcome = codes_of(placed)[0], codes_of([shown])[0]
        assert outcome in {("ok", "COUPONS_NOT_USABLE"), ("COUPONS_TAKEN", "ok")}


async def test_the_same_key_takes_it_once_and_says_so_again(shop: Shop) -> None:
    held = await shop.coupon_of(AT_COUNTER)
    assert await show(shop, held.code, key="k") == await show(shop, held.code, key="k") == held.id


async def test_another_store_than_those_that_take_it_refuses(shop: Shop, world: World) -> None:
    held = await shop.coupon_of(scoped(AT_COUNTER, store_ids=(world.store_keys["S1"],)))
    with pytest.raises(CouponsNotUsable, match="does not take it"):
        await show(shop, held.code, "S2")
    assert await shop.state(held) == "UNUSED"
    await show(shop, held.code, "S1")


async def test_staff_take_it_where_they_may(shop: Shop, world: World) -> None:
    held = await shop.coupon_of(AT_COUNTER)
    with pytest.raises(NotFound):
        await show(shop, held.code, "S2", by=clerk(world.store_keys["S1"]))
    await show(shop, held.code, "S1", by=clerk(world.store_keys["S1"]))


async def test_what_is_for_carts_is_not_taken_and_a_minimum_is_asked_for(shop: Shop) -> None:
    with pytest.raises(CouponsNotUsable, match="for a cart"):
        await show(shop, (await shop.coupon_of()).code)
    held = await shop.coupon_of(scoped(AT_COUNTER, minimum_spend=2_000))
    with pytest.raises(Invalid, match="Say what the goods cost"):
        await show(shop, held.code)
    with pytest.raises(CouponsNotUsable, match="CNY more of the goods"):
        await show(shop, held.code, spend=1_999)
    await show(shop, held.code, spend=2_000)


async def test_an_unknown_code_and_another_brands_are_the_same(shop: Shop, other_world: World) -> None:
    held: Held = await Shop(shop.platform, other_world).coupon_of(AT_COUNTER)
    for code in (held.code, "NOTHING-LIKE-THIS", ""):
        with pytest.raises(CodeUnknown):
            await show(shop, code)


async def test_it_is_for_members_of_its_standing_there_too(shop: Shop) -> None:
    held = await shop.coupon_of(scoped(AT_COUNTER, tiers=("gold",)))
    with pytest.raises(DomainError, match="members who are gold"):
        await show(shop, held.code)


async def at_desk(shop: Shop, code: str, *, by: Actor | None = None, spend: int | None = None) -> Verified:
    async with shop.work(by) as work:
        return await verify_any(work, Shown(code, shop.world.store_keys["S1"], spend))


async def test_the_desk_takes_it_as_every_other_code(shop: Shop) -> None:
    held = await shop.coupon_of(scoped(TEN_PERCENT, channel="COUNTER"))
    taken = await at_desk(shop, held.code.lower(), spend=5_000)
    assert (taken.kind, taken.label, taken.subject_id) == ("coupons.coupon", "Ten percent", held.id)
    assert (await shop.coupon(held.id)).minor_discount == 500
    with pytest.raises(CodeUsed):
        await at_desk(shop, held.code)
    with pytest.raises(CodeUnknown):
        await at_desk(shop, "NOTHING-LIKE-THIS")


async def test_the_desk_takes_it_from_those_who_may(shop: Shop, world: World) -> None:
    held = await shop.coupon_of(AT_COUNTER)
    with pytest.raises(Forbidden, match=r"coupons\.verify"):
        await at_desk(shop, held.code, by=clerk(world.store_keys["S2"]))
    with pytest.raises(CouponsNotUsable, match="for a cart"):
        await at_desk(shop, (await shop.coupon_of()).code)
    assert await shop.state(held) == "UNUSED"
    await at_desk(shop, held.code, by=clerk(world.store_keys["S1"]))


async def test_one_of_six_desks_takes_it(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    held = await shop.coupon_of(AT_COUNTER)
    read_together(monkeypatch, queries, "by_code", 6)
    answers = await shop.at_once(*(at_desk(shop, held.code) for _ in range(6)))
    assert Counter(codes_of(answers)) == {"ok": 1, "COUPONS_NOT_USABLE": 5}
    assert await shop.value("SELECT count(*) FROM outbox WHERE tenant_id = $1 AND name = 'coupons.CouponUsed'") == 1
