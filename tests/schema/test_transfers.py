"""Stock on its way from place to place, for a shelf."""

import pytest

from core.actors import system
from core.inventory import movements
from hexmart.testing import Client, World
from schema.relay import global_id
from tenants import Platform
from tests.faults.audit import audit
from tests.schema.conftest import Number, Shelf
from tests.schema.hiring import hired, store
from tests.schema.moving import LIST, MILK, TRANSFER, ask, asked, place_of, receive, step, warehouse
from tests.schema.shop import Payload, done, refusal

pytestmark = pytest.mark.anyio
MOVEMENTS = "SELECT reason, delta FROM stock_movement WHERE tenant_id = $1 AND reason LIKE 'TRANSFER%' ORDER BY id"


async def moved(platform: Platform, world: World) -> list[tuple[str, int]]:
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        return [(row["reason"], row["delta"]) for row in await work.fetch(MOVEMENTS)]


async def test_goods_are_reserved_then_gone_then_there(
    platform: Platform, world: World, manager: Client, shelf: Shelf
) -> None:
    transfer = await asked(manager, world, "S1", "S2")
    assert (transfer["status"], transfer["sentAt"]) == ("REQUESTED", None)
    assert transfer["lines"] == [{"variant": {"sku": MILK}, "quantity": 10, "received": None, "lost": None}]
    assert (await shelf(store="S1"), await shelf(store="S2")) == ((100, 10), (100, 0))
    assert not await audit(platform, world.tenant)
    sent = done(await step(manager, "transferSend", transfer), "transfer")
    assert sent["status"] == "SENT"
    assert sent["sentAt"]
    assert (await shelf(store="S1"), await shelf(store="S2")) == ((90, 0), (100, 0))
    assert not await audit(platform, world.tenant)
    there = done(await receive(manager, world, transfer), "transfer")
    assert (there["status"], there["lines"][0]["received"], there["lines"][0]["lost"]) == ("RECEIVED", 10, 0)
    assert (await shelf(store="S1"), await shelf(store="S2")) == ((90, 0), (110, 0))
    assert await moved(platform, world) == [(movements.TRANSFER_OUT, -10), (movements.TRANSFER_IN, 10)]
    assert not await audit(platform, world.tenant)


async def test_what_does_not_arrive_is_written_off_with_a_movement(
    platform: Platform, world: World, manager: Client, shelf: Shelf
) -> None:
    transfer = await asked(manager, world, "S1", "S2", MILK_1L=10, BREAD=4)
    done(await step(manager, "transferSend", transfer), "transfer")
    there = done(await receive(manager, world, transfer, MILK_1L=7), "transfer")
    found = {line["variant"]["sku"]: (line["received"], line["lost"]) for line in there["lines"]}
    assert found == {MILK: (7, 3), "BREAD": (4, 0)}
    assert (await shelf(store="S2"), await shelf("BREAD", "S2")) == ((107, 0), (104, 0))
    assert (movements.TRANSFER_LOST, -3) in await moved(platform, world)
    assert not await audit(platform, world.tenant)


async def test_what_is_called_off_before_it_leaves_is_for_sale_again(
    platform: Platform, world: World, manager: Client, shelf: Shelf
) -> None:
    transfer = await asked(manager, world, "S1", "S2")
    assert done(await step(manager, "transferCancel", transfer), "transfer")["status"] == "CANCELLED"
    assert await shelf(store="S1") == (100, 0)
    assert await moved(platform, world) == []
    assert not await audit(platform, world.tenant)


async def test_what_was_sent_comes_back_to_its_source(
    platform: Platform, world: World, manager: Client, shelf: Shelf
) -> None:
    transfer = await asked(manager, world, "S1", "S2")
    done(await step(manager, "transferSend", transfer), "transfer")
    assert done(await step(manager, "transferCancel", transfer), "transfer")["status"] == "RETURNED"
    assert (await shelf(store="S1"), await shelf(store="S2")) == ((100, 0), (100, 0))
    assert await moved(platform, world) == [(movements.TRANSFER_OUT, -10), (movements.TRANSFER_BACK, 10)]
    assert not await audit(platform, world.tenant)


