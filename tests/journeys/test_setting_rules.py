"""What the page for brands tells to paste works, block by block, and answers what stands there."""

import re

import orjson
import pytest

from hexmart.testing import Client, World
from tests.schema.shop import ADDRESS, CART, done, fill
from tests.tour import ROOT

pytestmark = pytest.mark.anyio
PAGE = (ROOT / "docs" / "setting-rules.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```graphql\n(.*?)```\n(?:```json\n(.*?)```)?", PAGE, re.DOTALL)


async def test_every_block_of_the_page_for_brands_answers_what_stands_below_it(client: Client, world: World) -> None:
    cart = await fill(client, world)
    asked = {"cartId": cart["id"], "fulfilment": "DELIVERY", "address": ADDRESS, "storeId": world.stores["S1"]}
    done(await client.do("cartFulfilmentSet", asked, CART), "cart")
    ids = {"<store id>": world.stores["S1"], "<cart id>": cart["id"]}
    owner = await client.staff(world.email("owner"))
    assert len(BLOCKS) == PAGE.count("```graphql")
    for document, answer in BLOCKS:
        found = await owner.run(re.sub("<[a-z ]+>", lambda named: ids[named[0]], document))
        assert not answer or found == orjson.loads(answer), document
