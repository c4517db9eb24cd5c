"""plugins, pluginEnable, pluginDisable: who may, what is shown, and what a plugin that is off answers."""

from collections.abc import AsyncIterator
from types import ModuleType
from typing import Any

import pytest
from pydantic import Field, SecretStr

from core.extensions import Plugin, Settings
from core.hooks import hookimpl
from core.permission import Permission
from hexmart.testing import Client, World, done
from hexmart.testing.plugins import with_plugins
from tenants import Platform
from tests.schema.hiring import EVERYWHERE, hired, store

pytestmark = pytest.mark.anyio
ALL = """
{ plugins { name version summary requires enabled offBecause settingsSchema settings changedAt permissions rules events
    health { open faults latest { hook kind at } } } }
"""
ROLES = "{ roles { name permissions } }"
ENABLED = '{ auditLog(first: 9, where: {actions: ["plugin.enabled"]}) { nodes { after } } }'
KEY = "sk-very-secret"
STATE = "plugin { name enabled settings }"


class ParcelSettings(Settings):
    limit: int = Field(5, ge=1, description="How many.")
    key: SecretStr | None = Field(None, description="For the carrier.")


def plugin(name: str, **more: Any) -> Any:
    made: Any = ModuleType(name)
    made.PLUGIN = Plugin(name=name, version="1.0", plugin_api=">=1.0", summary="For a test.", **more)
    own = [
        Permission(f"{name}.look", "Look into it"),
        Permission(f"{name}.pack", "Pack it", given_to=("clerk", "nobody")),
    ]
    made.register_permissions = hookimpl(lambda: own)
    return made


@pytest.fixture
async def parcel(platform: Platform, world: World) -> AsyncIterator[None]:
    """A plugin, and one that requires it."""
    first, second = plugin("parcel"), plugin("postage", requires=("parcel",))
    first.register_settings = hookimpl(lambda: ParcelSettings)
    async with with_plugins(platform, world.tenant, {"parcel": first, "postage": second}):
        yield


async def listed(who: Client, name: str = "parcel") -> dict[str, Any]:
    return next(one for one in (await who.run(ALL))["plugins"] if one["name"] == name)


@pytest.mark.usefixtures("parcel")
async def test_everything_that_is_installed_is_listed_without_a_secret(owner: Client, platform: Platform) -> None:
    enabled = {"name": "parcel", "settings": {"key": KEY}}
    payload = await owner.do("pluginEnable", enabled, STATE)
    assert payload["plugin"] == {"name": "parcel", "enabled": True, "settings": {"limit": 5, "key": {"set": True}}}
    found = await listed(owner)
    schema, changed_at = found.pop("settingsSchema"), found.pop("changedAt")
    assert changed_at
    assert schema["properties"]["key"]["anyOf"][0]["writeOnly"] is True
    assert schema["properties"]["limit"]["minimum"] == 1
    assert found == {
        "name": "parcel",
        "version": "1.0",
        "summary": "For a test.",
        "requires": [],
        "enabled": True,
        "offBecause": None,
        "settings": {"limit": 5, "key": {"set": True}},
        "permissions": ["parcel.look", "parcel.pack"],
        "rules": [],
        "events": [],
        "health": {"open": False, "faults": 0, "latest": None},
    }
    platform.breakers.failed((await platform.registry.by_slug(owner.slug)).id, "parcel", "claim", ValueError(KEY))
    health = (await listed(owner))["health"]
    assert (health["faults"], health["latest"]["hook"], health["latest"]["kind"]) == (1, "claim", "ValueError")
    assert KEY not in str(await owner.send(ALL)) + str(await owner.send("{ auditLog { nodes { after before } } }"))


@pytest.mark.usefixtures("parcel")
async def test_whoever_is_required_stays_on_and_is_switched_on_first(owner: Client) -> None:
    async def code(mutation: str, name: str) -> str | None:
        errors = (await owner.do(mutation, {"name": name}))["userErrors"]
        return f"{errors[0]['code']} {errors[0]['message']}" if errors else None

    assert (
        await code("pluginDisable", "parcel") == "PLUGIN_REQUIRED parcel is required by postage: switch that off first."
    )
    assert await code("pluginDisable", "postage") is None
    assert await code("pluginDisable", "parcel") is None
    assert await code("pluginDisable", "parcel") is None, "again it does nothing"
    assert await code("pluginEnable", "postage") == "PLUGIN_REQUIRES postage requires parcel: switch that on first."
    assert await code("pluginEnable", "parcel") is None
    assert await code("pluginEnable", "postage") is None
    assert await code("pluginEnable", "nothing") == "NOT_FOUND There is no such plugin here."


