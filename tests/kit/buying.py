"""Buys a litre of milk at the brand `shop` and prints what became of it: `python buying.py [wrapped]`.

Run by the Python of an environment of its own, in which there are no tests of Hexmart's to import.
"""

import asyncio
import json
import sys
from typing import Any

from hexmart.app import create_app
from hexmart.databases import Databases
from hexmart.settings import Settings
from hexmart.testing import Client, done
from hexmart.testing.brands import PEOPLES_SQUARE, build_world
from tenants import TenantUnknown

SLUG = "shop"
NEAR = "query($i: StoresNearInput!) { storesNear(input: $i) { store { id } } }"
CART = "cart { id lines { id } }"
ORDER = "query($id: ID!) { order(id: $id) { status totals { fees { amount } payable { amount } } %s } }"


async def main() -> None:
    """Print the order as JSON."""
    settings = Settings(demo=True)
    assert settings.database_url is not None
    application = create_app(Databases.of(settings.database_url, settings), settings, with_worker=False)
    platform = application.platform
    try:
        await platform.registry.by_slug(SLUG)
    except TenantUnknown:
        await build_world(platform, SLUG)
    print(json.dumps(await buy(Client(application, SLUG), wrapped="wrapped" in sys.argv)))  # noqa: T201 - a program
    await platform.close()


async def buy(client: Client, *, wrapped: bool) -> Any:
    """The order, paid."""
    milk = (await client.run('{ variant(sku: "MILK-1L") { id } }'))["variant"]["id"]
    here = {"location": {"latitude": PEOPLES_SQUARE.latitude, "longitude": PEOPLES_SQUARE.longitude}}
    store = (await client.run(NEAR, i=here))["storesNear"][0]["store"]["id"]
    lines = [{"variantId": milk, "quantity": 1}]
    cart = done(await client.do("cartCreate", {"storeId": store, "lines": lines}, CART))["cart"]
    if wrapped:
        await wrap(client, cart)
    placed = done(await client.do("orderPlace", {"cartId": cart["id"], "idempotencyKey": cart["id"]}, "order { id }"))
    order = placed["order"]["id"]
    payment = {"orderId": order, "provider": "sandbox", "idempotencyKey": order}
    done(await client.do("paymentStart", payment, "order { status }"))
    return (await client.run(ORDER % ("giftWrapLines { card }" if wrapped else ""), id=order))["order"]


async def wrap(client: Client, cart: dict[str, Any]) -> None:
    """Have the owner switch wrapping on, and the cart's line wrapped."""
    owner = await client.staff(f"owner@{SLUG}.example")
    done(await owner.do("pluginEnable", {"name": "gift_wrap"}))
    papers = (await client.run("{ giftWrapPapers { id } }"))["giftWrapPapers"]
    if not papers:
        papers = [done(await owner.do("giftWrapPaperCreate", {"name": "Stars"}, "paper { id }"))["paper"]]
    gift = {"cartId": cart["id"], "lineId": cart["lines"][0]["id"], "paperId": papers[0]["id"], "card": "For you"}
    done(await client.do("giftWrapSet", gift))


if __name__ == "__main__":
    asyncio.run(main())
