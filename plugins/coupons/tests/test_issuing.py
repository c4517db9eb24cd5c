"""Coupons are given out to whoever may have one, and never more of them than there are."""

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from core.actors import system
from core.errors import DomainError, NotFound
from core.ids import new_id
from plugins.coupons import campaigns, granting, issuing
from plugins.coupons.campaigns import Plan
from plugins.coupons.errors import CouponsLimitReached, CouponsNotOffered, CouponsSoldOut
from plugins.coupons.granting import Grant
from plugins.coupons.tests.shop import FIVE_OFF, Shop, ago, ahead, codes_of, scoped

pytestmark = pytest.mark.anyio
MoveClock = Callable[[timedelta], Awaitable[None]]

ISSUED = "SELECT count(*) FROM coupons_coupon WHERE tenant_id = $1 AND campaign_id = $2"


async def grant(shop: Shop, campaign_id: UUID, holders: list[UUID], key: str | None = None) -> Grant:
    async with shop.work() as work:
        return await granting.grant(work, campaign_id, holders, key=key or str(new_id()))


async def rush(shop: Shop, campaign_id: UUID, claimers: list[UUID], *grants: list[UUID]) -> Counter[str]:
    """Everybody claims at the same moment, while staff give to many at once."""
    deeds: list[Awaitable[object]] = [shop.claim(holder, campaign_id) for holder in claimers]
    deeds[10:10] = [grant(shop, campaign_id, holders) for holders in grants]
    return Counter(codes_of(await shop.at_once(*deeds)))


async def test_100_claims_and_bulk_grants_at_once_never_give_out_more_than_there_are(shop: Shop) -> None:
    campaign_id = await shop.campaign(total=50)
    crowd = await shop.members(100)
    answers = await rush(shop, campaign_id, crowd, await shop.members(30), await shop.members(30))
    issued = await shop.value(ISSUED, campaign_id)
    print(f"100 claims and two grants of 30, 50 coupons: {dict(answers)}, {issued} issued")  # noqa: T201
    assert set(answers) == {"ok", "COUPONS_SOLD_OUT"}
    assert (await shop.campaign_row(campaign_id)).issued == issued <= 50


async def test_all_of_them_are_given_out_where_only_single_ones_are_claimed(shop: Shop) -> None:
    campaign_id = await shop.campaign(total=50)
    answers = await rush(shop, campaign_id, await shop.members(100))
    assert answers == {"ok": 50, "COUPONS_SOLD_OUT": 50}
    assert await shop.value(ISSUED, campaign_id) == (await shop.campaign_row(campaign_id)).issued == 50


LOOSE = issuing.TAKE.replace("c.issued + $3 <= c.total", "c.issued < c.total OR c.issued + $3 <= c.total")