@pytest.mark.usefixtures("parcel")
async def test_what_does_not_fit_names_its_field(owner: Client) -> None:
    payload = await owner.do("pluginEnable", {"name": "parcel", "settings": {"limit": 0}}, STATE)
    assert payload["plugin"] is None
    [refusal] = payload["userErrors"]
    assert (refusal["code"], refusal["path"]) == ("INVALID", ["input", "settings", "limit"])


@pytest.mark.usefixtures("parcel")
async def test_a_role_for_one_store_switches_nothing_and_sees_nothing(
    platform: Platform, world: World, owner: Client, client: Client
) -> None:
    role = {"name": "switcher", "label": "Switcher", "permissions": ["plugins.read", "plugins.manage"]}
    assert (await owner.do("roleCreate", role))["userErrors"] == []
    local = await hired(client, platform, world, switcher=store(world, "S1"))
    assert await local.code("{ plugins { name } }") == "FORBIDDEN"
    assert await local.code('mutation { pluginDisable(input: {name: "postage"}) { __typename } }') == "FORBIDDEN"
    everywhere = await hired(client, platform, world, switcher=EVERYWHERE)
    assert (await everywhere.do("pluginDisable", {"name": "postage"}))["userErrors"] == []
    assert await client.code("{ plugins { name } }") == "UNAUTHENTICATED"


async def test_a_bundled_plugin_is_there_where_it_is_on_and_nowhere_else(
    owner: Client, client: Client, other_world: World
) -> None:
    offered = "{ couponsOffered { __typename } }"
    await owner.do("pluginEnable", {"name": "coupons"})
    found = await listed(owner, "coupons")
    assert found["rules"]
    assert all(name.startswith("coupons.") for name in [*found["rules"], *found["permissions"]])
    assert "orders.OrderPaid" in found["events"]
    assert await client.run(offered) == {"couponsOffered": []}
    assert (await owner.do("pluginDisable", {"name": "coupons"}))["userErrors"] == []
    assert await client.code(offered) == "PLUGIN_DISABLED"
    assert await Client(client.application, other_world.tenant.slug).run(offered) == {"couponsOffered": []}
    cart = done(await client.do("cartCreate", {}, "cart { id }"))["cart"]
    response = await client.send("query($id: ID!) { cart(id: $id) { id couponsUsable { __typename } } }", id=cart["id"])
    assert response["data"] == {"cart": {"id": cart["id"], "couponsUsable": None}}
    [error] = response["errors"]
    assert (error["path"], error["extensions"]["code"]) == (["cart", "couponsUsable"], "PLUGIN_DISABLED")


async def test_whoever_switches_a_plugin_on_does_not_gain_its_permissions(
    platform: Platform, world: World, owner: Client, client: Client
) -> None:
    switcher = await client.staff(world.email("brand_operator"))
    packer = {"name": "packer", "label": "Packer", "permissions": ["parcel.look", "parcel.pack"]}
    async with with_plugins(platform, world.tenant, {"parcel": plugin("parcel")}):
        assert "parcel.look" in await may(owner), "the owner may do everything there is"
        assert (await switcher.do("pluginDisable", {"name": "parcel"}))["userErrors"] == []
        assert "parcel.look" not in await may(owner)
        assert (await owner.do("roleCreate", packer))["userErrors"][0]["code"] == "NOT_FOUND"
        assert (await switcher.do("pluginEnable", {"name": "parcel"}))["userErrors"] == []
        assert "parcel.look" in await may(owner), "at the next request"
        assert "parcel.look" not in await may(switcher)
        assert (await switcher.do("roleCreate", packer))["userErrors"][0]["code"] == "BEYOND_OWN_RIGHTS"


async def may(staff: Client) -> set[str]:
    found: set[str] = set((await staff.run("{ viewer { ... on StaffUser { permissions } } }"))["viewer"]["permissions"])
    return found


@pytest.mark.usefixtures("parcel")
async def test_roles_begin_with_what_the_plugin_brings_for_them_and_lose_it_for_good(owner: Client) -> None:
    async def clerks_may() -> list[str]:
        return next(one["permissions"] for one in (await owner.run(ROLES))["roles"] if one["name"] == "clerk")

    may = await clerks_may()
    assert {one for one in may if one.startswith("postage.")} == {"postage.pack"}
    given = [entry["after"]["given"] for entry in (await owner.run(ENABLED))["auditLog"]["nodes"]]
    assert {"clerk": ["postage.pack"]} in given
    rest = [one for one in may if one != "postage.pack"]
    payload = await owner.do("roleUpdate", {"name": "clerk", "permissions": rest}, "role { name }")
    assert payload["userErrors"] == []
    for step in ("pluginDisable", "pluginEnable"):
        assert (await owner.do(step, {"name": "postage"}, STATE))["userErrors"] == []
    assert sorted(await clerks_may()) == sorted(rest)
