"""The list of a brand's web shops: who may change it, what may stand in it, and that each change is written down."""

import asyncio

import pytest

from core import access, identity
from core.actors import system
from hexmart.testing import Client, World
from tests.hexmart.shops import OTHER, SET, SHOP, list_origins

pytestmark = pytest.mark.anyio

AUDITED = "SELECT actor_id, before::text, after::text FROM audit_entry WHERE tenant_id = $1 AND action = $2 ORDER BY id"


@pytest.fixture
async def owner(client: Client, world: World) -> Client:
    return await client.staff(world.email("owner"))


async def test_origins_are_set_as_browsers_say_them_and_replaced_as_a_whole(owner: Client) -> None:
    told = ("https://Shop.Example:443", "https://shop.example", " http://localhost:3000 ", "https://a.b-c.example:8443")
    assert await list_origins(owner, *told) == [
        "http://localhost:3000",
        "https://a.b-c.example:8443",
        "https://shop.example",
    ]
    assert await list_origins(owner, OTHER) == [OTHER]
    assert await list_origins(owner) == []


@pytest.mark.parametrize(
    "origin",
    ["", "*", "null", "shop.example", "http://shop.example", "https://", "https://*.example", "https://shop.example/",
     "https://shop.example/a", "https://me@shop.example", "https://shop.example:0", "https://shop.example:123456",
     "https://10.0.0.1", "https://shop", "https://münchen.example", "ftp://shop.example", "https://shop.example?x",
     "https://-a.example", "https://a..example", "https://" + "a" * 250 + ".example", "http://localhost.example",
     "https://shop.example\nhttps://x.example"],
)  # fmt: skip
async def test_what_no_browser_would_say_is_refused_with_its_place(owner: Client, origin: str) -> None:
    await list_origins(owner, SHOP)
    payload = (await owner.run(SET, o=[OTHER, origin]))["brandOriginsSet"]
    assert payload == {"brand": None, "userErrors": [{"code": "INVALID", "path": ["input", "origins", "1"]}]}
    assert (await owner.run("{ brand { origins } }"))["brand"]["origins"] == [SHOP]


async def test_fifty_are_allowed_and_no_more(owner: Client) -> None:
    many = [f"https://s{number}.example" for number in range(51)]
    assert len(await list_origins(owner, *many[:50]) or []) == 50
    payload = (await owner.run(SET, o=many))["brandOriginsSet"]
    assert payload["userErrors"] == [{"code": "LIMIT_REACHED", "path": ["input", "origins"]}]


async def test_only_those_who_may_change_them_see_them(owner: Client, client: Client, world: World) -> None:
    await list_origins(owner, SHOP)
    for caller in (client, await client.member("13800000001"), await client.staff(world.email("clerk"))):
        assert (await caller.run("{ brand { slug origins } }"))["brand"]["origins"] is None
        assert await caller.code(SET, o=[]) in {"UNAUTHENTICATED", "FORBIDDEN"}
    assert (await owner.run("{ brand { origins } }"))["brand"]["origins"] == [SHOP]


async def test_each_change_is_written_down_with_what_was_before(owner: Client, world: World) -> None:
    await list_origins(owner, SHOP)
    await list_origins(owner, OTHER)
    async with owner.application.platform.open_work(world.tenant, system("test"), read_only=True) as work:
        [_, entry] = await work.fetch(AUDITED, "brand.origins_set")
    assert entry["actor_id"] is not None
    assert (entry["before"], entry["after"]) == (f'{{"origins": ["{SHOP}"]}}', f'{{"origins": ["{OTHER}"]}}')


async def test_two_who_set_them_at_once_leave_the_list_of_one(owner: Client) -> None:
    lists = [[f"https://{name}{number}.example" for number in range(3)] for name in "abcdef"]
    await asyncio.gather(*(list_origins(owner, *origins) for origins in lists))
    assert (await owner.run("{ brand { origins } }"))["brand"]["origins"] in lists


async def test_whoever_owns_one_store_does_not_speak_for_the_brand(owner: Client, client: Client, world: World) -> None:
    await list_origins(owner, SHOP)
    async with owner.application.platform.open_work(world.tenant, system("test")) as work:
        kept = identity.hash_password("hexmart-demo")
        key = await identity.add_staff(work, email=world.email("of.one"), name="One", password_hash=kept)
        await access.assign(work, key, "owner", store_id=world.store_keys["S1"])
    of_one = await client.staff(world.email("of.one"))
    assert (await of_one.run("{ viewer { ... on StaffUser { permissions } } }"))["viewer"]["permissions"]
    assert await of_one.code(SET, o=[OTHER]) == "FORBIDDEN"
    assert (await of_one.run("{ brand { origins } }"))["brand"]["origins"] is None
    assert (await owner.run("{ brand { origins } }"))["brand"]["origins"] == [SHOP]