async def test_more_than_there_is_free_is_refused_with_what_there_is(
    world: World, manager: Client, number_of: Number
) -> None:
    await asked(manager, world, "S1", "S2", MILK_1L=60)
    fields = "... on StockShortage { lines { wanted available transferAvailable } }"
    lines = [{"variantId": world.variants[MILK], "quantity": 41}]
    wish = {"sourceId": world.stores["S1"], "destinationId": world.stores["S3"], "lines": lines, "idempotencyKey": "2"}
    document = f"""mutation($input: TransferCreateInput!) {{ transferCreate(input: $input) {{ {TRANSFER}
      userErrors {{ code path {fields} }} }} }}"""
    payload = (await manager.run(document, input=wish))["transferCreate"]
    assert payload["userErrors"] == [
        {
            "code": "OUT_OF_STOCK",
            "path": ["input", "lines"],
            "lines": [{"wanted": 41, "available": 40, "transferAvailable": True}],
        }
    ]
    assert await number_of("transfer") == 1


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"sourceId": "x"}, "NOT_FOUND", ["input", "sourceId"]),
        ({"destinationId": "x"}, "NOT_FOUND", ["input", "destinationId"]),
        ({"destinationId": None}, "INVALID", ["input", "destinationId"]),
        ({"lines": []}, "INVALID", ["input", "lines"]),
        ({"lines": [("BREAD", 0)]}, "INVALID", ["input", "lines", "quantity"]),
        ({"lines": [("BREAD", 1_000_001)]}, "INVALID", ["input", "lines", "quantity"]),
        ({"lines": [("BREAD", 2), ("BREAD", -2)]}, "INVALID", ["input", "lines", "quantity"]),
        ({"lines": [("nothing", 1)]}, "NOT_FOUND", ["input", "lines", "variantId"]),
        ({"note": "x" * 501}, "INVALID", ["input", "note"]),
        ({"idempotencyKey": ""}, "INVALID", ["input", "idempotencyKey"]),
    ],
)
async def test_what_cannot_be_moved_is_refused_and_reserves_nothing(
    world: World, manager: Client, shelf: Shelf, number_of: Number, change: Payload, code: str, path: list[str]
) -> None:
    wish: Payload = {"sourceId": world.stores["S1"], "destinationId": world.stores["S2"], "idempotencyKey": "1"}
    wish |= {"lines": [("BREAD", 1)]} | change
    if wish["destinationId"] is None:
        wish["destinationId"] = wish["sourceId"]
    lines = [{"variantId": world.variants.get(sku, sku), "quantity": quantity} for sku, quantity in wish["lines"]]
    payload = await manager.do("transferCreate", wish | {"lines": lines}, TRANSFER)
    assert refusal(payload) == (code, path)
    assert (await shelf("BREAD"), await number_of("transfer")) == ((100, 0), 0)


async def test_a_warehouse_that_is_closed_is_neither_asked_nor_filled(
    platform: Platform, client: Client, world: World, manager: Client
) -> None:
    east = await warehouse(platform, world, {MILK: 50})
    owner = await client.staff(world.email("owner"))
    closing = {"warehouseId": place_of(world, east), "active": False}
    done(await owner.do("warehouseUpdate", closing, "warehouse { id }"), "warehouse")
    assert refusal(await ask(manager, world, east, "S1")) == ("INVALID", ["input", "sourceId"])
    assert refusal(await ask(manager, world, "S1", east)) == ("INVALID", ["input", "destinationId"])


async def test_the_same_key_is_one_transfer(world: World, manager: Client, shelf: Shelf, number_of: Number) -> None:
    first = await asked(manager, world, "S1", "S2")
    assert await asked(manager, world, "S1", "S2") == first
    assert (await shelf(), await number_of("transfer")) == ((100, 10), 1)
    done(await step(manager, "transferSend", first), "transfer")
    there = done(await receive(manager, world, first), "transfer")
    assert done(await receive(manager, world, first), "transfer") == there
    assert await shelf(store="S2") == (110, 0)
    assert refusal(await receive(manager, world, first, key="2")) == ("TRANSFER_STATE", ["input", "transferId"])
    assert await shelf(store="S2") == (110, 0)


async def test_a_step_that_the_same_hand_repeats_changes_nothing_and_says_so(
    client: Client, world: World, manager: Client, shelf: Shelf
) -> None:
    transfer, owner = await asked(manager, world, "S1", "S2"), await client.staff(world.email("owner"))
    for name in ("transferSend", "transferCancel"):
        done(await step(manager, name, transfer), "transfer")
        again = await step(manager, name, transfer)
        assert [one["code"] for one in again["warnings"]] == ["ALREADY_DONE"]
    assert refusal(await step(owner, "transferCancel", transfer)) == ("TRANSFER_STATE", ["input", "transferId"])
    assert await shelf() == (100, 0)


