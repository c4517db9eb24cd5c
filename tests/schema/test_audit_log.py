"""Who did what, to what and from where can be searched by those who may; nobody rewrites it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from core import clock
from core.database import begin
from core.ids import new_id
from hexmart.demo.load import OPERATOR, ensure_operator
from hexmart.testing import Client, World
from schema.relay import global_id
from tenants import PLATFORM_SLUG, Platform, documents
from tests.schema.hiring import ACTOR, EVERYWHERE, app_of, hire, hired, region, region_of, signed_in, staff_id, store
from tests.schema.shop import Payload, act, buy, done, refusal

pytestmark = pytest.mark.anyio
ENTRY = """at action actor { kind id name } onBehalfOf { kind id name } address requestId subjectType subjectId
  store { code } before after"""
LOG = f"""query($first: Int, $after: String, $where: AuditWhere) {{
  auditLog(first: $first, after: $after, where: $where) {{
    totalCount nodes {{ {ENTRY} }} edges {{ cursor }} pageInfo {{ hasNextPage endCursor }} }} }}"""
#: what is done to them, and what the log says was so before and after
DOCUMENTS = {
    "registered": (None, {"ids": ["a"]}),
    "withdrawn": ({"ids": ["a"]}, None),
    "trusted_only": ({"only": False}, {"only": True}),
}
LET_GO = "UPDATE staff SET active = false WHERE tenant_id = $1 AND id = $2"


async def log(reader: Client, where: Mapping[str, object] | None = None, **page: object) -> dict[str, Any]:
    found: dict[str, Any] = (await reader.run(LOG, where=where, **page))["auditLog"]
    return found


def in_turn(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Oldest first; the log itself does not tell apart what was done within one millisecond."""
    return sorted(nodes, key=lambda node: datetime.fromisoformat(node["at"]))


async def actions(reader: Client, **where: object) -> list[str]:
    """What was done, newest first; signing in left out, which everybody does."""
    nodes = in_turn((await log(reader, where, first=100))["nodes"])[::-1]
    return [node["action"] for node in nodes if not node["action"].startswith("staff.sign")]


async def adjust(staff: Client, world: World, code: str = "S1", **more: object) -> Payload:
    wish = {"locationId": world.stores[code], "variantId": world.variants["BREAD"], "delta": 1, "reason": "found"}
    return await staff.do("stockAdjust", wish | {"idempotencyKey": str(new_id())} | more, "stock { onHand }")


async def test_an_entry_says_who_did_what_to_what_and_from_where(
    client: Client, world: World, platform: Platform, owner: Client
) -> None:
    person = await hire(platform, world, clerk=store(world, "S1"))
    order = await buy(client, world)
    began = clock.now()
    done(await act(await signed_in(client, platform, world, person), "orderAccept", order), "order")
    (entry,) = (await log(owner, {"subjectId": order["id"]}))["nodes"]
    assert began <= datetime.fromisoformat(entry.pop("at")) <= clock.now()
    assert len(entry.pop("requestId")) >= 16
    assert entry == {
        "action": "order.accepted",
        "actor": {"kind": "staff", "id": staff_id(person), "name": "somebody new"},
        "onBehalfOf": None,
        "address": "127.0.0.1",
        "subjectType": "Order",
        "subjectId": order["id"],
        "store": {"code": "S1"},
        "before": {"status": "PAID"},
        "after": {"status": "ACCEPTED"},
    }


async def test_what_changed_is_there_as_it_was_and_as_it_became(owner: Client) -> None:
    wish = {"name": "packer", "label": "Packer", "permissions": ["orders.read"]}
    done(await owner.do("roleCreate", wish, "role { name }"), "role")
    (entry,) = (await log(owner, {"actions": ["role.created"]}))["nodes"]
    assert (entry["before"], entry["after"], entry["subjectId"]) == (None, wish, None)
    done(await owner.do("roleUpdate", {"name": "packer", "permissions": []}, "role { name }"), "role")
    (entry,) = (await log(owner, {"actions": ["role.updated"]}))["nodes"]
    assert (entry["before"], entry["after"]) == (wish, wish | {"permissions": []})


async def test_what_buyers_and_hexmart_do_is_in_the_timeline_and_not_here(
    client: Client, world: World, owner: Client
) -> None:
    order = await buy(client, world)
    await client.do("orderCancel", {"orderId": order["id"], "idempotencyKey": "1"}, "order { status }")
    assert await actions(owner, subjectId=order["id"]) == []


