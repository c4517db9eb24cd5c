"""Who sees which order, and what of it."""

from typing import Any

import pytest

from core.ids import new_id
from hexmart.testing import Client, World
from schema.relay import global_id
from tests.schema.shop import Payload, act, buy, buy_delivered, fill, place, read, refusal

pytestmark = pytest.mark.anyio

BY_NUMBER = "query($number: String!) { order(number: $number) { id } }"
LIST = """query($where: OrderWhere, $first: Int! = 20, $after: String) {
  orders(where: $where, first: $first, after: $after) {
  totalCount nodes { id store { code } } pageInfo { hasNextPage endCursor } } }"""
PRIVATE = """query($id: ID!) { order(id: $id) { pickupCode
  contact { name phone } address { recipient phone line city } member { phone } } }"""


async def listed(client: Client, **asked: object) -> list[str]:
    """The stores of the orders in a list."""
    return [node["store"]["code"] for node in (await client.run(LIST, **asked))["orders"]["nodes"]]


async def seen(client: Client, order: Payload) -> Any:
    """What somebody sees of an order's buyer."""
    return (await client.run(PRIVATE, id=order["id"]))["order"]


async def test_whoever_holds_the_id_of_a_guests_order_reads_it(client: Client, world: World, member: Client) -> None:
    order = await buy(client, world)
    assert await read(client, order) == order
    assert ((await read(member, order)) or {})["number"] == order["number"]


async def test_a_number_is_no_secret_so_it_never_answers_a_guest(
    client: Client, world: World, member: Client, clerk: Client
) -> None:
    order = await buy(client, world)
    for other in (client, member):
        assert await other.run(BY_NUMBER, number=order["number"]) == {"order": None}
    assert await clerk.run(BY_NUMBER, number=order["number"]) == {"order": {"id": order["id"]}}
    assert await clerk.run(BY_NUMBER, number="2605040000") == {"order": None}


async def test_a_members_order_is_the_members_own(client: Client, world: World, member: Client) -> None:
    order = await buy(member, world)
    assert await member.run(BY_NUMBER, number=order["number"]) == {"order": {"id": order["id"]}}
    stranger = await client.member("13900000002")
    for other in (client, stranger):
        assert await read(other, order) is None
        assert await other.run(BY_NUMBER, number=order["number"]) == {"order": None}
        refused = await act(other, "orderCancel", order, idempotencyKey="1")
        assert refusal(refused) == ("NOT_FOUND", ["input", "orderId"])
    assert await read(member, order) == order


async def test_a_member_lists_their_own_orders_newest_first(client: Client, world: World, member: Client) -> None:
    first, second = await buy(member, world), await buy(member, world, store="S2")
    await buy(client, world)
    await buy(await client.member("13900000002"), world)
    query = "query($n: Int! = 20, $after: String) { viewer { ... on Member { phone orders(first: $n, after: $after) { "
    query += "totalCount nodes { id } pageInfo { hasNextPage endCursor } } } } }"
    mine = (await member.run(query))["viewer"]
    assert (mine["phone"], mine["orders"]["totalCount"]) == ("+8613800000001", 2)
    assert [node["id"] for node in mine["orders"]["nodes"]] == [second["id"], first["id"]]
    page = (await member.run(query, n=1))["viewer"]["orders"]
    rest = (await member.run(query, n=1, after=page["pageInfo"]["endCursor"]))["viewer"]["orders"]
    assert ([node["id"] for node in rest["nodes"]], rest["pageInfo"]["hasNextPage"]) == ([first["id"]], False)


