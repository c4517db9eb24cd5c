"""The number of statements of a request does not depend on how much it returns."""

from collections.abc import Sequence
from typing import Any

import pytest

from core import catalog, inventory, stores
from core.actors import system
from core.catalog.models import Product, Shelf, Variant
from core.inventory import Correction
from core.stores import GeoPoint
from core.stores.models import Store
from core.work import Work
from hexmart.app import Application
from hexmart.testing import Client, World
from hexmart.testing.brands import ALWAYS, PEOPLES_SQUARE, build_world
from hexmart.testing.statements import listening
from schema.engine.operation import Execution
from schema.engine.trees import Site
from schema.resolving import load

pytestmark = pytest.mark.anyio

HERE = {"latitude": PEOPLES_SQUARE.latitude, "longitude": PEOPLES_SQUARE.longitude}
PRODUCTS = """
query($first: Int!, $store: ID!) { products(first: $first) { nodes { name variants {
  sku price(storeId: $store) { amount } stock(storeId: $store) { available } } } } }
"""
PAGE = """
query($slug: String!, $store: ID!, $here: GeoPointInput!, $first: Int!) { product(slug: $slug) {
  name category { name } variants { sku price(storeId: $store) { amount } stock(storeId: $store) { available }
    nearbyStock(location: $here, first: $first) { store { code openNow } distanceMeters } } } }
"""
NEAR = """
query($input: StoresNearInput!) { storesNear(input: $input) {
  store { code name openNow region { name } } distanceMeters delivers hasAllItems deliveryFee { amount } score } }
"""


@pytest.fixture(scope="module")
async def large(application: Application) -> World:
    """A brand with 60 more products and 60 more stores, of which each has the milk."""
    world = await build_world(application.platform)
    async with application.platform.open_work(world.tenant, system("test")) as work:
        await _add_products(work, world)
        await _add_stores(work, world)
    return world


async def _add_products(work: Work, world: World) -> None:
    store = world.store_keys["S1"]
    for number in range(60):
        one = Variant(sku=f"P{number}", name="x", options=[], unit="PIECE", priced_per=1, price=1_000 + number)
        two = Variant(sku=f"P{number}-L", name="y", options=[], unit="PIECE", priced_per=1, price=2_000 + number)
        await catalog.add_product(
            work, Product(slug=f"p{number}", name=f"P{number}", description="", images=[]), [one, two]
        )
        await work.session.flush()
        work.add(Shelf(store_id=store, variant_id=one.id, price=990 + number))
        await inventory.correct(work, store, one.id, Correction("OPENING", delta=7))


async def _add_stores(work: Work, world: World) -> None:
    for number in range(60):
        place = GeoPoint(PEOPLES_SQUARE.latitude + number / 2_000, PEOPLES_SQUARE.longitude)
        shop = Store(
            code=f"N{number}", name="x", city="上海", address="x", hours=ALWAYS, fulfilments=["PICKUP", "DELIVERY"],
            latitude=place.latitude, longitude=place.longitude,
        )  # fmt: skip
        key = await stores.open_store(work, shop, area=[place.cell(9)])
        await work.session.flush()
        await inventory.correct(work, key, world.variant_keys["MILK-1L"], Correction("OPENING", delta=7))


async def _count(client: Client, query: str, **variables: Any) -> tuple[list[str], dict[str, Any]]:
    """The statements of a request, whose document and brand are known already, and its data."""
    await client.run(query, **variables)
    with listening() as sent:
        data = await client.run(query, **variables)
    return sent, data


async def _list(client: Client, world: World, first: int) -> list[str]:
    sent, data = await _count(client, PRODUCTS, first=first, store=world.stores["S1"])
    variants = [variant for node in data["products"]["nodes"] for variant in node["variants"]]
    assert len(data["products"]["nodes"]) == first
    assert all(variant["price"]["amount"] for variant in variants)
    assert {variant["stock"]["available"] for variant in variants} == {0, 7}
    return sent


async def _page(client: Client, world: World, first: int) -> list[str]:
    sent, data = await _count(client, PAGE, slug="milk", store=world.stores["S1"], here=HERE, first=first)
    milk = data["product"]["variants"][0]
    assert len(milk["nearbyStock"]) == first
    assert (milk["price"]["amount"], milk["stock"]["available"]) == ("15.90", 99)
    return sent


async def _near(client: Client, world: World, first: int) -> list[str]:
    items = [{"variantId": world.variants["MILK-1L"], "quantity": 2}]
    wish = {"location": HERE, "radiusMeters": 5_000, "items": items, "first": first}
    sent, data = await _count(client, NEAR, input=wish)
    assert [match["hasAllItems"] for match in data["storesNear"]] == [True] * first
    return sent


@pytest.mark.parametrize(("ask", "most"), [(_list, 6), (_page, 15), (_near, 8)], ids=["list", "page", "near"])
async def test_fifty_rows_take_as_many_statements_as_one(
    application: Application, large: World, ask: Any, most: int
) -> None:
    client = Client(application, large.tenant.slug)
    one, fifty = await ask(client, large, 1), await ask(client, large, 50)
    print(f"{ask.__name__[1:]}: {len(one)} statements for 1 row, {len(fifty)} for 50")  # noqa: T201 - the figure is wanted
    assert fifty == one
    assert one[0].startswith("BEGIN READ ONLY")
    assert one[-1] in {"COMMIT", "ROLLBACK"}
    assert len(one) <= most, one


async def test_loading_for_one_parent_at_a_time_would_be_noticed(
    application: Application, large: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def one_by_one(self: Execution, site: Site, parents: Sequence[Any]) -> list[Any]:
        arguments = site.arguments(self._variables)
        return [(await load(site.relation, [one], self._info, site.node, arguments))[0] for one in parents]

    monkeypatch.setattr(Execution, "load", one_by_one)
    client = Client(application, large.tenant.slug)
    assert len(await _list(client, large, 50)) > 10 * len(await _list(client, large, 1))
