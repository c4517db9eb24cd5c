"""GET reads: no way of spelling a request has it do anything."""

from collections.abc import AsyncIterator
from urllib.parse import urlencode

import orjson
import pytest

from core.actors import system
from hexmart.app import Application
from hexmart.testing import World
from hexmart.testing.brands import build_world
from tenants import documents
from tests.hexmart.asking import JSON, Answer, ask

pytestmark = pytest.mark.anyio

MUTATION = "mutation { cartCreate(input: {}) { cart { id } } }"
DOCUMENTS = {
    "read": "{ brand { slug } }",
    "do": MUTATION,
    "either": "query Read { brand { slug } } mutation Do { cartCreate(input: {}) { cart { id } } }",
    "commented": "# query { brand { slug } }\n" + MUTATION,
}
CARTS = "SELECT count(*) FROM cart WHERE tenant_id = $1"


@pytest.fixture(scope="module")
async def world(application: Application) -> World:
    """One brand for all of these."""
    world = await build_world(application.platform)
    await documents.register(application.platform, world.tenant, DOCUMENTS)
    return world


@pytest.fixture(autouse=True)
async def nothing_is_done(application: Application, world: World) -> AsyncIterator[None]:
    """Whatever is asked here: no cart may come of it."""
    yield
    async with application.platform.open_work(world.tenant, system("test"), read_only=True) as work:
        assert await work.value(CARTS) == 0


async def get(application: Application, world: World, query: str, method: str = "GET", body: bytes = b"") -> Answer:
    told = [("X-Tenant", world.tenant.slug), *([JSON] if body else [])]
    return await ask(application, method, f"/graphql?{query}", told, [body])


@pytest.mark.parametrize(
    "query",
    [
        {"documentId": "do"},
        {"documentId": "commented"},
        {"documentId": "either"},
        {"documentId": "either", "operationName": "Do"},
        {"query": MUTATION},
        {"query": MUTATION, "documentId": "read"},
        {"documentId": "read", "operationName": "Do"},
        {"extensions": orjson.dumps({"persistedQuery": {"version": 1, "sha256Hash": "do"}})},
        {"documentId": "do", "variables": "{}"},
    ],
)
async def test_a_document_that_does_something_is_not_executed(
    application: Application, world: World, query: dict[str, str]
) -> None:
    answer = await get(application, world, urlencode(query))
    assert answer.json()["data"] is None
    assert answer.code() == "BAD_REQUEST"
    assert answer.header("cache-control") == "no-store"


@pytest.mark.parametrize(
    "query",
    ["documentId=read&documentId=do", "documentId=do&documentId=read", "documentId=read&%64ocumentId=do",
     "documentId=read&query=", "documentId=read&variables={}&variables={}"],
)  # fmt: skip
async def test_what_stands_twice_is_not_executed(application: Application, world: World, query: str) -> None:
    answer = await get(application, world, query)
    assert (answer.status, answer.code()) == (400, "BAD_REQUEST")


async def test_a_body_that_comes_with_it_is_not_read(application: Application, world: World) -> None:
    body = orjson.dumps({"query": MUTATION})
    answer = await get(application, world, "documentId=read", body=body)
    assert answer.json()["data"] == {"brand": {"slug": world.tenant.slug}}
    assert (await get(application, world, "", body=body)).status == 400


@pytest.mark.parametrize("method", ["HEAD", "PUT", "PATCH", "DELETE", "TRACE", "QUERY", "get", "Post"])
async def test_no_other_method_is_served(application: Application, world: World, method: str) -> None:
    for query in ("documentId=do", "documentId=read"):
        answer = await get(application, world, query, method, orjson.dumps({"query": MUTATION}))
        assert (answer.status, answer.header("allow")) == (405, "GET, POST, OPTIONS")


async def test_a_method_is_not_changed_by_what_a_header_says(application: Application, world: World) -> None:
    for name in ("X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"):
        told = [("X-Tenant", world.tenant.slug), JSON, (name, "POST")]
        answer = await ask(application, "GET", "/graphql", told, [orjson.dumps({"query": MUTATION})])
        assert answer.status == 400


async def test_the_control_reads(application: Application, world: World) -> None:
    assert (await get(application, world, "documentId=read")).json()["data"]["brand"]
    assert (await get(application, world, "documentId=either&operationName=Read")).json()["data"]["brand"]
