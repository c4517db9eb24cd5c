"""Pages of web shops: those of a brand's own origins may call it, no other page may do anything or read an answer."""

from collections.abc import Sequence

import pytest

from core.actors import system
from hexmart.app import Application
from hexmart.testing import Client, World
from tenants import documents
from tests.hexmart.asking import BRAND, JSON, Answer, Headers, ask
from tests.hexmart.shops import OTHER, SHOP, list_origins

pytestmark = pytest.mark.anyio

STRANGER = "https://stranger.example"
ASKS = ("Access-Control-Request-Method", "POST")
ALLOWED = "access-control-allow-origin"
CART = b'{"query": "mutation { cartCreate(input: {}) { cart { id } } }"}'
CARTS = "SELECT count(*) FROM cart WHERE tenant_id = $1"


@pytest.fixture(autouse=True)
async def owner(client: Client, world: World, other_world: World) -> Client:
    """Of the brand, which has one web shop; the other brand has another."""
    other = await Client(client.application, other_world.tenant.slug).staff(other_world.email("owner"))
    await list_origins(other, OTHER)
    owner = await client.staff(world.email("owner"))
    await list_origins(owner, SHOP)
    return owner


def of(world: World, origin: str, *more: tuple[str, str]) -> Headers:
    return [JSON, ("X-Tenant", world.tenant.slug), ("Origin", origin), *more]


def refusal(answer: Answer) -> tuple[int, str, str | None]:
    return answer.status, answer.code(), answer.header(ALLOWED)


async def test_a_page_of_the_brands_own_shop_reads_the_answer(application: Application, world: World) -> None:
    answer = await ask(application, headers=of(world, SHOP))
    assert answer.json()["data"] == {"brand": {"slug": world.tenant.slug}}
    assert answer.header(ALLOWED) == SHOP
    assert answer.header("access-control-expose-headers") == "x-request-id, retry-after, etag"
    assert "origin" in str(answer.header("vary"))
    assert answer.header("access-control-allow-credentials") is None


async def test_what_goes_wrong_can_be_read_by_it_too(application: Application, world: World) -> None:
    for headers, body in (
        ([], b"garbage"),
        ([("Authorization", "Bearer garbage")], BRAND),
        ([("Content-Encoding", "gzip")], BRAND),
    ):
        answer = await ask(application, headers=of(world, SHOP, *headers), parts=[body])
        assert answer.json()["errors"]
        assert answer.header(ALLOWED) == SHOP


@pytest.mark.parametrize(
    "origin", [STRANGER, OTHER, "null", "", "http://shop.example", "https://shop.example:8443", "https://SHOP.example",
               "https://shop.example.stranger.example", "https://shop.example/", "https://shop.example, https://x.example"]
)  # fmt: skip
async def test_a_page_of_any_other_origin_does_nothing(application: Application, world: World, origin: str) -> None:
    answer = await ask(application, headers=of(world, origin), parts=[CART])
    assert refusal(answer) == (403, "ORIGIN_NOT_LISTED", None)
    async with application.platform.open_work(world.tenant, system("test"), read_only=True) as work:
        assert await work.value(CARTS) == 0
    done = await ask(application, headers=of(world, SHOP), parts=[CART])
    assert done.json()["data"]["cartCreate"]["cart"]["id"]


async def test_a_page_of_the_same_host_needs_no_leave(application: Application, world: World) -> None:
    for headers in (
        of(world, "http://localhost"),
        of(world, "https://localhost"),
        of(world, STRANGER, ("Sec-Fetch-Site", "same-origin")),  # which no page can say of itself
    ):
        answer = await ask(application, headers=headers)
        assert answer.json()["data"] == {"brand": {"slug": world.tenant.slug}}
        assert answer.header(ALLOWED) is None
    for site in ("cross-site", "same-site", "none"):
        answer = await ask(application, headers=of(world, STRANGER, ("Sec-Fetch-Site", site)))
        assert answer.status == 403


@pytest.mark.parametrize("origin", ["http://localhost:3000", "http://shop.localhost:8080", "http://127.0.0.1:5173"])
async def test_a_page_of_this_machine_is_let_in_while_a_shop_is_being_written(
    application: Application, in_production: Application, world: World, origin: str
) -> None:
    assert (await ask(application, headers=of(world, origin))).header(ALLOWED) == origin
    assert (await preflight(application, origin, f"{world.tenant.slug}.localhost")).header(ALLOWED) == origin
    assert refusal(await ask(in_production, headers=of(world, origin))) == (403, "ORIGIN_NOT_LISTED", None)


