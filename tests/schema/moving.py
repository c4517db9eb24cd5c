"""What tests of transfers do again and again: a warehouse with goods in it, and the way of a transfer."""

from collections.abc import Mapping
from uuid import UUID

from core import inventory, stores
from core.actors import system
from core.inventory import Correction
from hexmart.testing import Client, World
from schema.relay import global_id, key_of
from tenants import Platform
from tests.schema.shop import Payload, done, fill, pay, place

MILK = "MILK-1L"
TRANSFER = """transfer { id status note sentAt endedAt source { name kind } destination { name } order { id }
  lines { variant { sku } quantity received lost } }"""
LIST = """query($first: Int, $after: String, $where: TransferWhere) {
  transfers(first: $first, after: $after, where: $where) {
    nodes { id status } totalCount pageInfo { hasNextPage endCursor } } }"""
HOLDS = "query($id: ID!) { order(id: $id) { status holds { source reason until } timeline { name } } }"
OF_ORDER = """
SELECT id, status, claim, source_id FROM transfer WHERE tenant_id = $1 AND order_id = $2 ORDER BY id
"""


async def stock(platform: Platform, world: World, place_id: UUID, quantities: Mapping[str, int]) -> None:
    """Count so many of each SKU at a place."""
    async with platform.open_work(world.tenant, system("test")) as work:
        for sku, quantity in quantities.items():
            found = Correction("COUNT", counted=quantity)
            await inventory.correct(work, place_id, world.variant_keys[sku], found)


async def warehouse(platform: Platform, world: World, quantities: Mapping[str, int], name: str = "East") -> UUID:
    """A warehouse that holds so much."""
    async with platform.open_work(world.tenant, system("test")) as work:
        key = await stores.open_warehouse(work, name)
    await stock(platform, world, key, quantities)
    return key


def place_of(world: World, where: str | UUID) -> str:
    """The id of a store by its code, or of a warehouse by its key."""
    return world.stores[where] if isinstance(where, str) else global_id("Location", where)


async def ask(
    staff: Client, world: World, source: str | UUID, destination: str | UUID, key: str = "1", **quantities: int
) -> Payload:
    """The payload of asking for goods of another place; MILK_1L stands for MILK-1L."""
    wanted = {sku.replace("_", "-"): quantity for sku, quantity in (quantities or {"MILK_1L": 10}).items()}
    lines = [{"variantId": world.variants[sku], "quantity": quantity} for sku, quantity in wanted.items()]
    ends = {"sourceId": place_of(world, source), "destinationId": place_of(world, destination)}
    return await staff.do("transferCreate", ends | {"lines": lines, "idempotencyKey": key}, TRANSFER)


async def asked(staff: Client, world: World, source: str | UUID, destination: str | UUID, **quantities: int) -> Payload:
    """A transfer that is asked for."""
    return done(await ask(staff, world, source, destination, "1", **quantities), "transfer")


async def step(staff: Client, name: str, transfer: Payload) -> Payload:
    """The payload of sending a transfer, or of calling it off."""
    return await staff.do(name, {"transferId": transfer["id"]}, TRANSFER)


async def receive(staff: Client, world: World, transfer: Payload, key: str = "1", **less: int) -> Payload:
    """The payload of receiving a transfer, of some SKUs less than was sent."""
    lines = [{"variantId": world.variants[sku.replace("_", "-")], "quantity": n} for sku, n in less.items()]
    return await staff.do(
        "transferReceive", {"transferId": transfer["id"], "lines": lines, "idempotencyKey": key}, TRANSFER
    )


async def wait_for(
    platform: Platform, buyer: Client, world: World, wanted: Mapping[str, int], left: int = 0
) -> Payload:
    """An order at S1, which has so much left of each by then: its buyer waits for the rest."""
    cart = await fill(buyer, world, wanted)
    await stock(platform, world, world.store_keys["S1"], dict.fromkeys(wanted, left))
    return await place(buyer, cart, acceptTransfer=True)


async def transfers_of(platform: Platform, world: World, order: Payload) -> list[Payload]:
    """The transfers that were made for an order, as `step` and `receive` take them."""
    key = key_of("Order", order["id"])
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        return [dict(row) | {"id": global_id("Transfer", row["id"])} for row in await work.fetch(OF_ORDER, key)]


async def holds(buyer: Client, order: Payload) -> list[Payload]:
    """What stands between an order and its store."""
    found: list[Payload] = (await buyer.run(HOLDS, id=order["id"]))["order"]["holds"]
    return found


async def arrived(
    platform: Platform, client: Client, world: World, manager: Client, order: Payload, **less: int
) -> None:
    """The order is paid, and what it waits for has been sent and received."""
    await pay(client, order)
    (transfer,) = await transfers_of(platform, world, order)
    done(await step(manager, "transferSend", transfer), "transfer")
    done(await receive(manager, world, transfer, "1", **less), "transfer")