async def test_refusals_and_repetitions_leave_nothing(client: Client, world: World, owner: Client) -> None:
    order = await buy(client, world)
    for _ in range(2):
        done(await act(owner, "orderAccept", order), "order")
    assert refusal(await act(owner, "orderComplete", order))[0] == "INVALID"
    for _ in range(2):
        done(await adjust(owner, world, idempotencyKey="1"), "stock")
    assert refusal(await adjust(owner, world, delta=-1_000))[0] == "INVALID"
    assert await actions(owner) == ["stock.adjusted", "order.accepted"]


async def test_conditions_narrow_it_down(client: Client, world: World, platform: Platform, move_clock: Any) -> None:
    owner, person = await client.staff(world.email("owner")), await hire(platform, world, store_manager=EVERYWHERE)
    manager = await signed_in(client, platform, world, person)
    order = await buy(client, world, store="S2")
    done(await act(manager, "orderAccept", order), "order")
    done(await adjust(manager, world, "S1"), "stock")
    await move_clock(timedelta(minutes=5))
    moment = clock.now().isoformat()
    done(await adjust(owner, world, "S2"), "stock")
    both = ["stock.adjusted", "order.accepted"]
    assert await actions(owner, actorId=staff_id(person)) == both
    assert await actions(owner, subjectId=world.variants["BREAD"]) == ["stock.adjusted"] * 2
    assert await actions(owner, storeId=world.stores["S2"]) == both
    assert await actions(owner, actions=["order.accepted"]) == ["order.accepted"]
    assert await actions(owner, actions=["stock.adjusted", "order.accepted"]) == ["stock.adjusted", *both]
    assert await actions(owner, since=moment) == ["stock.adjusted"]
    assert await actions(owner, until=moment) == both
    assert await actions(owner, since=moment, until=moment) == []
    assert await actions(owner, actorId=staff_id(person), storeId=world.stores["S2"]) == ["order.accepted"]


async def test_what_names_nothing_finds_nothing(
    client: Client, world: World, other_world: World, platform: Platform
) -> None:
    owner, elsewhere = await client.staff(world.email("owner")), await hire(platform, other_world, owner=EVERYWHERE)
    stranger = await signed_in(replace(client, slug=other_world.tenant.slug), platform, other_world, elsewhere)
    done(await adjust(stranger, other_world), "stock")
    done(await adjust(owner, world), "stock")
    for condition in ("actorId", "subjectId", "storeId"):
        for value in ("x", "", global_id("Order", UUID(int=1)), staff_id(elsewhere), other_world.stores["S1"]):
            assert await actions(owner, **{condition: value}) == []
    assert await actions(owner, actions=[]) == await actions(owner, actions=["*", "x"]) == []
    assert await actions(stranger) == ["stock.adjusted"]


