"""Requests that are no GraphQL: a status, a code, and never a stack trace."""

from collections.abc import Mapping
from typing import Any

import httpx
import orjson
import pytest

from hexmart.app import Application
from hexmart.testing import World
from hexmart.testing.brands import build_world

pytestmark = pytest.mark.anyio

BRAND = b'{"query": "{ brand { slug } }"}'
NODE = '{"query": "query($id: ID!) { node(id: $id) { id } }", "variables": {"id": %s}}'
TEXT = '{"query": "query($x: String!) { store(code: $x) { code } }", "variables": {"x": "%s"}}'
LARGEST = 64 * 1024  # of a guest


@pytest.fixture(scope="module")
async def world(application: Application) -> World:
    """One brand for all of these."""
    return await build_world(application.platform)


async def send(
    application: Application, body: bytes, headers: Mapping[str, str], method: str = "POST"
) -> tuple[int, Any]:
    transport = httpx.ASGITransport(app=application)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
        answer = await http.request(method, "/graphql", content=body, headers=dict(headers))
    return answer.status_code, answer.json()


def headers_of(world: World, **more: str) -> dict[str, str]:
    return {"X-Tenant": world.tenant.slug, "Content-Type": "application/json"} | more


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"garbage", 400),
        (b'{"query": "{ brand { slug } }"', 400),
        (b"\xff\xfe", 400),
        (b'{"query": "\xff"}', 400),
        (b"null", 400),
        (b"[]", 400),
        (b"[%s]" % BRAND, 400),
        (b"{}", 400),
        (b'{"query": 5}', 400),
        (b'{"query": "{ brand { slug } }", "variables": []}', 400),
        (b'{"query": "{ brand { slug } }", "variables": "{}"}', 400),
        (b'{"query": "{ brand { slug } }", "operationName": 5}', 400),
        (b'{"query": "{ brand { slug } }", "operationName": "Nothing"}', 200),
        (b'{"query": ""}', 200),
        ((NODE % "NaN").encode(), 400),
        ((NODE % "1e400").encode(), 400),
        ((NODE % ("[" * 5_000 + "]" * 5_000)).encode(), 400),
        ((NODE % ('{"a":' * 5_000 + "1" + "}" * 5_000)).encode(), 400),
        ((TEXT % "\\u0000").encode(), 400),
        ((TEXT % "\\ud800").encode(), 400),
        ((TEXT % "\\udc00\\ud800").encode(), 400),
        (b'{"query": "{ store(code: \\"\\\\u0000\\") { code } }"}', 400),
        (b'{"query": "{ store(code: \\"\\u005cu0000\\") { code } }"}', 400),
        (b'{"query": "{ store(code: \\"\\u005cu{0}\\") { code } }"}', 400),
    ],
)
async def test_a_body_that_is_no_request_is_refused(
    application: Application, world: World, body: bytes, status: int
) -> None:
    answered, response = await send(application, body, headers_of(world))
    codes = [error["extensions"]["code"] for error in response["errors"]]
    assert (answered, response["data"], codes) == (status, None, ["BAD_REQUEST"])


async def test_a_body_may_be_as_large_as_the_limit_and_no_larger(application: Application, world: World) -> None:
    body = (TEXT % "x").encode()
    status, response = await send(application, body.ljust(LARGEST), headers_of(world))
    assert (status, response["data"]) == (200, {"store": None})
    status, response = await send(application, body.ljust(LARGEST + 1), headers_of(world))
    assert (status, response["errors"][0]["extensions"]["code"]) == (413, "QUERY_TOO_COMPLEX")


async def test_variables_that_nest_too_deeply_are_refused(application: Application, world: World) -> None:
    status, response = await send(application, (NODE % ("[" * 900 + "]" * 900)).encode(), headers_of(world))
    assert (status, response["errors"][0]["extensions"]["code"]) == (200, "QUERY_TOO_COMPLEX")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
async def test_only_post_is_answered(application: Application, world: World, method: str) -> None:
    status, response = await send(application, BRAND, headers_of(world), method)
    assert (status, response["errors"][0]["extensions"]["code"]) == (405, "BAD_REQUEST")


@pytest.mark.parametrize("kind", ["text/plain", "application/graphql", "multipart/form-data; boundary=x", ""])
async def test_only_json_is_read(application: Application, world: World, kind: str) -> None:
    status, response = await send(application, BRAND, headers_of(world) | {"Content-Type": kind})
    assert (status, response["errors"][0]["extensions"]["code"]) == (415, "BAD_REQUEST")
    status, response = await send(
        application, BRAND, headers_of(world) | {"Content-Type": "Application/JSON; charset=utf-8"}
    )
    assert (status, response["data"]) == (200, {"brand": {"slug": world.tenant.slug}})


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Authorization": "garbage"}, "UNAUTHENTICATED"),
        ({"Authorization": "Bearer"}, "UNAUTHENTICATED"),
        ({"Authorization": "Bearer a.b.c"}, "UNAUTHENTICATED"),
        ({"Authorization": "Basic b3duZXI6aGV4bWFydA=="}, "UNAUTHENTICATED"),
        ({"Authorization": ""}, "UNAUTHENTICATED"),
        ({"X-Tenant": ""}, "BAD_REQUEST"),
        ({"X-Tenant": "nobody"}, "TENANT_UNKNOWN"),
        ({"X-Tenant": "x" * 5_000}, "TENANT_UNKNOWN"),
        ({"X-Tenant": "a'; DROP TABLE tenant"}, "TENANT_UNKNOWN"),
        ({"Host": "nobody.localhost"}, "TENANT_UNKNOWN"),
        ({"Host": "shop.example", "X-Tenant": ""}, "BAD_REQUEST"),  # the host names no brand either
    ],
)
async def test_headers_that_lead_nowhere_are_refused(
    application: Application, world: World, headers: dict[str, str], code: str
) -> None:
    status, response = await send(application, BRAND, headers_of(world) | headers)
    codes = [error["extensions"]["code"] for error in response["errors"]]
    assert (status, response["data"], codes) == (200, None, [code])


async def test_every_answer_has_an_id_and_is_kept_by_nobody(application: Application, world: World) -> None:
    transport = httpx.ASGITransport(app=application)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
        first = await http.post("/graphql", content=BRAND, headers=headers_of(world))
        second = await http.post("/graphql", content=b"garbage", headers=headers_of(world))
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    assert first.headers["cache-control"] == second.headers["cache-control"] == "no-store"
    assert orjson.loads(first.content)["data"] == {"brand": {"slug": world.tenant.slug}}
