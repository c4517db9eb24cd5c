"""Looking around in the catalog."""

from typing import Any

import httpx
import pytest

from core.ids import new_id
from hexmart.app import Application
from hexmart.testing import Client, World
from hexmart.testing.brands import build_world
from schema.relay import global_id

pytestmark = pytest.mark.anyio

PRODUCTS = """
query($first: Int! = 20, $after: String, $where: ProductWhere, $search: String, $sort: ProductSort) {
  products(first: $first, after: $after, where: $where, search: $search, sort: $sort) {
    totalCount nodes { id slug name } edges { cursor node { slug } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }
"""
PRODUCT = """id slug name description category { slug name } images rating
  priceRange { min { amount currency } max { amount currency } } variants { sku }"""
VARIANT = """id sku barcode name unit pricedPer options { name value } product { slug }
  price { amount currency } listPrice { amount } stock { available onHand reserved }"""


@pytest.fixture(scope="module")
async def world(application: Application) -> World:
    """One brand for all of these: they only look."""
    return await build_world(application.platform)


async def slugs(client: Client, **asked: object) -> list[str]:
    """The products of a listing."""
    return [node["slug"] for node in (await client.run(PRODUCTS, **asked))["products"]["nodes"]]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("NEWEST", ["bread", "apple", "milk"]),
        ("PRICE_LOW", ["apple", "bread", "milk"]),
        ("PRICE_HIGH", ["milk", "bread", "apple"]),
    ],
)
async def test_products_come_in_the_order_asked_for(client: Client, sort: str, expected: list[str]) -> None:
    assert await slugs(client, sort=sort) == expected


@pytest.mark.parametrize("sort", ["NEWEST", "NAME", "PRICE_LOW", "PRICE_HIGH", "RELEVANCE"])
async def test_cursors_lead_through_every_product_once(client: Client, sort: str) -> None:
    search = "食品" if sort == "RELEVANCE" else None
    whole = await slugs(client, sort=sort, search=search)
    seen: list[str] = []
    after, more = None, True
    while more:
        page = (await client.run(PRODUCTS, first=1, after=after, sort=sort, search=search))["products"]
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        assert page["pageInfo"]["startCursor"] == page["pageInfo"]["endCursor"] == page["edges"][0]["cursor"]
        assert (page["totalCount"], page["nodes"][0]["slug"]) == (3, page["edges"][0]["node"]["slug"])
        seen += [node["slug"] for node in page["nodes"]]
        assert len(seen) <= 3, "the pages go round in a circle"
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert seen == whole
    assert sorted(seen) == ["apple", "bread", "milk"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("牛奶", ["milk"]),
        ("红富士", ["apple"]),
        ("果", ["apple"]),
        ("fres", ["milk"]),
        ("FUJI", ["apple"]),
        ("wholemeal bread", ["bread"]),
        ("bread milk", []),
        ("橙子", []),
        ("!", []),
    ],
)
async def test_a_search_finds_chinese_and_latin_names(client: Client, words: str, expected: list[str]) -> None:
    assert await slugs(client, search=words) == expected


async def test_filters_narrow_a_listing(client: Client, world: World) -> None:
    food = (await client.run("{ categories { id slug } }"))["categories"][0]["id"]
    assert len(await slugs(client, where={"categoryId": food})) == 3
    assert await slugs(client, where={"priceFrom": 1000, "priceTo": 1500}) == ["bread"]
    assert await slugs(client, where={"inStockAt": world.stores["S3"]}) == []
    assert len(await slugs(client, where={"inStockAt": world.stores["S2"]})) == 3
    assert await slugs(client, where={"categoryId": "nothing"}) == []
    assert await slugs(client, where={"inStockAt": global_id("Store", new_id())}) == []


