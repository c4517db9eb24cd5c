"""The offers of a demo brand."""

import pytest

from hexmart.testing import Client
from plugins.points_mall.demo import POINTS, add_offers
from plugins.points_mall.tests.shop import Shop

pytestmark = pytest.mark.anyio
OFFERS = "{ pointsMallOffers { nodes { kind points cash { amount } running } } }"


async def test_a_demo_brand_has_its_offers_and_members_their_points_however_often_it_is_loaded(
    shop: Shop, client: Client
) -> None:
    who = await shop.member(0)
    for _ in range(2):
        async with shop.work() as work:
            await add_offers(work)
    found = (await client.run(OFFERS))["pointsMallOffers"]["nodes"]
    assert sorted((one["kind"], one["cash"]["amount"] == "0.00") for one in found) == [
        ("GOODS", False),
        ("GOODS", True),
        ("SERVICE", True),
    ]
    assert all(one["running"] for one in found)
    assert await shop.balance(who) == POINTS
    assert not await shop.audit()
