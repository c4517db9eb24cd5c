"""What nobody has foreseen, at every stage of a request: the caller learns an id, the log the rest but no words."""

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

import orjson
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse
from sqlalchemy.ext.asyncio import AsyncEngine

from core import catalog
from core.catalog.rows import VariantRow
from core.work import Work
from hexmart import bodies, graphql, replies
from hexmart.app import Application
from hexmart.callers import Callers
from hexmart.metrics import Metrics
from hexmart.replies import Replies
from hexmart.rest import Rest
from hexmart.settings import Settings
from hexmart.testing import Client, World
from schema.context import Info
from schema.engine import Engine
from tenants import Platform
from tenants.registry import Registry
from tests.hexmart.asking import BRAND, JSON, Answer, Headers, ask
from tests.hexmart.faults import (
    Lines,
    Plant,
    assert_masked,
    fails,
    fails_later,
    logged,
    loses_its_connection,
    planted,
)

pytestmark = pytest.mark.anyio


def fails_with_data(response: Mapping[str, Any]) -> None:
    """As it does where a value of the answer is nothing that JSON has."""
    if response["data"] is not None:
        fails()


UNKNOWN_BRAND = {
    "headers that stand twice": planted(graphql, "require_once"),
    "the content type": planted(bodies, "require_json"),
    "the host": planted(Callers, "tenant", fails_later),
    "the registry": planted(Registry, "by_slug", fails_later),
    "the registry without its connection": planted(Registry, "by_slug", loses_its_connection),
}
KNOWN_BRAND = {
    "the token": planted(Platform, "token_keys"),
    "the body": planted(bodies, "read", fails_later),
    "the parsing of the body": planted(graphql, "from_body"),
    "the document": planted(graphql, "document_of", fails_later),
    "the engine": planted(Engine, "execute", fails_later),
    "the engine without its connection": planted(Engine, "execute", loses_its_connection),
    "the end of the transaction": planted(Info, "end", fails_later),
    "the bytes of the answer": planted(replies, "_seconds_to_wait", fails_with_data),
}
EXECUTION = {
    "a root field": planted(catalog, "product_by_slug", fails_later),
    "a relation": planted(catalog, "variants_of", fails_later),
    "a statement that loses its connection": planted(Work, "fetch", loses_its_connection),
    "a leaf": lambda patch: patch.setattr(VariantRow, "sku", property(fails, lambda *_: None)),
}
ENDPOINTS = {
    "/metrics": planted(Metrics, "collect"),
    "/ready": planted(AsyncEngine, "connect"),
}
PRODUCT = orjson.dumps({"query": '{ product(slug: "bread") { name variants { sku } } }'})


@pytest.fixture
def lines(settings: Settings) -> Iterator[Lines]:
    with logged(settings) as written:
        yield written


@pytest.fixture
async def told(client: Client, world: World) -> Headers:
    """Of a member of staff, whose token has to be looked at."""
    manager = await client.staff(world.email("manager"))
    return [JSON, ("X-Tenant", world.tenant.slug), ("Authorization", f"Bearer {manager.token}")]


@pytest.mark.parametrize("stage", [*UNKNOWN_BRAND, *KNOWN_BRAND])
async def test_a_fault_outside_of_execution_is_masked(
    application: Application, world: World, told: Headers, lines: Lines, stage: str
) -> None:
    answer = await hurt(application, told, (UNKNOWN_BRAND | KNOWN_BRAND)[stage])
    assert_masked(answer, lines(), world.tenant.slug if stage in KNOWN_BRAND else None)
    assert (await ask(application, headers=told)).json()["data"]


@pytest.mark.parametrize("stage", EXECUTION)
async def test_a_fault_of_execution_is_masked(application: Application, world: World, lines: Lines, stage: str) -> None:
    told = [JSON, ("X-Tenant", world.tenant.slug)]
    answer = await hurt(application, told, EXECUTION[stage], PRODUCT)
    assert_masked(answer, lines(), world.tenant.slug, status=200)


@pytest.mark.parametrize("path", ENDPOINTS)
async def test_a_fault_of_an_endpoint_is_masked(application: Application, lines: Lines, path: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        ENDPOINTS[path](patch)
        answer = await ask(application, "GET", path)
    assert_masked(answer, lines(), None)


async def test_a_fault_in_the_midst_of_an_answer_adds_nothing_to_it(application: Application, lines: Lines) -> None:
    async def halves() -> AsyncIterator[bytes]:
        yield b"half"
        fails()

    inner = FastAPI()
    inner.add_api_route("/halves", lambda: StreamingResponse(halves()))
    rest = Rest(inner, application._graphql._origins, Replies(production=False), application.engine.storefront)
    answer = await ask(rest, "GET", "/halves")
    assert (answer.status, answer.body) == (200, b"half")
    assert answer.header("x-content-type-options") == "nosniff"
    [line] = lines()
    assert "Planted" in line["exception"]


async def test_a_parameter_that_is_wrong_is_not_given_back(application: Application) -> None:
    inner = FastAPI()
    inner.add_api_route("/numbered/{number}", _numbered)
    rest = Rest(inner, application._graphql._origins, Replies(production=False), application.engine.storefront)
    assert (await ask(rest, "GET", "/numbered/7")).json() == 7
    answer = await ask(rest, "GET", "/numbered/seven")
    assert (answer.status, answer.code()) == (422, "BAD_REQUEST")
    assert b"seven" not in answer.body


async def test_a_body_for_an_endpoint_is_bounded_too(application: Application) -> None:
    inner = FastAPI()
    inner.add_api_route("/length", _length, methods=["POST"])
    rest = Rest(inner, application._graphql._origins, Replies(production=False), application.engine.storefront)
    assert (await ask(rest, "POST", "/length", parts=[b" " * 65_536])).json() == 65_536
    for parts, headers in (([b" " * 65_536, b" "], []), ([], [("Content-Length", "65537")])):
        answer = await ask(rest, "POST", "/length", headers, parts, ends=False)
        assert (answer.status, answer.code()) == (413, "QUERY_TOO_COMPLEX")


async def _numbered(number: int) -> int:
    return number


async def _length(request: Request) -> int:
    return len(await request.body())


async def hurt(application: Application, told: Headers, plant: Plant, body: bytes = BRAND) -> Answer:
    with pytest.MonkeyPatch.context() as patch:
        plant(patch)
        return await ask(application, headers=told, parts=[body])