async def test_a_product_is_found_by_id_and_by_slug(client: Client) -> None:
    by_slug = (await client.run(f'{{ product(slug: "milk") {{ {PRODUCT} }} }}'))["product"]
    by_id = (await client.run(f"query($id: ID!) {{ product(id: $id) {{ {PRODUCT} }} }}", id=by_slug["id"]))["product"]
    assert by_id == by_slug
    assert by_slug["name"] == by_slug["description"] == "鲜牛奶"
    assert by_slug["category"] == {"slug": "food", "name": "食品"}
    assert by_slug["priceRange"]["min"] == {"amount": "15.90", "currency": "CNY"}
    assert by_slug["priceRange"]["max"] == {"amount": "28.90", "currency": "CNY"}
    assert [variant["sku"] for variant in by_slug["variants"]] == ["MILK-1L", "MILK-2L"]


async def test_a_variant_is_found_by_id_code_and_barcode(client: Client, world: World) -> None:
    selectors = {"id": world.variants["APPLE"], "sku": "APPLE", "barcode": "2100034000002"}
    kinds = {"id": "ID", "sku": "String", "barcode": "String"}
    found: list[dict[str, Any]] = []
    for name, value in selectors.items():
        query = f"query($x: {kinds[name]}!) {{ variant({name}: $x) {{ {VARIANT} }} }}"
        found.append((await client.run(query, x=value))["variant"])
    assert found[0] == found[1] == found[2]
    assert (found[0]["unit"], found[0]["pricedPer"], found[0]["price"]["amount"]) == ("GRAM", 500, "8.99")
    assert found[0]["product"] == {"slug": "apple"}


async def test_the_public_sees_no_more_than_99_of_a_variant(client: Client, clerk: Client) -> None:
    query = '{ variant(sku: "APPLE") { stock { available onHand reserved } } }'
    assert (await client.run(query))["variant"]["stock"] == {"available": 99, "onHand": None, "reserved": None}
    assert (await clerk.run(query))["variant"]["stock"] == {"available": 2000, "onHand": 2000, "reserved": 0}


@pytest.mark.parametrize("selector", ['sku: "NONE"', 'barcode: "1"', 'id: "x"'])
async def test_what_is_unknown_is_null(client: Client, world: World, selector: str) -> None:
    assert await client.run(f"{{ variant({selector}) {{ sku }} }}") == {"variant": None}
    wrong = {"a": global_id("Product", new_id()), "b": world.stores["S1"]}
    query = "query($a: ID!, $b: ID!) { a: product(id: $a) { slug } b: product(id: $b) { slug } }"
    assert await client.run(query, **wrong) == {"a": None, "b": None}


async def test_nodes_are_read_again_by_their_ids_in_order(client: Client, world: World) -> None:
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { id __typename ... on Store { code } } }"
    store, milk = world.stores["S2"], world.variants["MILK-1L"]
    nodes = (await client.run(query, ids=[milk, "garbage", store, global_id("Store", new_id()), milk]))["nodes"]
    assert nodes == [
        {"id": milk, "__typename": "ProductVariant"},
        None,
        {"id": store, "__typename": "Store", "code": "S2"},
        None,
        {"id": milk, "__typename": "ProductVariant"},
    ]
    single = await client.run("query($id: ID!) { node(id: $id) { id __typename } }", id=milk)
    assert single == {"node": nodes[0]}


@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "Fresh milk"), ("en-GB,zh;q=0.5", "Fresh milk"), ("zh-CN", "鲜牛奶"), ("fr", "鲜牛奶")],
)
async def test_names_are_read_in_the_language_asked_for(
    application: Application, world: World, language: str, name: str
) -> None:
    headers = {"X-Tenant": world.tenant.slug, "Accept-Language": language}
    query = '{ product(slug: "milk") { name variants { name } category { name } } store(code: "S1") { name } }'
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=application), base_url="http://localhost") as http:
        data = (await http.post("/graphql", json={"query": query}, headers=headers)).json()["data"]
    assert data["product"]["name"] == data["product"]["variants"][0]["name"] == name
    english = name == "Fresh milk"
    assert data["product"]["category"]["name"] == ("Food" if english else "食品")
    assert data["store"]["name"] == ("Store S1" if english else "S1店")
