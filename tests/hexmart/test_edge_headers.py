"""What every response tells a browser: nothing here is a page, and nobody may frame, sniff or embed it."""

import pytest

from hexmart.app import Application
from hexmart.testing import World
from hexmart.testing.brands import build_world
from tenants import documents
from tests.hexmart.asking import BRAND, JSON, Answer, Headers, ask

pytestmark = pytest.mark.anyio

ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
}
INERT = "default-src 'none'; frame-ancestors 'none'"
KEPT = "?documentId=kept"


@pytest.fixture(scope="module")
async def world(application: Application) -> World:
    """One brand for all of these, that has registered a document."""
    world = await build_world(application.platform)
    await documents.register(application.platform, world.tenant, {"kept": "{ brand { slug } }"})
    return world


def assert_secure(answer: Answer, policy: str = INERT) -> None:
    found = {name: answer.header(name) for name in ALWAYS}
    assert found == ALWAYS
    told = answer.header("content-security-policy")
    assert told is not None
    assert told.startswith(policy)


@pytest.mark.parametrize(
    ("method", "target", "headers", "body", "status"),
    [
        ("POST", "/graphql", [JSON], BRAND, 200),
        ("POST", "/graphql", [JSON], b"garbage", 400),
        ("POST", "/graphql", [JSON], b'{"query": "{ nothing }"}', 200),
        ("POST", "/graphql", [], BRAND, 415),
        ("POST", "/graphql", [JSON, ("X-Tenant", "another")], BRAND, 400),
        ("POST", "/graphql", [JSON, ("Origin", "https://stranger.example")], BRAND, 403),
        ("POST", "/graphql", [JSON, ("Content-Length", "999999")], BRAND, 413),
        ("GET", f"/graphql{KEPT}", [], b"", 200),
        ("GET", "/graphql?documentId=nobody", [], b"", 200),
        ("GET", "/graphql", [], b"", 400),
        ("OPTIONS", "/graphql", [], b"", 204),
        ("HEAD", f"/graphql{KEPT}", [], b"", 405),
        ("DELETE", "/graphql", [], b"", 405),
        ("GET", "/health", [], b"", 200),
        ("GET", "/ready", [], b"", 200),
        ("GET", "/metrics", [], b"", 200),
        ("POST", "/health", [], b"", 405),
        ("GET", "/nowhere", [], b"", 404),
        ("GET", "/docs", [], b"", 404),
        ("GET", "/openapi.json", [], b"", 404),
        ("OPTIONS", "/oauth/anything", [], b"", 204),
    ],
)
async def test_every_response_is_inert(
    application: Application, world: World, method: str, target: str, headers: Headers, body: bytes, status: int
) -> None:
    told = [("X-Tenant", world.tenant.slug), *headers]
    answer = await ask(application, method, target, told, [body])
    assert answer.status == status
    assert_secure(answer)
    assert answer.header("strict-transport-security") is None


async def test_a_kept_answer_is_as_inert_as_its_first_giving_and_so_is_its_tag(
    application: Application, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application.platform.changes, "hearing", lambda: True)
    told = [("X-Tenant", world.tenant.slug)]
    first, hits = await ask(application, "GET", f"/graphql{KEPT}", told), application.answers.hits
    kept = await ask(application, "GET", f"/graphql{KEPT}", told)
    assert application.answers.hits == hits + 1
    etag = first.header("etag")
    assert etag is not None
    tagged = await ask(application, "GET", f"/graphql{KEPT}", [*told, ("If-None-Match", etag)])
    assert (kept.headers, tagged.status) == (first.headers, 304)
    assert_secure(kept)
    assert_secure(tagged)


async def test_graphiql_keeps_a_policy_of_its_own(application: Application) -> None:
    answer = await ask(application, "GET", headers=[("Accept", "text/html")])
    assert answer.status == 200
    assert_secure(answer, "default-src 'none'; script-src https://")


@pytest.mark.parametrize("target", ["/graphql", "/health", "/nowhere", f"/graphql{KEPT}"])
async def test_in_production_the_next_visit_is_by_tls(in_production: Application, world: World, target: str) -> None:
    answer = await ask(in_production, "GET", target, [("X-Tenant", world.tenant.slug)])
    assert_secure(answer)
    assert answer.header("strict-transport-security") == "max-age=31536000"


@pytest.mark.parametrize(("method", "target", "status"), [("GET", "/nowhere", 404), ("POST", "/health", 405)])
async def test_a_path_that_is_not_there_is_said_in_json_and_no_more(
    application: Application, method: str, target: str, status: int
) -> None:
    answer = await ask(application, method, target)
    assert (answer.status, answer.code()) == (status, "BAD_REQUEST")
    assert answer.header("content-type") == "application/json; charset=utf-8"
    assert answer.header("server") is None
    assert set(answer.json()) == {"data", "errors"}
    assert answer.json()["errors"][0]["message"] in {"Not Found", "Method Not Allowed"}
