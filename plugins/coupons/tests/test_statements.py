"""The number of statements grows neither with the batch, nor with the codes on a cart, nor with what is shown."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from core import carts
from core.carts import queries
from core.orders import Cause, Release
from hexmart.testing import Client
from hexmart.testing.statements import listening
from plugins.coupons import granting, ordering
from plugins.coupons.tests.shop import FIVE_OFF, MILK, Shop, codes_of, scoped
from schema.relay import global_id
from tests.faults.shop import stock_up

pytestmark = pytest.mark.anyio
STACKING = scoped(FIVE_OFF, stackable=True, off=10)


async def count(deed: Callable[[], Awaitable[Any]]) -> list[str]:
    """The statements of a deed.

    One cart is read by the statement that reads many, but for the plan that PostgreSQL keeps of it.
    """
    with listening() as sent:
        await deed()
    return [sql.replace(queries.ONE, queries.WHOLE) for sql in sent]


async def test_a_grant_takes_as_many_statements_for_one_as_for_300(shop: Shop) -> None:
    crowd = await shop.members(302)
    campaign_id = await shop.campaign(audience="STAFF")

    async def grant(first: int, last: int) -> None:
        async with shop.work() as work:
            done = await granting.grant(work, campaign_id, crowd[first:last], key=str(first))
        assert len(done.granted) == last - first

    one = await count(lambda: grant(0, 1))
    many = await count(lambda: grant(2, 302))
    print(f"grant: {len(one)} statements for 1 member, {len(many)} for 300")  # noqa: T201 - the figure is wanted
    assert many == one


async def test_placing_and_releasing_take_as_many_statements_for_one_order_as_for_20(shop: Shop) -> None:
    await stock_up(shop.platform, shop.world, 1_000)
    holder = await shop.member()

    async def filled(number: int) -> list[Any]:
        held = [await shop.coupon_of(holder=holder) for _ in range(number)]
        return [await shop.cart(holder, {MILK: 1}, one.code) for one in held]

    async def place(keys: list[Any]) -> list[Any]:
        answers = await shop.place(holder, *keys)
        assert codes_of(answers) == ["ok"] * len(keys)
        placed.append(answers)
        return answers

    async def release(order_ids: list[Any]) -> None:
        async with shop.work() as work:
            await ordering.give_back(work, [Release(key, Cause.CANCELLED) for key in order_ids])

    placed: list[list[Any]] = []
    few, many = await filled(1), await filled(20)
    one, twenty = await count(lambda: place(few)), await count(lambda: place(many))
    back, all_back = await count(lambda: release(placed[0])), await count(lambda: release(placed[1]))
    print(f"place: {len(one)} for 1 order, {len(twenty)} for 20; release: {len(back)}, {len(all_back)}")  # noqa: T201
    assert (twenty, all_back) == (one, back)


async def test_carts_are_read_by_as_many_statements_with_eight_codes_as_with_one_and_by_fewer_with_none(
    shop: Shop,
) -> None:
    holder = await shop.member()
    held = [(await shop.coupon_of(STACKING, holder=holder)).code for _ in range(8)]
    keys = [await shop.cart(holder, None, *held[:number]) for number in (0, 1, 8)]

    async def read(*cart_ids: Any) -> None:
        async with shop.work(read_only=True) as work:
            await carts.by_ids(work, cart_ids)

    none, one, eight = [await count(lambda key=key: read(key)) for key in keys]  # type: ignore[misc]
    everything = await count(lambda: read(*keys))
    assert everything == eight == one
    assert not [sql for sql in none if "coupons_" in sql]
    assert len([sql for sql in one if "coupons_" in sql]) == 1


async def test_lists_are_shown_by_as_many_statements_whatever_their_length(shop: Shop, client: Client) -> None:
    shopper = await client.member("13800000009")
    asked = "{ couponsMine { nodes { code state terms { amount { amount } stores { code } } campaign { name } } } }"

    async def mine() -> dict[str, Any]:
        return await shopper.run(asked)

    async def claim() -> None:
        campaign_id = global_id("CouponsCampaign", await shop.campaign())
        wish = {"campaignId": campaign_id, "idempotencyKey": campaign_id}
        assert (await shopper.do("couponsClaim", wish, "coupon { id }"))["userErrors"] == []

    await claim()
    await mine()
    one = await count(mine)
    for _ in range(9):
        await claim()
    await mine()
    ten = await count(mine)
    assert len((await mine())["couponsMine"]["nodes"]) == 10
    assert ten == one
