"""Roles are shown to those who may see staff, and given by apps no further than their scopes."""

from uuid import UUID

import pytest

from core.access import vocabulary_of
from hexmart.testing import Client, World
from tenants import Platform
from tests.schema.assigning import BEYOND, ROLES, assign, at, given
from tests.schema.hiring import (
    ACTOR,
    EVERYWHERE,
    app_of,
    hire,
    hired,
    region,
    region_id,
    region_of,
    signed_in,
    staff_id,
    store,
)
from tests.schema.shop import done, refusal

pytestmark = pytest.mark.anyio


async def test_who_may_not_see_staff_gives_a_role_unseen(
    client: Client, world: World, platform: Platform, owner: Client
) -> None:
    person = await hire(platform, world, clerk=store(world, "S1"))
    wish = {"name": "giver", "label": "x", "permissions": ["roles.assign", "orders.read"]}
    done(await owner.do("roleCreate", wish, "role { name }"), "role")
    giver = await hired(client, platform, world, giver=EVERYWHERE)
    payload = await assign(giver, given(person, "giver", everywhere=True))
    assert (payload["staff"], payload["userErrors"]) == (None, [])


async def test_others_roles_are_shown_as_far_as_one_may_see_staff(
    client: Client, world: World, platform: Platform, owner: Client
) -> None:
    north, south = await region_of(platform, world, "S1"), await region_of(platform, world, "S3")
    person = await hire(
        platform,
        world,
        clerk=[store(world, "S1"), store(world, "S2")],
        support=store(world, "S2"),
        store_manager=[region(north), region(south)],
        merchandiser=region(south),
        courier=EVERYWHERE,
    )
    ask = f"query($id: ID!) {{ node(id: $id) {{ ... on StaffUser {{ {ROLES} }} }} }}"

    async def seen(by: Client) -> dict[str, tuple[bool, list[str], int]]:
        found = (await by.run(ask, id=staff_id(person)))["node"]["roles"]
        return {
            one["role"]["name"]: (one["everywhere"], sorted(s["code"] for s in one["stores"]), len(one["regions"]))
            for one in found
        }

    everything = {
        "clerk": (False, ["S1", "S2"], 0),
        "support": (False, ["S2"], 0),
        "store_manager": (False, [], 2),
        "merchandiser": (False, [], 1),
        "courier": (True, [], 0),
    }
    assert await seen(owner) == everything
    assert await seen(await signed_in(client, platform, world, person)) == everything
    at_one = await hired(client, platform, world, store_manager=store(world, "S1"))
    assert await seen(at_one) == {
        "clerk": (False, ["S1"], 0),
        "store_manager": (False, [], 1),
        "courier": (True, [], 0),
    }


async def test_an_app_gives_no_more_than_its_scopes_and_no_more_than_whom_it_acts_for(
    client: Client, world: World, platform: Platform
) -> None:
    person, nowhere = await hire(platform, world), await region_of(platform, world)
    manager = await hire(platform, world, store_manager=store(world, "S1"))
    of_courier = ("roles.assign", "orders.read", "orders.fulfil", "members.read_contact")

    async def gives(scopes: tuple[str, ...], behalf: UUID | None, role: str, **scope: object) -> bool:
        app = await app_of(client, platform, world, scopes, behalf)
        payload = await assign(app, given(person, role, **scope))
        assert payload["userErrors"] == [] or refusal(payload) == BEYOND
        return not payload["userErrors"]

    at_one, everywhere, in_region = at(world, "S1"), {"everywhere": True}, {"regionIds": [region_id(nowhere)]}
    assert await gives(of_courier, None, "courier", **everywhere)
    assert await gives(of_courier, None, "courier", **in_region)
    assert not await gives(of_courier, None, "clerk", **at_one)
    assert not await gives(of_courier[:-1], None, "courier", **at_one)
    assert not await gives(of_courier[:-1], None, "courier", **in_region)
    assert await gives(of_courier, manager, "courier", **at_one)
    assert not await gives(of_courier, manager, "clerk", **at_one)
    assert not await gives(of_courier, manager, "courier", **at(world, "S2"))
    assert not await gives(of_courier, manager, "courier", **everywhere)
    owner = await hire(platform, world, owner=EVERYWHERE)
    async with platform.open_work(world.tenant, ACTOR) as work:
        vocabulary = tuple(sorted(vocabulary_of(work)))
    for behalf in (None, owner):
        assert not await gives(vocabulary, behalf, "owner", **at_one)
    assert not await gives(of_courier[:-1], owner, "courier", **in_region)