async def test_staff_see_the_orders_of_their_stores_only(
    client: Client, world: World, clerk: Client, clerk_of_s1: Client
) -> None:
    ours, theirs = await buy(client, world, store="S1"), await buy(client, world, store="S2")
    assert (await listed(clerk), await listed(clerk_of_s1)) == (["S2", "S1"], ["S1"])
    assert (await clerk_of_s1.run(LIST))["orders"]["totalCount"] == 1
    s2 = {"storeId": world.stores["S2"]}
    assert (await listed(clerk, where=s2), await listed(clerk_of_s1, where=s2)) == (["S2"], [])
    assert (await read(clerk_of_s1, ours) or {})["number"] == ours["number"]
    assert await read(clerk_of_s1, theirs) is None
    assert await clerk_of_s1.run(BY_NUMBER, number=theirs["number"]) == {"order": None}
    nodes = await clerk_of_s1.run("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=[ours["id"], theirs["id"]])
    assert nodes == {"nodes": [{"id": ours["id"]}, None]}
    part = (await read(client, theirs) or {})["fulfilments"][0]["id"]
    assert await clerk_of_s1.run("query($id: ID!) { node(id: $id) { id } }", id=part) == {"node": None}
    for step in ("orderAccept", "orderPrepare", "orderReady", "orderReject"):
        assert refusal(await act(clerk_of_s1, step, theirs)) == ("NOT_FOUND", ["input", "orderId"])
    assert (await read(client, theirs) or {})["status"] == "PAID"


async def test_a_list_of_orders_is_filtered_and_paged(client: Client, world: World, clerk: Client) -> None:
    await buy(client, world, store="S1")
    await place(client, await fill(client, world, store="S2"))
    assert await listed(clerk, where={"statuses": ["PAID"]}) == ["S1"]
    assert await listed(clerk, where={"statuses": ["PENDING_PAYMENT", "PAID"]}) == ["S2", "S1"]
    assert await listed(clerk, where={"storeId": "garbage"}) == []
    assert await listed(clerk, where={"storeId": global_id("Store", new_id())}) == []
    page = (await clerk.run(LIST, first=1))["orders"]
    assert ([n["store"]["code"] for n in page["nodes"]], page["pageInfo"]["hasNextPage"]) == (["S2"], True)
    assert await listed(clerk, first=1, after=page["pageInfo"]["endCursor"]) == ["S1"]


async def test_a_clerk_sees_no_phone_and_no_door(client: Client, world: World, clerk: Client) -> None:
    order = await buy_delivered(client, world)
    clear = {"recipient": "王芳", "phone": "+8613800000001", "line": "人民大道200号3楼", "city": "上海"}
    for reader in [client, await client.staff(world.email("manager")), await client.staff(world.email("owner"))]:
        whole = await seen(reader, order)
        assert (whole["contact"], whole["address"]) == ({"name": "小王", "phone": "+8613800000001"}, clear)
    masked = await seen(clerk, order)
    assert masked["contact"] == {"name": "小王", "phone": "**********0001"}
    assert masked["address"] == clear | {"phone": "**********0001", "line": "人民大***"}
    assert (await seen(await client.staff(world.email("courier")), order))["address"] == clear


async def test_a_members_phone_is_masked_for_a_clerk(
    client: Client, world: World, member: Client, clerk: Client
) -> None:
    order = await buy(member, world)
    assert (await seen(member, order))["member"] == {"phone": "+8613800000001"}
    assert (await seen(clerk, order))["member"] == {"phone": "**********0001"}
    assert (await seen(await client.staff(world.email("courier")), order))["member"] is None
    query = '{ members(search: "138 0000 0001") { totalCount nodes { phone } } }'
    assert (await clerk.run(query))["members"] == {"totalCount": 1, "nodes": [{"phone": "**********0001"}]}


async def test_only_the_buyer_sees_the_pickup_code_and_only_when_it_is_paid(
    client: Client, world: World, member: Client, manager: Client
) -> None:
    assert (await place(client, await fill(client, world)))["pickupCode"] is None
    for buyer in (client, member):
        order = await buy(buyer, world)
        assert len(order["pickupCode"]) == len("XXXX-XXXX")
        assert (await seen(manager, order))["pickupCode"] is None
    assert (await buy_delivered(client, world))["pickupCode"] is None


async def test_who_acted_is_told_to_staff_alone(client: Client, world: World, clerk: Client) -> None:
    order = await buy(client, world)
    accepted = (await act(clerk, "orderAccept", order, note="on it"))["order"]
    assert [(event["name"], event["note"]) for event in accepted["timeline"]] == [
        ("placed", None),
        ("paid", None),
        ("accepted", "on it"),
    ]
    assert accepted["timeline"][2]["actor"].startswith("staff:")
    assert [event["actor"] for event in (await read(client, order) or {})["timeline"]] == ["guest", "guest", "staff"]