@pytest.mark.parametrize("before", [(), ("transferSend", "transferCancel"), ("transferCancel",)])
async def test_only_what_was_sent_is_received(
    world: World, manager: Client, shelf: Shelf, before: tuple[str, ...]
) -> None:
    transfer = await asked(manager, world, "S1", "S2")
    for name in before:
        done(await step(manager, name, transfer), "transfer")
    assert refusal(await receive(manager, world, transfer)) == ("TRANSFER_STATE", ["input", "transferId"])
    assert await shelf(store="S2") == (100, 0)


@pytest.mark.parametrize(
    ("less", "code", "name"),
    [
        ({"MILK_1L": 11}, "INVALID", "quantity"),
        ({"MILK_1L": -1}, "INVALID", "quantity"),
        ({"BREAD": 1}, "NOT_FOUND", "variantId"),
    ],
)
async def test_what_was_not_sent_cannot_arrive(
    world: World, manager: Client, shelf: Shelf, less: dict[str, int], code: str, name: str
) -> None:
    transfer = await asked(manager, world, "S1", "S2")
    done(await step(manager, "transferSend", transfer), "transfer")
    assert refusal(await receive(manager, world, transfer, "1", **less)) == (code, ["input", "lines", name])
    assert await shelf(store="S2") == (100, 0)
    assert done(await receive(manager, world, transfer, MILK_1L=0), "transfer")["lines"][0]["lost"] == 10


async def test_the_source_sends_and_the_destination_receives(client: Client, world: World, platform: Platform) -> None:
    here = await hired(client, platform, world, store_manager=store(world, "S1"))
    there = await hired(client, platform, world, store_manager=store(world, "S2"))
    elsewhere = await hired(client, platform, world, store_manager=store(world, "S3"))
    transfer = await asked(there, world, "S1", "S2")
    assert refusal(await ask(elsewhere, world, "S1", "S2")) == ("NOT_FOUND", ["input", "destinationId"])
    nothing = ("NOT_FOUND", ["input", "transferId"])
    for wrong in (there, elsewhere):
        assert refusal(await step(wrong, "transferSend", transfer)) == nothing
    done(await step(here, "transferSend", transfer), "transfer")
    for wrong in (here, elsewhere):
        assert refusal(await receive(wrong, world, transfer)) == nothing
    assert refusal(await step(elsewhere, "transferCancel", transfer)) == nothing
    assert refusal(await step(there, "transferCancel", transfer)) == ("TRANSFER_STATE", ["input", "transferId"])
    done(await receive(there, world, transfer), "transfer")


async def test_a_warehouse_is_sent_from_by_whoever_manages_transfers_everywhere(
    client: Client, world: World, platform: Platform, manager: Client
) -> None:
    east = await warehouse(platform, world, {MILK: 50})
    there = await hired(client, platform, world, store_manager=store(world, "S1"))
    transfer = await asked(there, world, east, "S1")
    assert transfer["source"] == {"name": "East", "kind": "WAREHOUSE"}
    assert refusal(await step(there, "transferSend", transfer)) == ("NOT_FOUND", ["input", "transferId"])
    done(await step(manager, "transferSend", transfer), "transfer")
    done(await receive(there, world, transfer), "transfer")


async def test_transfers_are_listed_for_whoever_sees_the_stock_at_either_end(
    client: Client, world: World, platform: Platform, manager: Client
) -> None:
    here = await hired(client, platform, world, clerk=store(world, "S1"))
    elsewhere = await hired(client, platform, world, clerk=store(world, "S3"))
    first = await asked(manager, world, "S1", "S2")
    second = done(await ask(manager, world, "S2", "S1", key="2"), "transfer")
    done(await step(manager, "transferSend", first), "transfer")
    listed = (await here.run(LIST, first=1))["transfers"]
    assert [one["id"] for one in listed["nodes"]] == [second["id"]]
    assert (listed["totalCount"], listed["pageInfo"]["hasNextPage"]) == (2, True)
    rest = (await here.run(LIST, after=listed["pageInfo"]["endCursor"]))["transfers"]
    assert [one["id"] for one in rest["nodes"]] == [first["id"]]
    sent = (await here.run(LIST, where={"statuses": ["SENT"], "locationId": world.stores["S2"]}))["transfers"]
    assert sent["nodes"] == [{"id": first["id"], "status": "SENT"}]
    assert (await elsewhere.run(LIST))["transfers"]["totalCount"] == 0
    one = "query($id: ID!) { transfer(id: $id) { id } node(id: $id) { id } }"
    assert await here.run(one, id=first["id"]) == {"transfer": {"id": first["id"]}, "node": {"id": first["id"]}}
    assert await elsewhere.run(one, id=first["id"]) == {"transfer": None, "node": None}
    assert (await manager.run(LIST, where={"locationId": global_id("Location", world.store_keys["S3"])}))["transfers"][
        "nodes"
    ] == []