async def test_without_an_origin_nothing_is_said_of_any(application: Application, world: World) -> None:
    answer = await ask(application, headers=[JSON, ("X-Tenant", world.tenant.slug)])
    assert answer.json()["data"]
    assert not [name for name, _ in answer.headers if name.startswith("access-control")]
    assert "origin" in str(answer.header("vary"))  # so that nobody keeps this for a page


async def preflight(
    application: Application, origin: str, host: str, target: str = "/graphql", more: Sequence[tuple[str, str]] = ()
) -> Answer:
    return await ask(application, "OPTIONS", target, [("Origin", origin), ASKS, *more], [b""], host=host)


@pytest.mark.parametrize("target", ["/graphql", "/oauth/token"])
async def test_a_browser_asks_first_at_the_brands_host(application: Application, world: World, target: str) -> None:
    answer = await preflight(application, SHOP, f"{world.tenant.slug}.localhost", target)
    assert (answer.status, answer.header(ALLOWED), answer.body) == (204, SHOP, b"")
    assert answer.header("access-control-allow-methods") == "GET, POST"
    assert {"authorization", "content-type", "x-tenant"} <= set(
        str(answer.header("access-control-allow-headers")).split(", ")
    )
    assert answer.header("access-control-max-age") == "600"
    assert answer.header("access-control-allow-credentials") is None
    assert "origin" in str(answer.header("vary"))
    for origin in (STRANGER, OTHER, "null", "http://shop.example"):
        refused = await preflight(application, origin, f"{world.tenant.slug}.localhost", target)
        assert refusal(refused) == (403, "ORIGIN_NOT_LISTED", None)


async def test_at_a_host_of_no_brand_every_origin_is_told_the_same(application: Application) -> None:
    told = {
        (answer.status, tuple(pair for pair in answer.headers if pair[0] not in {ALLOWED, "x-request-id"}))
        for answer in [await preflight(application, origin, "localhost") for origin in (SHOP, OTHER, STRANGER)]
    }
    assert len(told) == 1
    assert (await preflight(application, STRANGER, "localhost")).header(ALLOWED) == STRANGER
    assert (await preflight(application, "null", "localhost")).status == 403


async def test_other_paths_know_no_origins(application: Application) -> None:
    assert (await preflight(application, SHOP, "localhost", "/health")).status == 405
    answer = await ask(application, "GET", "/health", [("Origin", SHOP)])
    assert (answer.status, answer.header(ALLOWED)) == (200, None)


async def test_a_kept_answer_says_nothing_of_the_origin_that_asked_for_it_before(
    application: Application, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application.platform.changes, "hearing", lambda: True)
    await documents.register(application.platform, world.tenant, {"brand": "{ brand { slug } }"})
    named = [("X-Tenant", world.tenant.slug)]
    first = await ask(application, "GET", "/graphql?documentId=brand", [*named, ("Origin", SHOP)])
    hits = application.answers.hits
    etag = ("If-None-Match", str(first.header("etag")))
    for origin, allowed in ((None, None), (SHOP, SHOP), (STRANGER, None), (OTHER, None), (SHOP, SHOP), (None, None)):
        told = [*named, *([("Origin", origin)] if origin else [])]
        for more in ([], [etag]):
            answer = await ask(application, "GET", "/graphql?documentId=brand", [*told, *more])
            assert answer.status == (304 if more else 200)
            assert answer.all_of(ALLOWED) == ([allowed] if allowed else [])
            assert "origin" in str(answer.header("vary"))
    assert application.answers.hits == hits + 12


async def test_an_origin_that_is_struck_off_is_a_strangers_at_once(
    application: Application, world: World, owner: Client
) -> None:
    assert (await ask(application, headers=of(world, SHOP))).status == 200
    await list_origins(owner, OTHER)
    assert (await ask(application, headers=of(world, SHOP))).status == 403
    assert (await ask(application, headers=of(world, OTHER))).header(ALLOWED) == OTHER
