"""A coupon that is given away goes to one person, once."""

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest

from core.actors import member
from core.errors import DomainError, NotFound
from core.ids import new_id
from core.verification import CodeUnknown
from plugins.coupons import codes, giving
from plugins.coupons.errors import CouponsNotGivable
from plugins.coupons.tests.shop import FIVE_OFF, Held, Shop, codes_of, read_together, scoped

pytestmark = pytest.mark.anyio
MoveClock = Callable[[timedelta], Awaitable[None]]
RunWorker = Callable[[], Awaitable[None]]
GIVABLE = scoped(FIVE_OFF, givable=True)


async def give(shop: Shop, held: Held, key: str | None = None) -> str:
    """The gift code of a coupon that its holder gives."""
    async with shop.work(member(held.member_id)) as work:
        await giving.give(work, held.member_id, held.id, key=key or str(new_id()))
    row = await shop.coupon(held.id)
    assert row.sealed_gift is not None
    async with shop.work(read_only=True) as work:
        return codes.opened(work, row.sealed_gift, "gift", held.id)


async def take(shop: Shop, holder: UUID, code: str, key: str | None = None) -> UUID:
    async with shop.work(member(holder)) as work:
        return await giving.take(work, holder, code, key=key or str(new_id()))


async def take_back(shop: Shop, held: Held) -> UUID:
    async with shop.work(member(held.member_id)) as work:
        return await giving.take_back(work, held.member_id, held.id)


async def test_a_gift_is_its_takers_with_the_same_terms_and_time_and_its_givers_no_more(shop: Shop) -> None:
    held, receiver = await shop.coupon_of(GIVABLE), await shop.member()
    code = await give(shop, held)
    with pytest.raises(DomainError):
        await shop.cart(held.member_id, None, held.code)
    taken = await shop.held(await take(shop, receiver, code))
    before, after = await shop.coupon(held.id), await shop.coupon(taken.id)
    assert (before.state, after.state, after.member_id, after.origin) == ("GIVEN", "UNUSED", receiver, "GIFT")
    assert (after.valid_from, after.valid_until) == (before.valid_from, before.valid_until)
    assert taken.code != held.code
    assert await shop.off(await shop.cart(receiver, None, taken.code)) == 500
    assert (await shop.campaign_row(before.campaign_id)).issued == 1


@pytest.mark.parametrize("paid", [False, True])
async def test_a_coupon_that_an_order_has_cannot_be_given(shop: Shop, run_worker: RunWorker, *, paid: bool) -> None:
    held = await shop.coupon_of(GIVABLE)
    order_id = await shop.order(held.member_id, held.code)
    if paid:
        await shop.pay(held.member_id, order_id)
        await run_worker()
    with pytest.raises(CouponsNotGivable):
        await give(shop, held)
    assert await shop.state(held) == ("USED" if paid else "TAKEN")


async def test_only_what_may_be_given_is_given_and_a_gift_is_not_given_on(shop: Shop) -> None:
    with pytest.raises(CouponsNotGivable, match="for its holder alone"):
        await give(shop, await shop.coupon_of())
    taken = await shop.held(await take(shop, await shop.member(), await give(shop, await shop.coupon_of(GIVABLE))))
    with pytest.raises(CouponsNotGivable, match="for its holder alone"):
        await give(shop, taken)


async def test_one_of_20_who_give_it_at_once_gives_it(shop: Shop) -> None:
    held = await shop.coupon_of(GIVABLE)
    answers = await shop.at_once(*(give(shop, held) for _ in range(20)))
    assert Counter(codes_of(answers)) == {"ok": 1, "COUPONS_NOT_GIVABLE": 19}


async def test_giving_it_twice_at_once_gives_it_once_though_both_have_seen_it_unused(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = await shop.coupon_of(GIVABLE)
    read_together(monkeypatch, giving, "_own", 6)
    answers = await shop.at_once(*(give(shop, held) for _ in range(6)))
    assert Counter(codes_of(answers)) == {"ok": 1, "COUPONS_NOT_GIVABLE": 5}


async def test_the_same_key_gives_the_same_gift_code(shop: Shop) -> None:
    held = await shop.coupon_of(GIVABLE)
    assert await give(shop, held, "k") == await give(shop, held, "k")


async def test_one_of_20_who_come_for_it_at_once_has_it(shop: Shop) -> None:
    code = await give(shop, await shop.coupon_of(GIVABLE))
    crowd = await shop.members(20)
    answers = await shop.at_once(*(take(shop, one, code) for one in crowd))
    assert Counter(codes_of(answers)) == {"ok": 1, "CODE_UNKNOWN": 19}
    gifts = "SELECT count(*) FROM coupons_coupon WHERE tenant_id = $1 AND origin = 'GIFT'"
    assert await shop.value(gifts) == 1


async def test_giving_and_ordering_at_once_end_in_one_of_them(shop: Shop) -> None:
    outcomes: Counter[tuple[str, str]] = Counter()
    for _ in range(20):
        held = await shop.coupon_of(GIVABLE)
        cart = await shop.cart(held.member_id, None, held.code)
        deeds = (give(shop, held), shop.place(held.member_id, cart))
        given, placed = await shop.at_once(*deeds)
        outcomes[codes_of([given])[0], codes_of(placed)[0]] += 1
    assert set(outcomes) <= {("ok", "COUPONS_TAKEN"), ("COUPONS_NOT_GIVABLE", "ok")}, outcomes


async def test_whoever_takes_it_again_by_the_same_key_has_the_same_coupon(shop: Shop) -> None:
    code, receiver = await give(shop, await shop.coupon_of(GIVABLE)), await shop.member()
    assert await take(shop, receiver, code, "k") == await take(shop, receiver, code, "k")


async def test_nobody_takes_from_themselves(shop: Shop) -> None:
    held = await shop.coupon_of(GIVABLE)
    with pytest.raises(CodeUnknown):
        await take(shop, held.member_id, await give(shop, held))


async def test_it_is_the_givers_again_until_somebody_has_come(shop: Shop) -> None:
    held, receiver = await shop.coupon_of(GIVABLE), await shop.member()
    code = await give(shop, held)
    await take_back(shop, held)
    with pytest.raises(CodeUnknown):
        await take(shop, receiver, code)
    assert await shop.off(await shop.cart(held.member_id, None, held.code)) == 500
    await take(shop, receiver, await give(shop, held))
    with pytest.raises(CouponsNotGivable):
        await take_back(shop, held)


async def test_nobody_gives_or_takes_back_what_is_not_theirs(shop: Shop) -> None:
    held, stranger = await shop.coupon_of(GIVABLE), await shop.member()
    with pytest.raises(NotFound):
        await give(shop, Held(held.id, stranger, held.code))
    await give(shop, held)
    with pytest.raises(NotFound):
        await take_back(shop, Held(held.id, stranger, held.code))


async def test_a_gift_that_nobody_has_come_for_expires(
    shop: Shop, move_clock: MoveClock, run_worker: RunWorker
) -> None:
    held, taken = [await shop.coupon_of(GIVABLE, valid_days=1) for _ in range(2)]
    code = await give(shop, held)
    gift = await take(shop, await shop.member(), await give(shop, taken))
    await move_clock(timedelta(days=2))
    with pytest.raises(CodeUnknown):
        await take(shop, await shop.member(), code)
    await run_worker()
    stored = "SELECT state FROM coupons_coupon WHERE tenant_id = $1 AND id = $2"
    states = [await shop.value(stored, key) for key in (held.id, gift, taken.id)]
    assert states == ["EXPIRED", "EXPIRED", "GIVEN"]
