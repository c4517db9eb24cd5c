"""Roles that a brand makes: by whom, of what, and what becomes of those who have them."""

import pytest

from core.access import ROLES
from core.access.defining import MOST
from core.access.models import RolePermission
from core.hookset import HookSet
from hexmart.testing import Client, World
from tenants import Platform
from tests.schema.hiring import ACTOR, EVERYWHERE, hire, hired, signed_in, staff_id, store
from tests.schema.shop import Payload, done, refusal

pytestmark = pytest.mark.anyio
ROLES_NOW = "{ roles { name label permissions builtIn people } }"
ROLE = "role { name label permissions builtIn people }"
PERMISSIONS = "{ viewer { ... on StaffUser { permissions } } }"
PACKER = {"name": "packer", "label": "Packer", "permissions": ["orders.read", "orders.fulfil"]}
NAMED, PERMITTED = ["input", "name"], ["input", "permissions"]


@pytest.fixture
async def head_office(client: Client, world: World) -> Client:
    """Who may define roles and cannot do everything."""
    return await client.staff(world.email("brand_operator"))


async def create(staff: Client, **changes: object) -> Payload:
    return await staff.do("roleCreate", PACKER | changes, ROLE)


async def update(staff: Client, name: str, **changes: object) -> Payload:
    return await staff.do("roleUpdate", {"name": name} | changes, ROLE)


async def delete(staff: Client, name: str) -> Payload:
    return await staff.do("roleDelete", {"name": name}, ROLE)


async def may(staff: Client) -> set[str]:
    found: set[str] = set((await staff.run(PERMISSIONS))["viewer"]["permissions"])
    return found


async def test_a_brand_starts_with_the_built_in_roles(client: Client, world: World) -> None:
    manager = await client.staff(world.email("manager"))
    found = {role["name"]: role for role in (await manager.run(ROLES_NOW))["roles"]}
    assert found.keys() == ROLES.keys()
    assert found["clerk"] == {
        "name": "clerk",
        "label": "Clerk",
        "permissions": sorted([*ROLES["clerk"].permissions, "coupons.verify"]),
        "builtIn": True,
        "people": 2,
    }
    assert found["owner"]["permissions"] == ["*"]


async def test_the_vocabulary_is_what_a_brand_can_grant(platform: Platform, client: Client, world: World) -> None:
    hooks: HookSet = platform.hooks(world.tenant.plugins)
    manager = await client.staff(world.email("manager"))
    found = (await manager.run("{ permissions { name label } }"))["permissions"]
    granted = [one for one in hooks.permissions.values() if not one.platform]
    assert {one["name"]: one["label"] for one in found} == {one.name: one.label for one in granted}
    assert [one["name"] for one in found] == sorted(one.name for one in granted)
    assert not [one for one in found if one["name"].startswith("tenants.")]


async def test_a_role_is_made_given_and_reaches_its_holder_at_the_next_request(
    client: Client, world: World, platform: Platform, owner: Client
) -> None:
    made = done(await create(owner, permissions=["orders.read", "orders.fulfil", "orders.read"]), "role")
    assert made == PACKER | {"permissions": ["orders.fulfil", "orders.read"], "builtIn": False, "people": 0}
    person = await hire(platform, world)
    somebody = await signed_in(client, platform, world, person)
    assert await may(somebody) == set()
    given = {"staffId": staff_id(person), "role": "packer", "everywhere": True}
    assert (await owner.do("roleAssign", given))["userErrors"] == []
    assert await may(somebody) == {"orders.read", "orders.fulfil"}
    changed = done(await update(owner, "packer", permissions=["orders.read", "stock.read"]), "role")
    assert (changed["label"], changed["permissions"], changed["people"]) == ("Packer", ["orders.read", "stock.read"], 1)
    assert await may(somebody) == {"orders.read", "stock.read"}
    assert done(await update(owner, "packer", label=" 拣货员 "), "role")["label"] == "拣货员"
    assert await may(somebody) == {"orders.read", "stock.read"}
    assert refusal(await delete(owner, "packer")) == ("ROLE_IN_USE", NAMED)
    assert (await owner.do("roleWithdraw", given))["userErrors"] == []
    assert await may(somebody) == set()
    assert done(await delete(owner, "packer"), "role")["name"] == "packer"
    assert refusal(await delete(owner, "packer")) == ("NOT_FOUND", NAMED)


@pytest.mark.parametrize(
    "name",
    ["", "x", "x" * 41, "Packer", "packer-2", "2nd", "a b", "_packer", "packer_", "a__b", "ü_role", "*"],
)
async def test_a_name_is_lower_case_words(owner: Client, name: str) -> None:
    assert refusal(await create(owner, name=name)) == ("INVALID", NAMED)
    assert refusal(await update(owner, name, label="x")) == ("NOT_FOUND", NAMED)


@pytest.mark.parametrize("name", ["ab", "x" * 40, "shift_lead_2"])
async def test_a_name_has_2_to_40_characters(owner: Client, name: str) -> None:
    assert done(await create(owner, name=name), "role")["name"] == name
    assert refusal(await create(owner, name=name)) == ("INVALID", NAMED)


@pytest.mark.parametrize("label", ["", "  ", "x" * 201])
async def test_a_label_says_something(owner: Client, label: str) -> None:
    assert refusal(await create(owner, label=label)) == ("INVALID", ["input", "label"])
    assert refusal(await update(owner, "clerk", label=label)) == ("INVALID", ["input", "label"])


