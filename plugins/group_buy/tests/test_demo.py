"""The campaign of a demo brand."""

import pytest

from hexmart.testing import Client
from plugins.group_buy.demo import add_campaign
from plugins.group_buy.tests.shop import Shop

pytestmark = pytest.mark.anyio
SHELVES = "{ products(first: 20) { nodes { groupBuyCampaigns { running prices { size } } } } }"


async def test_a_demo_brand_has_one_campaign_however_often_it_is_loaded(shop: Shop, client: Client) -> None:
    for _ in range(2):
        async with shop.work() as work:
            await add_campaign(work)
    shelves = (await client.run(SHELVES))["products"]["nodes"]
    [campaign] = [one for shelf in shelves for one in shelf["groupBuyCampaigns"]]
    assert campaign["running"]
    assert {price["size"] for price in campaign["prices"]} == {2, 5}
