"""GET serves trusted documents that only read, from what it knows, and never shows what was before the last change."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import httpx
import orjson
import pytest

from core.actors import system
from hexmart.app import Application, background
from hexmart.settings import Settings
from hexmart.testing import Client, World
from tenants import documents

pytestmark = pytest.mark.anyio

PRODUCTS = (
    "query Products($first: Int) { products(first: $first) { nodes { name variants { sku price { amount } } } } }"
)
STOCK = "query Stock($store: ID!) { products { nodes { variants { sku stock(storeId: $store) { available } } } } }"
OPEN = "{ stores { nodes { code openNow } } }"
VIEWER = "{ viewer { __typename } }"
CART = "mutation { cartCreate(input: {}) { cart { id } } }"
DOCUMENTS = {"products": PRODUCTS, "stock": STOCK, "open": OPEN, "viewer": VIEWER, "cart": CART}
DEARER = "UPDATE variant SET price = 1700 WHERE tenant_id = $1 AND sku = 'MILK-1L'"


@pytest.fixture(autouse=True)
async def listening(application: Application, settings: Settings, world: World) -> AsyncIterator[None]:
    """A process that hears what others write, and a brand that has registered its documents."""
    await documents.register(application.platform, world.tenant, DOCUMENTS)
    async with background(application.platform, None, settings):
        while not application.platform.changes.hearing():  # noqa: ASYNC110 - the listener is the application's own
            await asyncio.sleep(0.01)
        yield


async def get(
    client: Client, document_id: str, headers: dict[str, str] | None = None, **variables: Any
) -> httpx.Response:
    query = {"documentId": document_id} | ({"variables": orjson.dumps(variables).decode()} if variables else {})
    told = {"X-Tenant": client.slug} | ({"Authorization": f"Bearer {client.token}"} if client.token else {})
    transport = httpx.ASGITransport(app=client.application)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
        return await http.get(f"/graphql?{urlencode(query)}", headers=told | (headers or {}))


def price_of_milk(answer: httpx.Response) -> str:
    nodes = answer.json()["data"]["products"]["nodes"]
    return next(str(v["price"]["amount"]) for node in nodes for v in node["variants"] if v["sku"] == "MILK-1L")


async def test_the_second_asking_is_answered_from_memory(application: Application, client: Client) -> None:
    first, hits = await get(client, "products"), application.answers.hits
    second = await get(client, "products")
    assert application.answers.hits == hits + 1
    assert (second.content, second.headers["etag"]) == (first.content, first.headers["etag"])
    assert second.headers["cache-control"] == "public, no-cache"
    assert "x-tenant" in second.headers["vary"]


async def test_what_the_caller_has_is_not_sent_again(client: Client) -> None:
    first = await get(client, "products")
    for known in (first.headers["etag"], f'"other", W/{first.headers["etag"]}', "*"):
        again = await get(client, "products", {"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert (await get(client, "products", {"If-None-Match": '"other"'})).status_code == 200


async def test_a_new_price_is_in_the_next_answer(application: Application, client: Client, world: World) -> None:
    before = await get(client, "products")
    assert price_of_milk(before) == "15.90"
    async with application.platform.open_work(world.tenant, system("test")) as work:
        await work.execute(DEARER)
    after = await get(client, "products", {"If-None-Match": before.headers["etag"]})
    assert (after.status_code, price_of_milk(after)) == (200, "17.00")


async def test_a_correction_of_stock_is_in_the_next_answer(client: Client, world: World) -> None:
    before = await get(client, "stock", store=world.stores["S1"])
    manager = await client.staff(world.email("manager"))
    correction = {"locationId": world.stores["S1"], "variantId": world.variants["MILK-1L"], "reason": "COUNT"}
    await manager.do("stockAdjust", correction | {"countedTo": 3, "idempotencyKey": "1"})
    after = await get(client, "stock", store=world.stores["S1"])
    assert before.content != after.content
    assert b'{"sku":"MILK-1L","stock":{"available":3}}' in after.content


async def test_what_another_brand_does_leaves_it_alone(
    application: Application, client: Client, other_world: World
) -> None:
    await get(client, "products")
    hits = application.answers.hits
    async with application.platform.open_work(other_world.tenant, system("test")) as work:
        await work.execute(DEARER)
    await get(client, "products")
    assert application.answers.hits == hits + 1


async def test_each_brand_language_and_audience_has_its_own_answers(client: Client, other_world: World) -> None:
    await documents.register(
        client.application.platform, other_world.tenant, {"products": PRODUCTS.replace("sku", "id sku")}
    )
    chinese = await get(client, "products")
    english = await get(client, "products", {"Accept-Language": "en"})
    other = await get(Client(client.application, other_world.tenant.slug), "products")
    assert len({chinese.content, english.content, other.content}) == 3
    member = await get(await client.member("13800000001"), "products")
    assert member.headers["cache-control"] == "private, no-cache"
    assert member.json()["data"] == chinese.json()["data"]


async def test_variables_are_part_of_the_question(client: Client) -> None:
    one, two = await get(client, "products", first=1), await get(client, "products", first=2)
    assert [len(answer.json()["data"]["products"]["nodes"]) for answer in (one, two)] == [1, 2]


@pytest.mark.parametrize("document_id", ["open", "viewer"])
async def test_what_time_or_person_decides_is_kept_by_nobody(
    application: Application, client: Client, document_id: str
) -> None:
    kept = application.answers.size
    first = await get(client, document_id)
    assert first.headers["cache-control"] == "private, no-cache"
    assert application.answers.size == kept
    assert (await get(client, document_id, {"If-None-Match": first.headers["etag"]})).status_code == 304


async def test_staff_are_answered_afresh(application: Application, client: Client, world: World) -> None:
    manager = await client.staff(world.email("manager"))
    await get(client, "stock", store=world.stores["S1"])
    hits = application.answers.hits
    answer = await get(manager, "stock", store=world.stores["S1"])
    assert application.answers.hits == hits
    assert b'"available":100' in answer.content  # the public sees no more than 99


@pytest.mark.parametrize(("document_id", "code"), [("nobody", "PERSISTED_QUERY_NOT_FOUND"), ("cart", "BAD_REQUEST")])
async def test_other_documents_are_refused_and_kept_by_nobody(client: Client, document_id: str, code: str) -> None:
    answer = await get(client, document_id)
    assert [error["extensions"]["code"] for error in answer.json()["errors"]] == [code]
    assert answer.headers["cache-control"] == "no-store"


async def test_documents_are_asked_for_by_post_as_well(client: Client) -> None:
    transport = httpx.ASGITransport(app=client.application)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
        answer = await http.post("/graphql", json={"documentId": "products"}, headers={"X-Tenant": client.slug})
    assert price_of_milk(answer) == "15.90"


async def test_a_brand_may_answer_to_its_own_documents_alone(
    application: Application, client: Client, world: World
) -> None:
    await documents.trust_only(application.platform, world.tenant, True)
    assert await client.code("{ brand { slug } }") == "DOCUMENT_NOT_TRUSTED"
    assert price_of_milk(await get(client, "products")) == "15.90"
    await documents.trust_only(application.platform, world.tenant, False)
    assert (await client.run("{ brand { slug } }"))["brand"]["slug"] == world.tenant.slug
