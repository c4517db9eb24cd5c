"""Rules are set by the API: by whom, where, to what, and what then holds."""

from typing import Any

import pytest

from hexmart.testing import Client, World
from tenants import Platform
from tests.schema.hiring import hire, signed_in, staff_id, store
from tests.schema.ruling import FEE, FIELDS, HISTORY, RULES, region_of, ruled, set_rule, values
from tests.schema.shop import done, refusal

pytestmark = pytest.mark.anyio
LOCK = "orders.lock_minutes"


async def test_every_rule_a_brand_may_set_is_shown_with_its_bounds(owner: Client) -> None:
    found = (await owner.run("{ rules { key description jsonSchema default value scope settableFor version } }"))[
        "rules"
    ]
    shown = {rule["key"]: rule for rule in found}
    assert list(shown) == sorted(shown)
    assert shown[LOCK] == {
        "key": LOCK,
        "description": "How long an unpaid order keeps its stock.",
        "jsonSchema": {"type": "integer", "exclusiveMinimum": 0, "maximum": 10_080},
        "default": 15,
        "value": 15,
        "scope": "PLATFORM",
        "settableFor": ["BRAND", "REGION", "STORE"],
        "version": None,
    }
    assert shown["pricing.free_delivery_when"]["jsonSchema"]["format"] == "cel"
    assert not [key for key in shown if key.startswith("identity.fixed") or key == "identity.loopback_providers"]


async def test_the_nearest_value_counts(owner: Client, world: World, platform: Platform) -> None:
    north = await region_of(platform, world, "S1", "S2")
    await ruled(owner, FEE, 500)
    await ruled(owner, FEE, 400, regionId=north)
    await ruled(owner, FEE, 300, storeId=world.stores["S1"])
    found = {code: (await values(owner, key))[FEE] for code, key in world.stores.items()}
    assert found == {"S1": 300, "S2": 400, "S3": 500}
    assert (await values(owner))[FEE] == 500
    assert (await ruled(owner, FEE, None, storeId=world.stores["S1"]))["value"] == 400
    assert (await ruled(owner, FEE, None, regionId=north))["value"] == 500
    again = await ruled(owner, FEE, None)
    assert (again["value"], again["scope"], again["version"]) == (600, "PLATFORM", None)


async def test_what_was_set_is_answered_with_who_and_why(owner: Client, world: World) -> None:
    payload = await set_rule(owner, FEE, 450, storeId=world.stores["S2"], reason=" rainy season ")
    assert payload["userErrors"] == []
    rule, version = payload["rule"], payload["version"]
    assert (rule["value"], rule["scope"], rule["version"], rule["upcoming"]) == (450, "STORE", 1, None)
    assert (version["version"], version["value"], version["reason"]) == (1, 450, "rainy season")
    assert (version["store"], version["region"]) == ({"code": "S2"}, None)
    assert version["author"]["kind"] == "staff"
    assert version["effectiveFrom"] == rule["effectiveFrom"]


WRONG: list[tuple[str, dict[str, Any], str, list[str]]] = [
    ("NOT_FOUND", {"key": "orders.nothing", "value": 1}, "no such rule", ["input", "key"]),
    ("NOT_FOUND", {"key": "identity.fixed_code", "value": "1"}, "no such rule", ["input", "key"]),
    ("NOT_FOUND", {"key": "identity.loopback_providers", "value": True}, "no such rule", ["input", "key"]),
    ("INVALID", {"key": LOCK, "value": "15"}, "should be a valid integer", ["input", "value"]),
    ("INVALID", {"key": LOCK, "value": 0}, "greater than 0", ["input", "value"]),
    ("INVALID", {"key": LOCK, "value": 10_081}, "less than or equal to 10080", ["input", "value"]),
    ("INVALID", {"key": LOCK, "value": 1.5}, "should be a valid integer", ["input", "value"]),
    ("INVALID", {"key": LOCK, "value": {"minutes": 1}}, "should be a valid integer", ["input", "value"]),
    ("INVALID", {"key": LOCK, "value": 10**30}, "valid integer", ["input", "value"]),
    ("INVALID", {"key": LOCK}, "Give a value", ["input", "value"]),
    (
        "INVALID",
        {"key": "pricing.free_delivery_when", "value": "items > 10 && memer"},
        "line 1, column 15: undeclared reference to 'memer'",
        ["input", "value"],
    ),
    ("INVALID", {"key": LOCK, "value": 1, "effectiveFrom": "2001-01-01T00:00:00Z"}, "", ["input", "effectiveFrom"]),
    ("INVALID", {"key": LOCK, "value": 1, "reason": "x" * 501}, "at most 500", ["input", "reason"]),
    ("NOT_FOUND", {"key": LOCK, "value": 1, "storeId": "x"}, "no such store", ["input", "storeId"]),
    ("NOT_FOUND", {"key": LOCK, "value": 1, "regionId": "x"}, "no such region", ["input", "regionId"]),
    ("INVALID", {"key": LOCK, "value": 1, "storeId": "x", "regionId": "x"}, "not both", ["input", "regionId"]),
    ("INVALID", {"key": "stores.near_radius", "value": 1, "storeId": "x"}, "not set for a store", ["input", "storeId"]),
]


@pytest.mark.parametrize(("code", "given", "message", "path"), WRONG)
async def test_what_is_wrong_is_refused_by_field(
    owner: Client, code: str, given: dict[str, Any], message: str, path: list[str], number_of: Any
) -> None:
    payload = await owner.do("ruleSet", given, FIELDS)
    assert refusal(payload) == (code, path)
    assert message in payload["userErrors"][0]["message"]
    assert await number_of("rule_version") == 0


