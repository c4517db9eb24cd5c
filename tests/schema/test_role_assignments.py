"""Giving roles and taking them away: where, by whom, and never so that nobody is left."""

from typing import Any
from uuid import UUID

import pytest

from core.access.assigning import MOST
from core.stores.models import Store
from hexmart.testing import Client, World
from schema.relay import global_id
from tenants import Platform
from tests.schema.assigning import BEYOND, assign, at, given, roles, withdraw
from tests.schema.hiring import (
    ACTOR,
    EVERYWHERE,
    hire,
    hired,
    region,
    region_id,
    region_of,
    signed_in,
    staff_id,
    store,
)
from tests.schema.shop import refusal

pytestmark = pytest.mark.anyio


async def test_a_role_is_given_for_stores_for_regions_and_everywhere(
    client: Client, world: World, platform: Platform, owner: Client
) -> None:
    person, north = await hire(platform, world), await region_of(platform, world, "S2", "S3")
    somebody = await signed_in(client, platform, world, person)
    assert await roles(somebody) == {}
    for wish in (
        given(person, "clerk", **at(world, "S1", "S2")),
        given(person, "clerk", **at(world, "S1")),  # what one has already, one keeps
        given(person, "store_manager", regionIds=[region_id(north)]),
        given(person, "finance", everywhere=True, storeIds=None),
    ):
        assert (await assign(owner, wish))["userErrors"] == []
    assert await roles(somebody) == {
        "clerk": (False, ["S1", "S2"], 0),
        "store_manager": (False, [], 1),
        "finance": (True, [], 0),
    }
    assert (await withdraw(owner, given(person, "clerk", **at(world, "S1"))))["userErrors"] == []
    assert (await withdraw(owner, given(person, "store_manager", regionIds=[region_id(north)])))["userErrors"] == []
    assert await roles(somebody) == {"clerk": (False, ["S2"], 0), "finance": (True, [], 0)}


async def test_a_role_for_a_region_reaches_its_stores_those_to_come_among_them(
    client: Client, world: World, platform: Platform
) -> None:
    north = await region_of(platform, world, "S1")
    somebody = await hired(client, platform, world, merchandiser=region(north))
    adjust = {"variantId": world.variants["BREAD"], "delta": 1, "reason": "x"}

    async def adjusts(code: str, key: str) -> bool:
        wish = adjust | {"locationId": world.stores[code], "idempotencyKey": key}
        return not (await somebody.do("stockAdjust", wish))["userErrors"]

    assert [await adjusts(code, "1") for code in ("S1", "S2")] == [True, False]
    async with platform.open_work(world.tenant, ACTOR) as work:
        shop = await work.session.get_one(Store, (world.tenant.id, world.store_keys["S2"]))
        shop.region_id = north
    assert await adjusts("S2", "2")


@pytest.mark.parametrize(
    ("scope", "path"),
    [
        ({}, "storeIds"),
        ({"storeIds": []}, "storeIds"),
        ({"regionIds": []}, "regionIds"),
        ({"everywhere": False}, "storeIds"),
        ({"everywhere": True, "storeIds": ["S1"]}, "storeIds"),
        ({"storeIds": ["S1"], "regionIds": ["x"]}, "storeIds"),
        ({"everywhere": True, "regionIds": []}, "regionIds"),
    ],
)
async def test_exactly_one_kind_of_scope_is_wanted(
    world: World, platform: Platform, owner: Client, scope: dict[str, Any], path: str
) -> None:
    person = await hire(platform, world)
    stores = {name: [world.stores.get(code, code) for code in scope[name]] for name in scope if name != "everywhere"}
    wish = given(person, "clerk", **(scope | stores))
    for payload in (await assign(owner, wish), await withdraw(owner, wish)):
        assert refusal(payload) == ("INVALID", ["input", path])


async def test_so_many_stores_at_once_and_no_more(world: World, platform: Platform, owner: Client) -> None:
    person = await hire(platform, world)
    places = [global_id("Store", UUID(int=number)) for number in range(MOST + 1)]
    assert refusal(await assign(owner, given(person, "clerk", storeIds=places))) == ("INVALID", ["input", "storeIds"])
    assert refusal(await assign(owner, given(person, "clerk", storeIds=places[1:])))[0] == "NOT_FOUND"


async def test_what_there_is_not_and_what_is_another_brands_are_refused_alike(
    world: World, other_world: World, platform: Platform, owner: Client
) -> None:
    person, foreign = await hire(platform, world), await hire(platform, other_world)
    far = await region_of(platform, other_world, "S1")
    unknown = foreign.__class__(int=1)
    cases: list[tuple[dict[str, object], str]] = [({"staffId": staff_id(key)}, "staffId") for key in (foreign, unknown)]
    cases += [({"staffId": world.stores["S1"]}, "staffId"), ({"staffId": "x"}, "staffId")]
    cases += [({"role": name}, "role") for name in ("nobody", "", "Clerk")]
    cases += [
        ({"everywhere": None, "storeIds": [world.stores["S1"], key]}, "storeIds")
        for key in (other_world.stores["S1"], global_id("Store", unknown), region_id(far), "x")
    ]
    cases += [
        ({"everywhere": None, "regionIds": [key]}, "regionIds")
        for key in (region_id(far), region_id(unknown), world.stores["S1"], "x")
    ]
    for change, path in cases:
        wish = given(person, "clerk", everywhere=True) | change
        for payload in (await assign(owner, wish), await withdraw(owner, wish)):
            assert refusal(payload) == ("NOT_FOUND", ["input", path]), change
    messages = {
        (await assign(owner, given(person, "clerk", everywhere=True) | change))["userErrors"][0]["message"]
        for change, _ in cases[:4]
    }
    assert len(messages) == 1