@pytest.mark.parametrize("permission", ["", "x", "orders.fly", "tenants.create", "orders.*", "*.*", "orders"])
async def test_a_permission_that_no_brand_can_give_is_unknown(owner: Client, permission: str) -> None:
    assert refusal(await create(owner, permissions=["orders.read", permission])) == ("NOT_FOUND", PERMITTED)
    assert refusal(await update(owner, "clerk", permissions=[permission])) == ("NOT_FOUND", PERMITTED)


async def test_nobody_puts_into_a_role_or_takes_from_it_what_they_do_not_hold(
    owner: Client, head_office: Client
) -> None:
    for wish in (["apps.manage"], ["orders.read", "apps.manage"], ["*"]):
        assert refusal(await create(head_office, permissions=wish)) == ("BEYOND_OWN_RIGHTS", PERMITTED)
    done(await create(owner, permissions=["apps.manage", "orders.read"]), "role")
    assert refusal(await update(head_office, "packer", permissions=["orders.read"])) == (
        "BEYOND_OWN_RIGHTS",
        PERMITTED,
    )
    assert refusal(await delete(head_office, "packer")) == ("BEYOND_OWN_RIGHTS", NAMED)
    kept = done(await update(head_office, "packer", permissions=["apps.manage", "stock.read"]), "role")
    assert kept["permissions"] == ["apps.manage", "stock.read"]
    assert done(await update(head_office, "packer", label="Packer of parcels"), "role")["label"] == "Packer of parcels"


async def test_everything_is_given_by_those_alone_who_may_do_everything(owner: Client, head_office: Client) -> None:
    assert done(await create(owner, permissions=["*"]), "role")["permissions"] == ["*"]
    assert refusal(await update(head_office, "packer", permissions=[])) == ("BEYOND_OWN_RIGHTS", PERMITTED)
    assert done(await update(owner, "packer", permissions=[]), "role")["permissions"] == []


async def test_roles_are_the_brands_and_not_a_stores(client: Client, world: World, platform: Platform) -> None:
    at_one = await hired(client, platform, world, brand_operator=[store(world, code) for code in ("S1", "S2", "S3")])
    for payload in (await create(at_one), await update(at_one, "clerk", label="x"), await delete(at_one, "courier")):
        assert refusal(payload)[0] == "BEYOND_OWN_RIGHTS"


async def test_what_is_held_in_some_stores_is_not_held_in_all(client: Client, world: World, platform: Platform) -> None:
    owner = await client.staff(world.email("owner"))
    done(await create(owner, name="definer", permissions=["roles.define", "orders.read"]), "role")
    somebody = await hired(client, platform, world, definer=EVERYWHERE, merchandiser=store(world, "S1"))
    assert done(await create(somebody, permissions=["orders.read"]), "role")
    assert refusal(await create(somebody, name="other", permissions=["stock.read"])) == ("BEYOND_OWN_RIGHTS", PERMITTED)


async def test_the_owners_role_stays_as_it_is(owner: Client) -> None:
    assert refusal(await update(owner, "owner", permissions=[])) == ("ROLE_FIXED", NAMED)
    assert refusal(await update(owner, "owner", label="King")) == ("ROLE_FIXED", NAMED)
    assert refusal(await delete(owner, "owner")) == ("ROLE_FIXED", NAMED)


async def test_built_in_roles_are_the_brands_to_change(client: Client, world: World, owner: Client) -> None:
    clerk = await client.staff(world.email("clerk"))
    assert "stock.read" in await may(clerk)
    done(await update(owner, "clerk", permissions=["orders.read"]), "role")
    assert await may(clerk) == {"orders.read"}


async def test_a_role_keeps_what_a_plugin_has_brought_that_is_off(
    client: Client, world: World, platform: Platform, owner: Client
) -> None:
    done(await create(owner), "role")
    async with platform.open_work(world.tenant, ACTOR) as work:
        work.add(RolePermission(role="packer", permission="lottery.draw"))
    somebody = await hired(client, platform, world, packer=store(world, "S1"))
    assert await may(somebody) == {"orders.read", "orders.fulfil", "lottery.draw"}
    had = done(await update(owner, "packer", permissions=["lottery.draw", "orders.read"]), "role")
    assert had["permissions"] == ["lottery.draw", "orders.read"]
    assert refusal(await create(owner, name="other", permissions=["lottery.draw"])) == ("NOT_FOUND", PERMITTED)
    assert "lottery.draw" not in {one["name"] for one in (await owner.run("{ permissions { name } }"))["permissions"]}


async def test_a_brand_has_no_more_than_a_hundred_roles(owner: Client) -> None:
    for number in range(len(ROLES), MOST):
        done(await create(owner, name=f"role_{number}"), "role")
    assert refusal(await create(owner)) == ("LIMIT_REACHED", NAMED)


async def test_a_brands_roles_are_its_own(owner: Client, other_world: World) -> None:
    done(await create(owner), "role")
    elsewhere = await Client(owner.application, other_world.tenant.slug).staff(other_world.email("owner"))
    assert "packer" not in {role["name"] for role in (await elsewhere.run(ROLES_NOW))["roles"]}
    assert refusal(await update(elsewhere, "packer", label="x")) == ("NOT_FOUND", NAMED)
    assert done(await create(elsewhere, label="Packer elsewhere"), "role")["label"] == "Packer elsewhere"
