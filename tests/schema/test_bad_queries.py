"""Queries that ask for what cannot be: BAD_REQUEST, with the path of the argument that is meant."""

import base64

import orjson
import pytest

from hexmart.app import Application
from hexmart.testing import Client, World
from hexmart.testing.brands import build_world

pytestmark = pytest.mark.anyio

NEAR = "{ storesNear(input: {location: {latitude: 31.2, longitude: 121.5}, %s}) { score } }"
MILK = '{variantId: "MILK", quantity: 1}'
PLACE = "{ storesNear(input: {location: {latitude: %s, longitude: %s}}) { score } }"
AROUND = '{ variant(sku: "APPLE") { nearbyStock(location: {latitude: %s, longitude: 0}, first: %d) { score } } }'
PRODUCTS, STORES = "{ products(%s) { nodes { slug } } }", "{ stores(%s) { nodes { code } } }"
LATITUDE, LONGITUDE = ["input", "location", "latitude"], ["input", "location", "longitude"]


def cursor(*parts: object) -> str:
    """A cursor as ours are made, of whatever parts."""
    return base64.urlsafe_b64encode(orjson.dumps(parts)).rstrip(b"=").decode()


ANY = "01a22c92-db77-722c-9ee9-37f3086bcab3"  # the same in every process that collects these tests
CURSORS = [
    ("products", "", "garbage"),
    ("products", "", ""),
    ("products", "", "é"),
    ("products", "", cursor("NEWEST", ANY)),
    ("products", "", cursor("NEWEST", "x", ANY)),
    ("products", "", cursor("NAME", "x", ANY)),  # of another order
    ("products", "", cursor({}, [], None)),
    ("products", "sort: PRICE_LOW,", cursor("PRICE_LOW", 10**18 * 10, ANY)),
    ("products", "sort: PRICE_LOW,", cursor("PRICE_LOW", "9" * 30, ANY)),
    ("products", "sort: NAME,", cursor("NAME", "\x00", ANY)),
    ("stores", "", cursor("\x00")),
    ("stores", "", cursor()),
    ("stores", "", cursor("S1", "S2")),
    ("stores", "", base64.b64encode(b"[" * 1_500).decode()),
]
QUERIES = [
    (PLACE % ("90.1", "0"), LATITUDE),
    (PLACE % ("-91", "0"), LATITUDE),
    (PLACE % ("1e400", "0"), LATITUDE),
    (PLACE % ("0", "180.5"), LONGITUDE),
    (PLACE % ("0", "-1e9"), LONGITUDE),
    *[(NEAR % f"radiusMeters: {radius}", ["input", "radiusMeters"]) for radius in (0, -1, 100_001)],
    *[(NEAR % f"first: {first}", ["input", "first"]) for first in (0, -1, 101)],
    (NEAR % 'items: [{variantId: "MILK", quantity: 0}]', ["input", "items", "quantity"]),
    (NEAR % 'items: [{variantId: "MILK", quantity: -5}]', ["input", "items", "quantity"]),
    (NEAR % 'items: [{variantId: "MILK", quantity: 100001}]', ["input", "items", "quantity"]),
    (NEAR % f"items: [{MILK * 51}]", ["input", "items"]),
    *[(template % f"first: {first}", ["first"]) for template in (PRODUCTS, STORES) for first in (0, -1, 101)],
    (PRODUCTS % f'search: "{"x" * 101}"', ["search"]),
    (PRODUCTS % "sort: RELEVANCE", ["sort"]),
    ('{ store(id: "STORE", code: "S1") { code } }', ["id", "code"]),
    ("{ store { code } }", ["id", "code"]),
    ("{ store(id: null, code: null) { code } }", ["id", "code"]),
    ('{ product(id: "x", slug: "milk") { slug } }', ["id", "slug"]),
    ('{ variant(sku: "APPLE", barcode: "1") { sku } }', ["id", "sku", "barcode"]),
    ("{ variant { sku } }", ["id", "sku", "barcode"]),
    ('{ order(id: "x", number: "1") { id } }', ["id", "number"]),
    ('{ store(code: "S1") { location { cell(resolution: 16) } } }', ["resolution"]),
    ('{ store(code: "S1") { location { cell(resolution: -1) } } }', ["resolution"]),
    (
        '{ variant(sku: "APPLE") { nearbyStock(location: {latitude: 91, longitude: 0}) { score } } }',
        ["location", "latitude"],
    ),
    ('{ variant(sku: "APPLE") { nearbyStock(location: {latitude: 0, longitude: 0}, first: 0) { score } } }', ["first"]),
]
#: what GraphQL itself refuses, before any argument reaches us
MALFORMED = [
    "",
    "   ",
    "{",
    "{ brand { slug }",
    "{ nothing }",
    "{ brand { nothing } }",
    "{ brand }",
    "{ brand { slug { x } } }",
    "fragment F on Query { brand { slug } }",
    "{ ...F }",
    "subscription { x }",
    "query($x: Nothing) { brand { slug } }",
    "query($x: ID!) { node(id: $x) { id } }",
    "{ store(kode: 1) { code } }",
    "{ store(code: 1) { code } }",
    '{ store(code: "\\uD800") { code } }',
    '{ store(code: "\\u{0}") { code } }',
    '{ store(code: "\\u{0000}") { code } }',
    "{ products(first: 2147483648) { nodes { slug } } }",
    "{ products(first: 1.5) { nodes { slug } } }",
    '{ products(first: "1") { nodes { slug } } }',
    PLACE % ("NaN", "0"),
    PLACE % ('"31.2"', "0"),
    "{ storesNear(input: {}) { score } }",
]
BOMBS = [
    "{ " + "a { " * 500 + "b" + " }" * 501,
    "{ nodes(ids: " + "[" * 900 + '"x"' + "]" * 900 + ") { id } }",
    "{ nodes(ids: [%s]) { id } }" % ('"x" ' * 101),
    "{ " + "brand { slug } " * 1_000 + "}",
]


