"""Who sees which colleagues."""

from typing import Any

import pytest

from hexmart.testing import Client, World
from tests.schema.staffing import Staffing

pytestmark = pytest.mark.anyio
EVERYBODY = ["owner", "manager", "brand_operator", "merchandiser", "regional_manager", "clerk", "courier", "finance"]
EVERYBODY += ["support", "clerk.s1"]
PAGE = """query($first: Int, $after: String, $search: String) { staff(first: $first, after: $after, search: $search) {
  totalCount nodes { id email name active pending } pageInfo { hasNextPage endCursor } } }"""
NODE = "query($id: ID!) { node(id: $id) { ... on StaffUser { email } } }"


async def seen(client: Client, world: World, **asked: Any) -> list[str]:
    """The names in the addresses of whoever is listed, in alphabetical order."""
    listed = (await client.run(PAGE, **({"first": 100} | asked)))["staff"]
    assert listed["totalCount"] == len(listed["nodes"])
    return sorted(node["email"].removesuffix(f"@{world.tenant.slug}.example") for node in listed["nodes"])


async def test_the_brands_people_are_listed_the_newest_first(owner: Client, world: World, staffing: Staffing) -> None:
    assert await seen(owner, world) == sorted(EVERYBODY)
    await staffing.employ("new")
    first = (await owner.run(PAGE, first=1))["staff"]
    assert [node["email"] for node in first["nodes"]] == [world.email("new")]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (11, True)
    rest = (await owner.run(PAGE, first=100, after=first["pageInfo"]["endCursor"]))["staff"]
    assert len(rest["nodes"]) == 10
    assert not rest["pageInfo"]["hasNextPage"]


async def test_who_was_let_go_is_still_listed(owner: Client, world: World, staffing: Staffing) -> None:
    key = await staffing.key("clerk")
    await owner.do("staffDeactivate", {"staffId": key})
    nodes = (await owner.run(PAGE, first=100))["staff"]["nodes"]
    assert [node["active"] for node in nodes if node["id"] == key] == [False]
    assert (await owner.run(NODE, id=key))["node"] == {"email": world.email("clerk")}


async def test_a_search_finds_a_whole_address(owner: Client, world: World) -> None:
    assert await seen(owner, world, search=f" {world.email('clerk').upper()}") == ["clerk"]
    for text in ("clerk", world.email("clerk")[:-1], "", "%"):
        assert await seen(owner, world, search=text) == []


async def test_whoever_sees_the_staff_of_some_stores_sees_who_works_there_and_who_works_nowhere_yet(
    client: Client, world: World, staffing: Staffing
) -> None:
    await staffing.employ("north", "regional_manager", in_region=True)  # S1 and S2
    keys = {
        "m1": await staffing.employ("m1", "store_manager", store="S1"),
        "c2": await staffing.employ("c2", "clerk", store="S2"),
        "c3": await staffing.employ("c3", "clerk", store="S3"),
        "new": await staffing.employ("new"),
    }
    reached = {"north": {"m1", "c2", "new", "north", "clerk.s1"}, "m1": {"m1", "new", "north", "clerk.s1"}}
    everywhere = set(EVERYBODY) - {"clerk.s1"}
    for name, own in reached.items():
        caller = await client.staff(world.email(name))
        assert await seen(caller, world) == sorted(everywhere | own)
        for who, key in keys.items():
            email = {"email": world.email(who)} if who in own else None
            assert (await caller.run(NODE, id=key))["node"] == email
            assert await seen(caller, world, search=world.email(who)) == ([who] if who in own else [])


async def test_without_the_permission_one_sees_oneself(
    client: Client, clerk: Client, member: Client, world: World, staffing: Staffing
) -> None:
    own, other = await staffing.key("clerk"), await staffing.key("owner")
    assert (await clerk.run(NODE, id=own))["node"] == {"email": world.email("clerk")}
    assert (await clerk.run(NODE, id=other))["node"] is None
    assert [(await caller.run(NODE, id=own))["node"] for caller in (client, member)] == [None, None]
    assert [await caller.code(PAGE) for caller in (client, member, clerk)] == ["UNAUTHENTICATED"] + ["FORBIDDEN"] * 2


async def test_another_brands_people_are_not_there(
    owner: Client, world: World, other_world: World, staffing: Staffing
) -> None:
    foreign = await Staffing(staffing.platform, other_world).key("clerk")
    assert (await owner.run(NODE, id=foreign))["node"] is None
    assert await seen(owner, world, search=other_world.email("clerk")) == []
