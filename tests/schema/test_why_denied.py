"""Whoever may not do a thing can ask why, and is told what to do."""

from typing import Any
from uuid import UUID

import pytest

from core.access import Reason
from hexmart.testing import Client, World
from schema.enums import AccessReason
from schema.relay import global_id
from tenants import Platform
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

pytestmark = pytest.mark.anyio
RULE = "{ role label permission everywhere store { code } region { id } }"
WHY = f"""query($p: String!, $s: ID, $w: ID) {{ whyDenied(permission: $p, storeId: $s, staffId: $w) {{
  allowed reason message rule {RULE} elsewhere {RULE} }} }}"""
LET_GO = "UPDATE staff SET active = false WHERE tenant_id = $1 AND id = $2"


async def why(asker: Client, permission: str, store: str | None = None, who: str | None = None) -> dict[str, Any]:
    found: dict[str, Any] = (await asker.run(WHY, p=permission, s=store, w=who))["whyDenied"]
    assert found["allowed"] == (found["reason"] == "ALLOWED")
    return found


def test_the_contract_has_every_reason() -> None:
    assert {reason.value for reason in AccessReason} == {reason.value for reason in Reason}


async def test_who_is_allowed_is_told_by_which_rule(client: Client, world: World, platform: Platform) -> None:
    north = await region_of(platform, world, "S2")
    one = await hired(
        client, platform, world, clerk=store(world, "S1"), store_manager=region(north), finance=EVERYWHERE
    )
    rule = {"everywhere": False, "store": None, "region": None}
    found = await why(one, "stock.read", world.stores["S1"])
    assert found["rule"] == rule | {
        "role": "clerk",
        "label": "Clerk",
        "permission": "stock.read",
        "store": {"code": "S1"},
    }
    assert (found["message"], found["elsewhere"]) == ("Clerk allows it in this store.", [])
    found = await why(one, "stock.adjust", world.stores["S2"])
    of_region = rule | {"role": "store_manager", "label": "Store manager", "region": {"id": region_id(north)}}
    assert found["rule"] == of_region | {"permission": "stock.adjust"}
    assert found["message"] == "Store manager allows it in this store's region."
    for code in ("S1", "S3", None):
        found = await why(one, "payments.refund", world.stores[code] if code else None)
        assert (found["reason"], found["rule"]["role"], found["rule"]["everywhere"]) == ("ALLOWED", "finance", True)
    found = await why(await client.staff(world.email("owner")), "apps.manage", world.stores["S3"])
    assert (found["message"], found["rule"]["role"]) == ("Owner allows it everywhere.", "owner")


async def test_who_is_not_is_told_what_to_do(client: Client, world: World, platform: Platform) -> None:
    one = await hired(client, platform, world, clerk=[store(world, "S1"), store(world, "S2")])
    found = await why(one, "stock.read", world.stores["S3"])
    assert (found["reason"], found["rule"]) == ("OUT_OF_SCOPE", None)
    assert [(rule["role"], rule["store"]["code"]) for rule in found["elsewhere"]] == [("clerk", "S1"), ("clerk", "S2")]
    assert found["message"].startswith("Clerk allows it elsewhere: have somebody with roles.assign")
    found = await why(one, "stock.adjust", world.stores["S1"])
    assert (found["reason"], found["elsewhere"]) == ("NO_ROLE_GRANTS", [])
    assert "Merchandiser, Owner, Regional manager, Store manager" in found["message"]
    assert (await why(one, "stock.adjust"))["reason"] == "NO_ROLE_GRANTS"
    for permission in ("orders.fly", "tenants.create", "", "orders", "*.*"):
        assert (await why(one, permission, world.stores["S1"]))["reason"] == "UNKNOWN_PERMISSION"
    nobody = await hired(client, platform, world)
    assert (await why(nobody, "stock.read"))["reason"] == "NO_ROLE_GRANTS"


async def test_guests_and_members_hold_no_permission(client: Client) -> None:
    assert (await why(client, "orders.read"))["reason"] == "NOT_SIGNED_IN"
    assert (await why(await client.member("13800000001"), "orders.read"))["reason"] == "NOT_STAFF"