async def test_pages_go_back_in_time(owner: Client, world: World) -> None:
    for number in range(1, 6):
        done(await adjust(owner, world, delta=number), "stock")
    where, seen, after = {"actions": ["stock.adjusted"]}, list[int](), ""
    for _ in range(3):
        page = await log(owner, where, first=2, after=after or None)
        assert page["totalCount"] == 5
        seen += [node["after"]["on_hand"] - node["before"]["on_hand"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert (seen, page["pageInfo"]["hasNextPage"]) == ([5, 4, 3, 2, 1], False)
    for cursor in ("x", "", after[:-2]):
        assert await owner.code(LOG, after=cursor) == "BAD_REQUEST"


async def test_who_reads_it_for_some_stores_sees_what_belongs_to_these(
    client: Client, world: World, platform: Platform, owner: Client
) -> None:
    north = await region_of(platform, world, "S2", "S3")
    done(await owner.do("roleCreate", {"name": "packer", "label": "x", "permissions": []}, "role { name }"), "role")
    for code in ("S1", "S2"):
        done(await adjust(owner, world, code), "stock")
        done(await act(owner, "orderAccept", await buy(client, world, store=code)), "order")
    person = await hire(platform, world)
    given = {"staffId": staff_id(person), "role": "clerk", "storeIds": [world.stores["S1"]]}
    assert (await owner.do("roleAssign", given))["userErrors"] == []
    at_one = await hired(client, platform, world, store_manager=store(world, "S1"))
    of_region = await hired(client, platform, world, store_manager=region(north))
    assert await actions(at_one) == ["role.assigned", "order.accepted", "stock.adjusted"]
    assert await actions(of_region) == ["order.accepted", "stock.adjusted"]
    assert (await log(of_region))["totalCount"] == 2
    assert (
        await actions(at_one, storeId=world.stores["S2"]) == await actions(of_region, storeId=world.stores["S1"]) == []
    )
    assert await actions(of_region, subjectId=world.variants["BREAD"]) == ["stock.adjusted"]
    assert await actions(at_one, actions=["role.created"]) == []
    assert len(await actions(owner)) == 6


async def test_who_may_not_read_it_does_not(client: Client, world: World, platform: Platform) -> None:
    assert await client.code(LOG) == "UNAUTHENTICATED"
    for nobody in (
        await client.member("13800000001"),
        await client.staff(world.email("clerk")),
        await hired(client, platform, world),
    ):
        assert await nobody.code(LOG) == "FORBIDDEN"


async def test_an_app_stands_there_with_whom_it_acts_for(
    client: Client, world: World, platform: Platform, owner: Client
) -> None:
    person = await hire(platform, world, merchandiser=EVERYWHERE)
    app = await app_of(client, platform, world, ["stock.adjust"], person)
    done(await adjust(app, world), "stock")
    (entry,) = (await log(owner, {"actions": ["stock.adjusted"]}))["nodes"]
    assert (await log(owner, {"actorId": entry["actor"]["id"]}))["nodes"] == [entry]
    assert (entry["actor"]["kind"], entry["actor"]["name"]) == ("app", "Stocktaker")
    assert entry["onBehalfOf"] == {"kind": "staff", "id": staff_id(person), "name": "somebody new"}


async def test_who_has_left_still_has_a_name(client: Client, world: World, platform: Platform, owner: Client) -> None:
    person = await hire(platform, world, merchandiser=EVERYWHERE)
    done(await adjust(await signed_in(client, platform, world, person), world), "stock")
    async with platform.open_work(world.tenant, ACTOR) as work:
        await work.execute(LET_GO, person)
    (entry,) = (await log(owner, {"actions": ["stock.adjusted"]}))["nodes"]
    assert entry["actor"]["name"] == "somebody new"


async def test_the_operator_has_a_log_of_their_own(
    client: Client, world: World, platform: Platform, owner: Client
) -> None:
    await ensure_operator(platform)
    operator = await replace(client, slug=PLATFORM_SLUG).staff(OPERATOR)
    before = len(await actions(operator, actions=["brand.suspended"]))
    wish = {"slug": world.tenant.slug, "reason": "unpaid bills"}
    assert (await operator.do("tenantSuspend", wish))["userErrors"] == []
    found = (await log(operator, {"actions": ["brand.suspended"]}))["nodes"]
    assert len(found) == before + 1
    assert (found[0]["after"], found[0]["actor"]["name"]) == ({"slug": world.tenant.slug}, OPERATOR)
    assert await owner.code(LOG) == "TENANT_SUSPENDED"


async def test_what_is_done_to_trusted_documents_by_command_is_in_it(
    world: World, platform: Platform, owner: Client
) -> None:
    await documents.register(platform, world.tenant, {"a": "{ brand { slug } }"})
    await documents.withdraw(platform, world.tenant, ["a", "b"])
    trusting = await documents.trust_only(platform, world.tenant, True)
    await documents.trust_only(platform, trusting, False)
    nodes = (await log(owner, {"actions": [f"documents.{done}" for done in DOCUMENTS]}))["nodes"]
    *found, last = in_turn(nodes)
    assert [entry["action"].removeprefix("documents.") for entry in found] == list(DOCUMENTS)
    assert [(entry["before"], entry["after"]) for entry in found] == list(DOCUMENTS.values())
    assert (last["before"], last["after"]) == ({"only": True}, {"only": False})
    assert {(entry["actor"]["kind"], entry["actor"]["name"]) for entry in found} == {("system", "documents")}


@pytest.mark.parametrize("engine", ["app", "platform"])
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_entry SET action = 'nothing'",
        "UPDATE audit_entry SET after = NULL WHERE tenant_id = current_tenant()",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "DROP TABLE audit_entry",
        "ALTER TABLE audit_entry DISABLE ROW LEVEL SECURITY",
    ],
)
async def test_nobody_who_serves_can_rewrite_it(
    platform: Platform, world: World, owner: Client, engine: str, sql: str
) -> None:
    done(await adjust(owner, world), "stock")
    database = getattr(platform, engine)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with begin(database, tenant_id=world.tenant.id, clock_offset=0, read_only=False) as transaction:
            await transaction.driver.execute(sql)
    assert await actions(owner) == ["stock.adjusted"]