async def test_a_count_that_forgets_the_size_of_a_batch_would_be_stopped_by_the_database_alone(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The known weakness: `taken < total` lets a batch pass that does not fit."""
    assert LOOSE != issuing.TAKE
    monkeypatch.setattr(issuing, "TAKE", LOOSE)
    campaign_id = await shop.campaign(total=5)
    with pytest.raises(Exception, match="never_over_issued"):
        await grant(shop, campaign_id, await shop.members(6))
    assert await shop.value(ISSUED, campaign_id) == 0


UNCOUNTED = issuing.TAKE.replace("SET issued = c.issued + $3", "SET issued = c.issued")


async def test_without_counting_more_would_be_given_out_than_there_are(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert UNCOUNTED != issuing.TAKE
    monkeypatch.setattr(issuing, "TAKE", UNCOUNTED)
    campaign_id = await shop.campaign(total=5)
    answers = await rush(shop, campaign_id, await shop.members(20))
    assert answers["ok"] == await shop.value(ISSUED, campaign_id) == 20


async def test_the_last_coupon_is_given_out_and_none_after_it(shop: Shop) -> None:
    campaign_id = await shop.campaign(total=3)
    *first, last = await shop.members(4)
    for holder in first:
        await shop.claim(holder, campaign_id)
    with pytest.raises(CouponsSoldOut, match="Only 0 of"):
        await shop.claim(last, campaign_id)
    assert (await shop.campaign_row(campaign_id)).left == 0


async def test_a_member_who_claims_20_times_at_once_gets_as_many_as_one_may(shop: Shop) -> None:
    campaign_id, holder = await shop.campaign(per_member=2), await shop.member()
    answers = await rush(shop, campaign_id, [holder] * 20)
    assert answers == {"ok": 2, "COUPONS_LIMIT_REACHED": 18}
    assert await shop.value(ISSUED, campaign_id) == (await shop.campaign_row(campaign_id)).issued == 2


UNGUARDED = issuing.HOLD.replace("WHERE coupons_holding.claimed < $4", "WHERE $4::integer > 0")


async def test_without_the_guard_a_member_would_claim_any_number(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    assert UNGUARDED != issuing.HOLD
    monkeypatch.setattr(issuing, "HOLD", UNGUARDED)
    campaign_id, holder = await shop.campaign(per_member=2), await shop.member()
    assert (await rush(shop, campaign_id, [holder] * 20))["ok"] == 20


async def test_the_same_key_gives_the_same_coupon(shop: Shop) -> None:
    campaign_id, holder = await shop.campaign(per_member=5), await shop.member()
    first = await shop.claim(holder, campaign_id, key="k")
    assert await shop.claim(holder, campaign_id, key="k") == first
    assert await shop.value(ISSUED, campaign_id) == 1


async def test_a_grant_that_is_larger_than_what_is_left_gives_nobody_anything(shop: Shop) -> None:
    campaign_id = await shop.campaign(audience="STAFF", total=5)
    with pytest.raises(CouponsSoldOut, match="Only 5 of"):
        await grant(shop, campaign_id, await shop.members(6))
    assert (await shop.campaign_row(campaign_id)).issued == await shop.value(ISSUED, campaign_id) == 0


async def test_a_grant_names_whom_it_passes_over(shop: Shop) -> None:
    campaign_id = await shop.campaign()
    full, *others = await shop.members(4)
    stranger = new_id()
    await shop.claim(full, campaign_id)
    done = await grant(shop, campaign_id, [full, *others, stranger, others[0]])
    assert (done.granted, done.full, done.unknown) == (set(others), [full], [stranger])
    assert (await shop.campaign_row(campaign_id)).issued == 4


async def test_a_grant_for_nobody_who_is_a_member_is_refused(shop: Shop) -> None:
    campaign_id = await shop.campaign()
    with pytest.raises(NotFound):
        await grant(shop, campaign_id, [new_id(), new_id()])
    assert (await shop.campaign_row(campaign_id)).issued == 0


async def test_a_grant_sent_again_gives_nothing_more(shop: Shop) -> None:
    campaign_id, crowd = await shop.campaign(audience="STAFF", per_member=3), await shop.members(3)
    first = await grant(shop, campaign_id, crowd, "k")
    assert await grant(shop, campaign_id, crowd, "k") == first
    assert first.granted == set(crowd)
    assert (await shop.campaign_row(campaign_id)).issued == 3


async def test_grants_to_the_same_members_in_any_order_do_not_wait_in_a_circle(shop: Shop) -> None:
    campaign_id, crowd = await shop.campaign(audience="STAFF", per_member=20), await shop.members(20)
    turns = [crowd, crowd[::-1], crowd[7:] + crowd[:7]] * 3
    done = await shop.at_once(*(grant(shop, campaign_id, holders) for holders in turns))
    assert [len(one.granted) for one in done] == [20] * 9


@pytest.mark.parametrize(
    ("window", "refusal"),
    [
        ({}, None),
        ({"claim_from": -1.0}, None),
        ({"claim_until": 1.0}, None),
        ({"claim_from": -1.0, "claim_until": 1.0}, None),
        ({"claim_from": 1.0}, "not given out yet"),
        ({"claim_until": -1.0}, "given out no more"),
    ],
)
async def test_coupons_are_given_out_within_the_window_whose_ends_may_be_open(
    shop: Shop, window: dict[str, float], refusal: str | None
) -> None:
    """The known weakness: a window without a beginning never opened."""
    ends: dict[str, Any] = {name: ahead(hours=hours) for name, hours in window.items()}
    campaign_id = await shop.campaign(**ends)
    if refusal is None:
        await shop.claim(await shop.member(), campaign_id)
        return
    with pytest.raises(CouponsNotOffered, match=refusal):
        await shop.claim(await shop.member(), campaign_id)


async def test_what_is_not_for_the_public_cannot_be_claimed(shop: Shop) -> None:
    holder = await shop.member()
    for audience in ("CODE", "STAFF", "NEW_MEMBERS", "AFTER_SALE"):
        with pytest.raises(DomainError, match="no such campaign"):
            await shop.claim(holder, await shop.campaign(audience=audience))


async def test_coupons_are_valid_for_days_after_a_delay_or_between_dates(shop: Shop) -> None:
    held = await shop.coupon_of(delay_days=2, valid_days=5)
    row = await shop.coupon(held.id)
    assert row.valid_until - row.valid_from == timedelta(days=5)
    assert timedelta(days=1, hours=23) < row.valid_from - row.issued_at <= timedelta(days=2)

    begins, ends = ago(days=1), ahead(days=3)
    row = await shop.coupon((await shop.coupon_of(valid_from=begins, valid_until=ends)).id)
    assert (row.valid_from, row.valid_until) == (begins, ends)


async def test_a_coupon_keeps_the_terms_that_it_was_given_with(shop: Shop) -> None:
    campaign_id, (first, second) = await shop.campaign(per_member=2), await shop.members(2)
    before = await shop.held(await shop.claim(first, campaign_id))
    async with shop.work() as work:
        stingy = Plan(name="One off", audience="PUBLIC", terms=scoped(FIVE_OFF, label="One off", off=100), valid_days=1)
        await campaigns.change(work, campaign_id, stingy)
    after = await shop.held(await shop.claim(second, campaign_id))
    assert await shop.off(await shop.cart(first, None, before.code)) == 500
    assert await shop.off(await shop.cart(second, None, after.code)) == 100
    async with shop.work(system("test")) as work:
        await campaigns.end(work, campaign_id)
    assert await shop.off(await shop.cart(first, None, before.code)) == 500


async def test_a_limit_that_was_reached_is_said_to_the_member(shop: Shop) -> None:
    campaign_id, holder = await shop.campaign(), await shop.member()
    await shop.claim(holder, campaign_id)
    with pytest.raises(CouponsLimitReached):
        await shop.claim(holder, campaign_id)