async def test_only_what_is_held_where_it_is_given_is_given(client: Client, world: World, platform: Platform) -> None:
    person = await hire(platform, world)
    at_one = await hired(client, platform, world, store_manager=store(world, "S1"))
    assert (await assign(at_one, given(person, "clerk", **at(world, "S1"))))["userErrors"] == []
    assert (await assign(at_one, given(person, "store_manager", **at(world, "S1"))))["userErrors"] == []
    for wish in (
        given(person, "clerk", **at(world, "S2")),
        given(person, "clerk", **at(world, "S1", "S2")),
        given(person, "clerk", everywhere=True),
        given(person, "regional_manager", **at(world, "S1")),
        given(person, "owner", **at(world, "S1")),
    ):
        assert refusal(await assign(at_one, wish)) == BEYOND
    assert await roles(await signed_in(client, platform, world, person)) == {
        "clerk": (False, ["S1"], 0),
        "store_manager": (False, ["S1"], 0),
    }


async def test_roles_assign_itself_has_to_reach_there(client: Client, world: World, platform: Platform) -> None:
    person = await hire(platform, world)
    somebody = await hired(client, platform, world, store_manager=store(world, "S1"), clerk=EVERYWHERE)
    assert (await assign(somebody, given(person, "clerk", **at(world, "S1"))))["userErrors"] == []
    assert refusal(await assign(somebody, given(person, "clerk", **at(world, "S2")))) == BEYOND


async def test_what_is_taken_has_to_be_held_as_well(client: Client, world: World, platform: Platform) -> None:
    person = await hire(platform, world, clerk=[store(world, "S1"), store(world, "S2")], finance=store(world, "S1"))
    at_one = await hired(client, platform, world, store_manager=store(world, "S1"))
    assert refusal(await withdraw(at_one, given(person, "clerk", **at(world, "S2")))) == BEYOND
    assert (await withdraw(at_one, given(person, "clerk", **at(world, "S1"))))["userErrors"] == []
    assert (await withdraw(at_one, given(person, "finance", **at(world, "S1"))))["userErrors"] == []
    missing = ("NOT_FOUND", ["input", "role"])
    assert refusal(await withdraw(at_one, given(person, "clerk", **at(world, "S1")))) == missing
    owner = await client.staff(world.email("owner"))
    assert refusal(await withdraw(owner, given(person, "clerk", **at(world, "S2", "S3")))) == missing
    assert refusal(await withdraw(owner, given(person, "clerk", everywhere=True))) == missing
    assert await roles(await signed_in(client, platform, world, person)) == {"clerk": (False, ["S2"], 0)}


async def test_a_regional_manager_makes_clerks_in_their_own_region(
    client: Client, world: World, platform: Platform
) -> None:
    north, south = await region_of(platform, world, "S1", "S2"), await region_of(platform, world, "S3")
    person = await hire(platform, world)
    regional = await hired(client, platform, world, regional_manager=region(north))
    assert (await assign(regional, given(person, "clerk", **at(world, "S1", "S2"))))["userErrors"] == []
    assert (await assign(regional, given(person, "clerk", regionIds=[region_id(north)])))["userErrors"] == []
    for wish in (
        given(person, "clerk", **at(world, "S3")),
        given(person, "clerk", regionIds=[region_id(south)]),
        given(person, "clerk", regionIds=[region_id(north), region_id(south)]),
        given(person, "clerk", everywhere=True),
    ):
        assert refusal(await assign(regional, wish)) == BEYOND


async def test_a_region_is_more_than_the_stores_that_lie_in_it_today(
    client: Client, world: World, platform: Platform
) -> None:
    north, nowhere = await region_of(platform, world, "S1", "S2"), await region_of(platform, world)
    person = await hire(platform, world)
    of_each = await hired(client, platform, world, store_manager=[store(world, "S1"), store(world, "S2")])
    assert (await assign(of_each, given(person, "clerk", **at(world, "S1", "S2"))))["userErrors"] == []
    for key in (north, nowhere):
        assert refusal(await assign(of_each, given(person, "clerk", regionIds=[region_id(key)]))) == BEYOND
    manager = await client.staff(world.email("manager"))
    for key in (north, nowhere):
        assert (await assign(manager, given(person, "clerk", regionIds=[region_id(key)])))["userErrors"] == []
