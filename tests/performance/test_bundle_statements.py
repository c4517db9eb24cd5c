"""Bundles are looked up together, and cost nothing where there are none."""

from collections.abc import Sequence

import pytest

from core import carts, orders
from core.actors import ANONYMOUS, system
from core.carts import queries
from core.orders import Candidate, OrderRow, PlaceRequest
from hexmart.app import Application
from hexmart.testing import Client, World
from hexmart.testing.statements import listening
from tests.bundling import add_bundle
from tests.faults.shop import MILK

pytestmark = pytest.mark.anyio

MANY = 12
OF_BUNDLES = ("bundle_component", "sales_order_line_part")
LIST = """query($at: ID!) { products(first: 20, search: "BOX") { nodes { variants { sku
  components { quantity variant { sku } } stock(storeId: $at) { available } } } } }"""


@pytest.fixture(autouse=True)
async def boxes(application: Application, world: World) -> None:
    """A dozen bundles."""
    for number in range(MANY):
        await add_bundle(application.platform, world, f"BOX {number}", {MILK: 1, "BREAD": 1 + number % 2})


async def _filled(application: Application, world: World, skus: Sequence[str]) -> list[PlaceRequest]:
    """A cart for each, as a request to order it."""
    requests = []
    async with application.platform.open_work(world.tenant, ANONYMOUS) as work:
        for sku in skus:
            wanted = [(world.variant_keys[sku], 1)]
            store = world.store_keys["S1"]
            cart, _ = await carts.create(work, store_id=store, fulfilment="PICKUP", member_id=None, wanted=wanted)
            requests.append(PlaceRequest(cart_id=cart.id, actor=ANONYMOUS, key="k"))
    return requests


async def _ordered(application: Application, world: World, skus: Sequence[str]) -> list[str]:
    """What is sent to order them in one batch; one cart is read by the statement of many, but for its plan."""
    requests = await _filled(application, world, skus)
    with listening() as sent:
        async with application.platform.open_work(world.tenant, system("test"), read_only=True) as work:
            prepared = await orders.prepare(work, requests)
        async with application.platform.open_work(world.tenant, system("test")) as work:
            settled = await orders.settle(work, [one for one in prepared if isinstance(one, Candidate)])
    assert [type(one) for one in settled] == [OrderRow] * len(skus)
    return [statement.replace(queries.ONE, queries.WHOLE) for statement in sent]


async def test_a_batch_of_many_bundles_takes_as_many_statements_as_of_one(
    application: Application, world: World
) -> None:
    names = [f"BOX {number}" for number in range(MANY)]
    goods, one, many = [await _ordered(application, world, skus) for skus in ([MILK, "BREAD"], names[:1], names)]
    print(f"checkouts: {len(goods)} statements without bundles, {len(one)} with one, {len(many)} with {MANY}")  # noqa: T201 - the figure is wanted
    assert many == one
    assert len(one) == len(goods) + 2, "their parts are read and compared; they are written with the lines"
    assert not [statement for statement in goods if any(table in statement for table in OF_BUNDLES)]


async def test_a_page_of_bundles_takes_as_many_statements_as_one(application: Application, world: World) -> None:
    client, counts = Client(application, world.tenant.slug), []
    for first in (1, MANY):
        query = LIST.replace("first: 20", f"first: {first}")
        await client.run(query, at=world.stores["S1"])
        with listening() as sent:
            found = await client.run(query, at=world.stores["S1"])
        assert len(found["products"]["nodes"]) == first
        assert all(node["variants"][0]["components"] for node in found["products"]["nodes"])
        counts.append(len(sent))
    print(f"bundles: {counts[0]} statements for 1, {counts[1]} for {MANY}")  # noqa: T201 - the figure is wanted
    assert counts[1] == counts[0]
