"""A role for one store shows that store's orders, members and stock, however they are asked for."""

from typing import Any

import pytest

from core import access, identity
from core.access import Scope
from core.actors import system
from core.ids import new_id
from core.stores.models import Region
from hexmart.testing import Client, World
from tenants import Platform
from tests.schema.hiring import hired
from tests.schema.shop import ORDER, act, buy, done, read, refusal

pytestmark = pytest.mark.anyio

MEMBERS = "query($first: Int, $after: String) { members(first: $first, after: $after) { totalCount nodes { id } "
MEMBERS += "pageInfo { hasNextPage endCursor } } }"
SEARCH = "query($phone: String!) { members(search: $phone) { totalCount nodes { id } } }"
NODES = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
STOCK = """query($sku: String!, $s1: ID!, $s2: ID!) { variant(sku: $sku) {
  s1: stock(storeId: $s1) { available onHand reserved } s2: stock(storeId: $s2) { available onHand reserved }
  all: stock { available onHand reserved } } }"""
ME = "{ viewer { ... on Member { id } } }"
AT_S1, AT_S2, AT_BOTH = "13900000001", "13900000002", "13900000003"


@pytest.fixture
async def shoppers(client: Client, world: World) -> dict[str, str]:
    """Members by their phone: one of each store, one of both, and one who never bought anything."""
    bought = {AT_S1: ["S1"], AT_S2: ["S2"], AT_BOTH: ["S1", "S2"], "13900000004": []}
    ids = {}
    for phone, shops in bought.items():
        shopper = await client.member(phone)
        for store in shops:
            await buy(shopper, world, store=store)
        ids[phone] = (await shopper.run(ME))["viewer"]["id"]
    return ids


async def seen(staff: Client, **asked: object) -> list[str]:
    return [node["id"] for node in (await staff.run(MEMBERS, **asked))["members"]["nodes"]]


async def test_the_members_of_a_clerk_are_those_whom_the_store_knows(
    shoppers: dict[str, str], clerk: Client, clerk_of_s1: Client
) -> None:
    everybody = list(reversed(shoppers.values()))
    assert await seen(clerk) == everybody
    known = [shoppers[AT_BOTH], shoppers[AT_S1]]
    assert await seen(clerk_of_s1) == known
    first = (await clerk_of_s1.run(MEMBERS, first=1))["members"]
    assert (first["totalCount"], [node["id"] for node in first["nodes"]]) == (2, known[:1])
    assert await seen(clerk_of_s1, first=1, after=first["pageInfo"]["endCursor"]) == known[1:]
    assert await clerk_of_s1.run(NODES, ids=everybody) == {
        "nodes": [{"id": one} if one in known else None for one in everybody]
    }


async def test_a_search_by_phone_finds_nobody_whom_the_store_does_not_know(
    shoppers: dict[str, str], clerk: Client, clerk_of_s1: Client
) -> None:
    found = {"members": {"totalCount": 1, "nodes": [{"id": shoppers[AT_S2]}]}}
    assert await clerk.run(SEARCH, phone=AT_S2) == found
    assert await clerk_of_s1.run(SEARCH, phone=AT_S2) == {"members": {"totalCount": 0, "nodes": []}}
    assert await clerk_of_s1.run(SEARCH, phone=AT_S1) == {
        "members": {"totalCount": 1, "nodes": [{"id": shoppers[AT_S1]}]}
    }


async def test_a_member_of_both_stores_shows_a_clerk_the_orders_of_one(
    shoppers: dict[str, str], clerk: Client, clerk_of_s1: Client
) -> None:
    query = "query($id: ID!) { node(id: $id) { ... on Member { orders { totalCount nodes { store { code } } } } } }"
    whole = (await clerk.run(query, id=shoppers[AT_BOTH]))["node"]["orders"]
    assert (whole["totalCount"], [order["store"]["code"] for order in whole["nodes"]]) == (2, ["S2", "S1"])
    part = (await clerk_of_s1.run(query, id=shoppers[AT_BOTH]))["node"]["orders"]
    assert (part["totalCount"], [order["store"]["code"] for order in part["nodes"]]) == (1, ["S1"])


