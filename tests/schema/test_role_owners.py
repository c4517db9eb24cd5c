"""Who may do everything: given by those alone who may, and a brand is never without."""

import asyncio

import pytest

from hexmart.testing import Client, World
from tenants import Platform
from tests.schema.assigning import BEYOND, assign, at, given, roles, withdraw
from tests.schema.hiring import ACTOR, EVERYWHERE, hire, hired, signed_in, store
from tests.schema.shop import done, refusal

pytestmark = pytest.mark.anyio


async def test_what_may_do_everything_is_given_by_those_alone_who_may(
    client: Client, world: World, platform: Platform, owner: Client
) -> None:
    person = await hire(platform, world)
    done(
        await owner.do("roleCreate", {"name": "all_of_it", "label": "x", "permissions": ["*"]}, "role { name }"), "role"
    )
    every = [one["name"] for one in (await owner.run("{ permissions { name } }"))["permissions"]]
    done(
        await owner.do("roleCreate", {"name": "all_today", "label": "x", "permissions": every}, "role { name }"), "role"
    )
    almost = await hired(client, platform, world, all_today=EVERYWHERE)
    assert (await assign(almost, given(person, "all_today", everywhere=True)))["userErrors"] == []
    for role in ("owner", "all_of_it"):
        assert refusal(await assign(almost, given(person, role, **at(world, "S1")))) == BEYOND
    of_one = await hired(client, platform, world, owner=store(world, "S1"))
    assert (await assign(of_one, given(person, "owner", **at(world, "S1"))))["userErrors"] == []
    assert refusal(await assign(of_one, given(person, "owner", everywhere=True))) == BEYOND
    assert (await assign(owner, given(person, "owner", everywhere=True)))["userErrors"] == []


LAST = ("LAST_OWNER", ["input", "role"])


async def test_a_brand_is_never_without_an_owner(world: World, platform: Platform, owner: Client) -> None:
    first = (await owner.run("{ viewer { ... on StaffUser { id } } }"))["viewer"]["id"]
    wish = {"staffId": first, "role": "owner", "everywhere": True}
    assert refusal(await withdraw(owner, wish)) == LAST
    await hire(platform, world, owner=store(world, "S1"))
    gone = await hire(platform, world, owner=EVERYWHERE)
    async with platform.open_work(world.tenant, ACTOR) as work:
        await work.execute("UPDATE staff SET active = false WHERE tenant_id = $1 AND id = $2", gone)
    assert refusal(await withdraw(owner, wish)) == LAST
    assert (await withdraw(owner, given(gone, "owner", everywhere=True)))["userErrors"] == []
    await hire(platform, world, owner=EVERYWHERE)
    assert (await withdraw(owner, wish))["userErrors"] == []
    assert await roles(owner) == {}


async def test_two_owners_who_withdraw_themselves_at_once_leave_one(
    client: Client, world: World, platform: Platform, owner: Client
) -> None:
    first = (await owner.run("{ viewer { ... on StaffUser { id } } }"))["viewer"]["id"]
    person = await hire(platform, world, owner=EVERYWHERE)
    other = await signed_in(client, platform, world, person)
    payloads = await asyncio.gather(
        withdraw(owner, {"staffId": first, "role": "owner", "everywhere": True}),
        withdraw(other, given(person, "owner", everywhere=True)),
    )
    codes = [error["code"] for payload in payloads for error in payload["userErrors"]]
    assert codes == ["LAST_OWNER"]


async def test_an_owner_who_was_invited_and_cannot_sign_in_yet_counts_for_none(
    world: World, platform: Platform, owner: Client
) -> None:
    first = (await owner.run("{ viewer { ... on StaffUser { id } } }"))["viewer"]["id"]
    wish = {"staffId": first, "role": "owner", "everywhere": True}
    invited = await hire(platform, world, owner=EVERYWHERE)
    async with platform.open_work(world.tenant, ACTOR) as work:
        await work.execute("UPDATE staff SET password_hash = NULL WHERE tenant_id = $1 AND id = $2", invited)
    assert refusal(await withdraw(owner, wish)) == LAST
    provider = {"name": "work", "issuer": "https://login.example", "clientId": "hexmart"}
    assert (await owner.do("identityProviderSet", provider))["userErrors"] == []
    assert (await withdraw(owner, wish))["userErrors"] == [], "whoever was invited can come by the provider"


async def test_the_only_way_in_of_all_owners_is_not_removed(world: World, platform: Platform, owner: Client) -> None:
    for name in ("work", "home"):
        provider = {"name": name, "issuer": "https://login.example", "clientId": "hexmart"}
        assert (await owner.do("identityProviderSet", provider))["userErrors"] == []
    async with platform.open_work(world.tenant, ACTOR) as work:
        await work.execute("UPDATE staff SET password_hash = NULL WHERE tenant_id = $1")
    assert (await owner.do("identityProviderRemove", {"name": "work"}))["userErrors"] == []
    assert refusal(await owner.do("identityProviderRemove", {"name": "home"})) == ("LAST_OWNER", ["input", "name"])
