"""What the page for writers of apps tells to paste works, block by block, and answers what stands there."""

import re
from typing import Any

import orjson
import pytest

from hexmart.testing import Client, World
from tests.tour import ROOT

pytestmark = pytest.mark.anyio
PAGE = (ROOT / "docs" / "scan-and-go.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```graphql\n(.*?)```\n(?:```json\n(.*?)```)?", PAGE, re.DOTALL)
NAMED = {"cartScan": ("cart", "id", "<cart id>"), "orderPlace": ("order", "id", "<order id>")} | {
    "paymentStart": ("order", "pickupCode", "<exit code>")
}


async def test_every_block_of_the_page_answers_what_stands_below_it(client: Client, world: World) -> None:
    known = {"<store id>": world.stores["S1"], "<a key>": "k"}
    clerk = await client.staff(world.email("clerk.s1"))
    assert len(BLOCKS) == PAGE.count("```graphql")
    for document, answer in BLOCKS:
        asking = clerk if "orderVerify" in document else client
        found: dict[str, Any] = await asking.run(re.sub("<[a-z ]+>", lambda named: known[named[0]], document))
        assert not answer or found == orjson.loads(answer), document
        [(root, payload)] = found.items()
        assert payload["userErrors"] == [], document
        entity, field, name = NAMED.get(root, ("", "", ""))
        if field in (payload.get(entity) or {}):
            known[name] = payload[entity][field]
    assert payload["order"]["status"] == "COMPLETED"