async def test_a_store_does_nothing_with_another_stores_orders_unless_the_role_covers_it(
    client: Client, world: World, platform: Platform
) -> None:
    order = await buy(client, world, store="S2")
    key = world.store_keys
    at_s1 = await hired(client, platform, world, store_manager=Scope(store_id=key["S1"]))
    at_both = await hired(client, platform, world, store_manager=[Scope(store_id=key["S1"]), Scope(store_id=key["S2"])])
    refund = {"orderId": order["id"], "reason": "broken", "idempotencyKey": "r"}
    shown = {"code": order["pickupCode"]}
    assert await read(at_s1, order) is None
    assert refusal(await at_s1.do("refundCreate", refund, ORDER))[0] == "NOT_FOUND"
    assert refusal(await at_s1.do("orderVerify", shown | {"storeId": world.stores["S1"]}, ORDER))[0] == "CODE_UNKNOWN"
    assert refusal(await at_s1.do("orderVerify", shown | {"storeId": world.stores["S2"]}, ORDER))[0] == "NOT_FOUND"
    cancel = {"orderId": order["id"], "idempotencyKey": "c"}
    assert refusal(await at_s1.do("orderCancel", cancel, ORDER))[0] == "NOT_FOUND"
    assert refusal(await act(at_s1, "orderReject", order))[0] == "NOT_FOUND"
    unchanged = await read(at_both, order) or {}
    assert (unchanged["status"], unchanged["refunds"]) == ("PAID", [])
    verified = await at_both.do("orderVerify", shown | {"storeId": world.stores["S2"]}, ORDER)
    assert done(verified, "order")["status"] == "COMPLETED"
    assert done(await at_both.do("refundCreate", refund, ORDER), "order")["status"] == "REFUNDED"


async def test_stock_is_shown_where_the_role_reaches_and_nowhere_else(
    client: Client, world: World, clerk: Client, clerk_of_s1: Client
) -> None:
    asked: dict[str, Any] = {"sku": "APPLE", "s1": world.stores["S1"], "s2": world.stores["S2"]}
    whole, capped = (
        {"available": 1000, "onHand": 1000, "reserved": 0},
        {"available": 99, "onHand": None, "reserved": None},
    )
    everywhere = {"available": 2000, "onHand": 2000, "reserved": 0}
    assert (await client.run(STOCK, **asked))["variant"] == {"s1": capped, "s2": capped, "all": capped}
    assert (await clerk.run(STOCK, **asked))["variant"] == {"s1": whole, "s2": whole, "all": everywhere}
    assert (await clerk_of_s1.run(STOCK, **asked))["variant"] == {"s1": whole, "s2": capped, "all": capped}


async def test_a_region_reaches_its_stores_and_those_that_join_it(
    client: Client, world: World, platform: Platform
) -> None:
    orders = [await buy(client, world, store=store) for store in ("S1", "S2")]
    regional = await client.staff(world.email("regional_manager"))
    region = new_id()
    into = "UPDATE store SET region_id = $2 WHERE tenant_id = $1 AND code = $3"
    async with platform.open_work(world.tenant, system("test")) as work:
        work.add(Region(id=region, name="North"))
        await work.session.flush()
        await work.execute("DELETE FROM role_assignment WHERE tenant_id = $1 AND role = 'regional_manager'")
        person = await identity.by_email(work, world.email("regional_manager"))
        assert person is not None
        await access.assign(work, person.id, "regional_manager", region_id=region)
        await work.execute(into, region, "S1")
    query = "{ orders { nodes { id } } }"
    assert [node["id"] for node in (await regional.run(query))["orders"]["nodes"]] == [orders[0]["id"]]
    async with platform.open_work(world.tenant, system("test")) as work:
        await work.execute(into, region, "S2")
    assert len((await regional.run(query))["orders"]["nodes"]) == 2