async def test_an_app_is_told_what_its_token_lacks(client: Client, world: World, platform: Platform) -> None:
    alone = await app_of(client, platform, world, ["orders.read", "stock.adjust"])
    found = await why(alone, "orders.read", world.stores["S2"])
    assert (found["reason"], found["message"]) == ("ALLOWED", "The token's scope allows it everywhere.")
    found = await why(alone, "payments.refund")
    assert (found["reason"], "payments.refund" in found["message"]) == ("NOT_IN_SCOPE_OF_APP", True)
    assert (await why(alone, "nobody.knows"))["reason"] == "UNKNOWN_PERMISSION"
    clerk = await hire(platform, world, clerk=store(world, "S1"))
    acting = await app_of(client, platform, world, ["orders.read", "stock.adjust"], clerk)
    reasons = {
        ("orders.read", "S1"): "ALLOWED",
        ("orders.read", "S2"): "OUT_OF_SCOPE",
        ("stock.adjust", "S1"): "NO_ROLE_GRANTS",
        ("stock.read", "S1"): "NOT_IN_SCOPE_OF_APP",
    }
    for (permission, code), reason in reasons.items():
        assert (await why(acting, permission, world.stores[code]))["reason"] == reason


async def test_of_somebody_else_those_may_ask_who_have_the_permission_there(
    client: Client, world: World, platform: Platform
) -> None:
    one = await hire(platform, world, clerk=[store(world, "S1"), store(world, "S2")])
    manager = await client.staff(world.email("manager"))
    found = await why(manager, "stock.read", world.stores["S3"], staff_id(one))
    assert (found["reason"], len(found["elsewhere"])) == ("OUT_OF_SCOPE", 2)
    assert (await why(manager, "stock.read", None, staff_id(one)))["reason"] == "ALLOWED"
    at_three = await hired(client, platform, world, store_manager=store(world, "S3"))
    found = await why(at_three, "stock.read", world.stores["S3"], staff_id(one))
    assert (found["reason"], found["elsewhere"]) == ("OUT_OF_SCOPE", []), "where else is none of theirs"
    clerk = await client.staff(world.email("clerk"))
    denied = {
        at_three: [world.stores["S1"], None],
        clerk: [world.stores["S1"], None],
        await app_of(client, platform, world, ["orders.read"]): [world.stores["S1"], None],
        await client.member("13800000001"): [world.stores["S1"], None],
    }
    for asker, places in denied.items():
        for place in places:
            for who in (staff_id(one), "x"):
                assert await asker.code(WHY, p="stock.read", s=place, w=who) == "FORBIDDEN"
    assert await client.code(WHY, p="stock.read", w=staff_id(one)) == "UNAUTHENTICATED"


async def test_of_oneself_anybody_may_ask_by_id_too(client: Client, world: World, platform: Platform) -> None:
    person = await hire(platform, world, clerk=store(world, "S1"))
    one = await signed_in(client, platform, world, person)
    for permission, code in (("stock.read", "S1"), ("stock.read", "S2"), ("stock.adjust", "S1")):
        asked = (permission, world.stores[code])
        assert await why(one, *asked, staff_id(person)) == await why(one, *asked)


async def test_who_was_let_go_is_not_active(client: Client, world: World, platform: Platform) -> None:
    person = await hire(platform, world, owner=EVERYWHERE)
    manager = await client.staff(world.email("manager"))
    assert (await why(manager, "stock.read", None, staff_id(person)))["allowed"]
    async with platform.open_work(world.tenant, ACTOR) as work:
        await work.execute(LET_GO, person)
    assert (await why(manager, "stock.read", None, staff_id(person)))["reason"] == "NOT_ACTIVE"


async def test_who_and_what_there_is_not_is_answered_as_what_is_another_brands(
    client: Client, world: World, other_world: World, platform: Platform
) -> None:
    manager = await client.staff(world.email("manager"))
    foreign = await hire(platform, other_world)
    unknown = UUID(int=7)
    people = (staff_id(foreign), staff_id(unknown), world.stores["S1"], "x", "")
    places = (other_world.stores["S1"], global_id("Store", unknown), staff_id(unknown), "x", "")
    for who, place in [*((one, None) for one in people), *((None, one) for one in places)]:
        answer = await manager.send(WHY, p="stock.read", w=who, s=place)
        (error,) = answer["errors"]
        missing = ("member of staff", ["staffId"]) if who is not None else ("store", ["storeId"])
        assert error["message"] == f"There is no such {missing[0]} here."
        assert (error["extensions"]["code"], error["extensions"]["path"]) == ("BAD_REQUEST", missing[1])