@pytest.mark.parametrize("role", ["clerk", "finance", "manager", "regional_manager"])
async def test_who_may_not_set_rules_does_not(client: Client, world: World, role: str) -> None:
    staff = await client.staff(world.email(role))
    given = {"input": {"key": FEE, "value": 1}}
    asked = "mutation($input: RuleSetInput!) { ruleSet(input: $input) { rule { key } } }"
    assert await staff.code(asked, **given) == "FORBIDDEN"


async def test_a_manager_reads_what_the_owner_sets(owner: Client, manager: Client) -> None:
    await ruled(owner, FEE, 450)
    assert (await values(manager))[FEE] == 450


async def test_a_role_for_one_store_sets_that_stores_rules_alone(
    client: Client, owner: Client, world: World, platform: Platform
) -> None:
    north = await region_of(platform, world, "S1")
    made = {"name": "ruler", "label": "Ruler", "permissions": ["rules.read", "rules.set"]}
    done(await owner.do("roleCreate", made, "role { name }"), "role")
    ruler = await signed_in(client, platform, world, await hire(platform, world, ruler=store(world, "S1")))
    assert (await ruled(ruler, FEE, 300, storeId=world.stores["S1"]))["value"] == 300
    for place in ({}, {"storeId": world.stores["S2"]}, {"regionId": north}):
        assert refusal(await set_rule(ruler, FEE, 1, **place))[0] == "BEYOND_OWN_RIGHTS"
    assert await ruler.code(RULES, store=world.stores["S2"]) == "BAD_REQUEST"
    assert (await values(ruler, world.stores["S1"]))[FEE] == 300


async def test_a_role_for_a_region_sets_that_regions_rules_and_its_stores(
    client: Client, owner: Client, world: World, platform: Platform
) -> None:
    north = await region_of(platform, world, "S1", "S2")
    south = await region_of(platform, world, "S3", name="South")
    made = {"name": "ruler", "label": "Ruler", "permissions": ["rules.read", "rules.set"]}
    done(await owner.do("roleCreate", made, "role { name }"), "role")
    person = await hire(platform, world)
    given = {"staffId": staff_id(person), "role": "ruler", "regionIds": [north]}
    assert (await owner.do("roleAssign", given))["userErrors"] == []
    ruler = await signed_in(client, platform, world, person)
    await ruled(ruler, FEE, 300, regionId=north)
    await ruled(ruler, FEE, 200, storeId=world.stores["S2"])
    for place in ({}, {"storeId": world.stores["S3"]}, {"regionId": south}):
        assert refusal(await set_rule(ruler, FEE, 1, **place))[0] == "BEYOND_OWN_RIGHTS"
    assert {code: (await values(owner, key))[FEE] for code, key in world.stores.items()} == {
        "S1": 300,
        "S2": 200,
        "S3": 600,
    }


async def test_the_history_tells_everything_and_pages(owner: Client, world: World, platform: Platform) -> None:
    north = await region_of(platform, world, "S1")
    await ruled(owner, FEE, 500, reason="dearer petrol")
    await ruled(owner, LOCK, 20)
    await ruled(owner, FEE, 400, regionId=north)
    await ruled(owner, FEE, None, storeId=world.stores["S2"])
    found = (await owner.run(HISTORY, key=FEE, first=2))["ruleHistory"]
    assert found["totalCount"] == 3
    assert [(one["version"], one["value"]) for one in found["nodes"]] == [(4, None), (3, 400)]
    assert found["nodes"][0]["store"] == {"code": "S2"}
    assert found["nodes"][1]["region"] == {"name": "North"}
    rest = (await owner.run(HISTORY, key=FEE, first=2, after=found["pageInfo"]["endCursor"]))["ruleHistory"]
    assert [(one["value"], one["reason"]) for one in rest["nodes"]] == [(500, "dearer petrol")]
    of_s1 = (await owner.run(HISTORY, key=FEE, store=world.stores["S1"]))["ruleHistory"]
    assert [one["version"] for one in of_s1["nodes"]] == [3, 1]
    assert (await owner.run(HISTORY))["ruleHistory"]["totalCount"] == 4


async def test_rolling_back_is_a_new_version_with_the_old_value_where_that_was(owner: Client, world: World) -> None:
    s1 = world.stores["S1"]
    await ruled(owner, FEE, 500, storeId=s1)
    await ruled(owner, FEE, 100, storeId=s1)
    back = await owner.do("ruleRollback", {"key": FEE, "version": 1, "reason": "a mistake"}, FIELDS)
    assert done(back, "rule")["value"] == 500
    assert (back["version"]["version"], back["version"]["restores"], back["version"]["store"]) == (3, 1, {"code": "S1"})
    assert (await values(owner, s1))[FEE] == 500
    assert (await values(owner))[FEE] == 600


@pytest.mark.parametrize(
    "given", [{"key": FEE, "version": 9}, {"key": LOCK, "version": 1}, {"key": FEE, "version": -1}]
)
async def test_what_was_never_set_cannot_be_brought_back(owner: Client, given: dict[str, Any]) -> None:
    await ruled(owner, FEE, 500)
    assert refusal(await owner.do("ruleRollback", given, FIELDS)) == ("NOT_FOUND", ["input", "version"])
