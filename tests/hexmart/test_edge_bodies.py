"""What is read of a request: JSON that no form can send, no more than is allowed, no longer than some seconds."""

import asyncio

import pytest

from core.actors import system
from hexmart import bodies
from hexmart.app import Application
from hexmart.replies import TurnedAway
from hexmart.testing import Client, World
from hexmart.testing.brands import build_world
from tests.hexmart.asking import BRAND, JSON, Answer, ask

pytestmark = pytest.mark.anyio

CART = b'{"query": "mutation { cartCreate(input: {}) { cart { id } } }"}'
CARTS = "SELECT count(*) FROM cart WHERE tenant_id = $1"
GUESTS, STAFFS = 64 * 1024, 512 * 1024  #: bytes


@pytest.fixture(scope="module")
async def world(application: Application) -> World:
    """One brand for all of these."""
    return await build_world(application.platform)


async def carts(application: Application, world: World) -> int:
    async with application.platform.open_work(world.tenant, system("test"), read_only=True) as work:
        return int(await work.value(CARTS))


async def post(
    application: Application, world: World, body: bytes, *headers: tuple[str, str], ends: bool = True
) -> Answer:
    return await ask(application, headers=[("X-Tenant", world.tenant.slug), *headers], parts=[body], ends=ends)


@pytest.mark.parametrize(
    "kind",
    ["application/json", "Application/JSON", "application/json;charset=utf-8", 'application/json; charset="UTF-8"',
     "application/json ; profile=x", "application/json;", "application/json; charset=utf8"],
)  # fmt: skip
async def test_json_in_utf_8_is_read_whatever_else_its_type_says(
    application: Application, world: World, kind: str
) -> None:
    assert (await post(application, world, BRAND, ("Content-Type", kind))).json()["data"]["brand"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", CART),
        (
            "application/x-www-form-urlencoded",
            b"query=mutation+%7B+cartCreate%28input%3A%7B%7D%29%7Bcart%7Bid%7D%7D%7D",
        ),
        ("text/plain", CART),
        ("text/plain; application/json", CART),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="query"\r\n\r\n{a}\r\n--x--'),
        ("application/graphql", b"mutation { cartCreate(input: {}) { cart { id } } }"),
        ("application/jsonp", CART),
        ("application/json-patch+json", CART),
        ("application/graphql+json", CART),
        ("application/json, text/plain", CART),
        ("application/json; charset=utf-16", CART),
        ("application/json; charset=gbk", CART),
        ("application/json; charset=utf-8; charset=utf-7", CART),
        ("", CART),
    ],
)
async def test_no_other_content_is_executed(application: Application, world: World, kind: str, body: bytes) -> None:
    before = await carts(application, world)
    answer = await post(application, world, body, *([("Content-Type", kind)] if kind else []))
    assert (answer.status, answer.code()) == (415, "BAD_REQUEST")
    assert await carts(application, world) == before


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "zstd", "identity, gzip", "x-gzip"])
async def test_nothing_is_decompressed(application: Application, world: World, encoding: str) -> None:
    answer = await post(application, world, BRAND, JSON, ("Content-Encoding", encoding))
    assert (answer.status, answer.code()) == (415, "BAD_REQUEST")
    assert (await post(application, world, BRAND, JSON, ("Content-Encoding", "identity"))).status == 200


@pytest.mark.parametrize("length", [GUESTS + 1, 10**12, 10**30])
async def test_a_body_that_says_it_is_too_long_is_refused_before_any_of_it_comes(
    application: Application, world: World, length: int
) -> None:
    told = [("X-Tenant", world.tenant.slug), JSON, ("Content-Length", str(length))]
    answer = await asyncio.wait_for(ask(application, headers=told, parts=[], ends=False), 5)
    assert (answer.status, answer.code()) == (413, "QUERY_TOO_COMPLEX")


async def test_a_body_without_a_length_is_cut_off_where_it_is_too_long(application: Application, world: World) -> None:
    parts = [b" " * 1024] * 80
    answer = await ask(application, headers=[("X-Tenant", world.tenant.slug), JSON], parts=parts, ends=False)
    assert (answer.status, answer.code()) == (413, "QUERY_TOO_COMPLEX")
    assert f"it has {GUESTS + 1024}" in answer.json()["errors"][0]["message"]


async def test_staff_may_send_more_than_guests_and_not_without_end(application: Application, world: World) -> None:
    manager = await Client(application, world.tenant.slug).staff(world.email("manager"))
    signed = ("Authorization", f"Bearer {manager.token}")
    assert (await post(application, world, BRAND.ljust(STAFFS), JSON, signed)).json()["data"]
    assert (await post(application, world, BRAND.ljust(STAFFS + 1), JSON, signed)).status == 413
    assert (await post(application, world, BRAND.ljust(GUESTS + 1), JSON)).status == 413


async def test_a_body_that_does_not_come_is_not_waited_for(
    application: Application, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "WITHIN", 0.05)
    answer = await asyncio.wait_for(post(application, world, BRAND[:9], JSON, ends=False), 5)
    assert (answer.status, answer.code()) == (408, "BAD_REQUEST")


async def test_drops_of_a_body_do_not_make_the_time_longer(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "WITHIN", 0.2)

    async def drop() -> dict[str, object]:
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": b" ", "more_body": True}

    receive = bodies.Bounded(drop, {}, application.engine.storefront)
    with pytest.raises(TurnedAway) as away:
        await asyncio.wait_for(bodies.read(receive), 5)
    assert away.value.status == 408


async def test_half_a_body_is_none(application: Application) -> None:
    async def gone() -> dict[str, object]:
        return {"type": "http.disconnect"}

    with pytest.raises(TurnedAway) as away:
        await bodies.read(bodies.Bounded(gone, {}, application.engine.storefront))
    assert away.value.status == 400


@pytest.mark.parametrize(
    "name", ["Host", "X-Tenant", "Authorization", "Content-Type", "Content-Length", "Content-Encoding", "Origin"]
)
async def test_what_decides_is_said_once(application: Application, world: World, name: str) -> None:
    value = {"Host": "localhost", "X-Tenant": world.tenant.slug, "Content-Type": "application/json"}.get(name, "0")
    told = [("X-Tenant", world.tenant.slug), JSON, *[(name, value)] * 2]
    answer = await ask(application, headers=told)
    assert (answer.status, answer.code()) == (400, "BAD_REQUEST")
    assert "more than once" in answer.json()["errors"][0]["message"]


async def test_what_decides_nothing_may_be_said_often(application: Application, world: World) -> None:
    told = [("X-Tenant", world.tenant.slug), JSON, *[("Accept", "application/json")] * 3, *[("Via", "proxy")] * 2]
    assert (await ask(application, headers=told)).json()["data"]


async def test_of_keys_that_stand_twice_the_last_one_holds(application: Application, world: World) -> None:
    twice = b'{"query": "{ nothing }", "query": "{ brand { slug } }", "variables": [], "variables": {}}'
    assert (await post(application, world, twice, JSON)).json()["data"]
    arrays = b"[%s, %s]" % (BRAND, BRAND)
    assert (await post(application, world, arrays, JSON)).status == 400
