"""The number of statements grows neither with the batch nor with what is shown."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from core.orders import Cause, Release
from hexmart.testing import Client
from hexmart.testing.statements import listening
from plugins.points_mall import returning
from plugins.points_mall.tests.shop import Shop

pytestmark = pytest.mark.anyio
OFFERS = "{ pointsMallOffers { nodes { name points left variant { name } stores { code } } } }"


async def count(deed: Callable[[], Awaitable[Any]]) -> int:
    with listening() as sent:
        await deed()
    return len(sent)


async def test_a_batch_takes_and_gives_back_by_as_many_statements_as_one_order(shop: Shop) -> None:
    await shop.stock_up(1_000)
    offer, counted = await shop.goods(stock=500, per_member=5, per_day=5), []
    await shop.redeem(await shop.member(), offer)  # which opens the brand's own accounts
    for many in (2, 20):
        taken, order_ids = await shop.statements_together(await shop.members(many), offer)
        assert len(order_ids) == many
        async with shop.work() as work:
            with listening() as given_back:
                await returning.release(work, [Release(key, Cause.CANCELLED) for key in order_ids])
        counted.append((taken, len(given_back)))
    print(f"statements for 2 and for 20 orders (to take, to give back): {counted}")  # noqa: T201 - the figure is wanted
    assert counted[0] == counted[1]


async def test_offers_are_shown_by_as_many_statements_whatever_their_number(shop: Shop, client: Client) -> None:
    stores = list(shop.world.store_keys.values())

    async def shown() -> None:
        await client.run(OFFERS)

    await shop.goods(store_ids=stores[:1])
    await shown()
    await shop.goods(store_ids=stores)
    few = await count(shown)
    for _ in range(12):
        await shop.goods(store_ids=stores)
    assert await count(shown) == few