@pytest.fixture(scope="module")
async def world(application: Application) -> World:
    """One brand for all of these."""
    return await build_world(application.platform)


async def refused(client: Client, document: str) -> tuple[str, object]:
    """Code and path of the one error of a document."""
    response = await client.send(document)
    assert len(response["errors"]) == 1, response
    assert not any((response["data"] or {}).values()) or "variant(" in document or "store(" in document
    extensions = response["errors"][0]["extensions"]
    return extensions["code"], extensions.get("path")


@pytest.mark.parametrize(("document", "path"), QUERIES)
async def test_an_argument_that_cannot_be_is_named(
    client: Client, world: World, document: str, path: list[str]
) -> None:
    asked = document.replace('"MILK"', f'"{world.variants["MILK-1L"]}"').replace('"STORE"', f'"{world.stores["S1"]}"')
    assert await refused(client, asked) == ("BAD_REQUEST", path)


@pytest.mark.parametrize(("field", "more", "after"), CURSORS)
async def test_a_cursor_of_nobodys_making_is_refused(client: Client, field: str, more: str, after: str) -> None:
    document = f"query($after: String!) {{ {field}({more} after: $after) {{ nodes {{ id }} }} }}"
    response = await client.send(document, after=after)
    assert [error["extensions"] for error in response["errors"]] == [{"code": "BAD_REQUEST", "path": ["after"]}]
    assert response["data"] is None


@pytest.mark.parametrize("document", MALFORMED)
async def test_a_document_that_is_none_is_refused(client: Client, document: str) -> None:
    response = await client.send(document)
    assert response["data"] is None
    assert {orjson.dumps(error["extensions"]) for error in response["errors"]} == {b'{"code":"BAD_REQUEST"}'}


@pytest.mark.parametrize(
    "variables",
    [{}, {"id": None}, {"id": 1.5}, {"id": True}, {"id": []}, {"id": {"deep": [[[[]]]]}}],
)
async def test_variables_that_do_not_fit_are_refused(client: Client, variables: dict[str, object]) -> None:
    response = await client.send("query($id: ID!) { node(id: $id) { id } }", **variables)
    assert [error["extensions"] for error in response["errors"]] == [{"code": "BAD_REQUEST"}]


async def test_a_variable_that_nobody_declared_is_nobodys_business(client: Client) -> None:
    assert await client.run("query($id: ID!) { node(id: $id) { id } }", id="x", other=1) == {"node": None}


@pytest.mark.parametrize("document", BOMBS)
async def test_a_document_that_is_too_much_is_refused(client: Client, document: str) -> None:
    assert await client.code(document) == "QUERY_TOO_COMPLEX"
