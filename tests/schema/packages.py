"""What tests of orders in several packages do again and again: milk is in S1 alone, bread in S2 alone."""

from core.actors import system
from core.stores.models import Store
from hexmart.testing import Client, World
from tenants import Platform
from tests.faults.shop import stock_up
from tests.schema.ruling import ruled
from tests.schema.shop import ADDRESS, CART, PHONE, Payload, done, fill, pay, place

MILK_AND_BREAD = {"MILK-1L": 2, "BREAD": 3}  # 31.80 and 37.50
FIELDS = """order { id status paymentStatus allowedActions store { code } lines { id variant { sku } store { code } }
  totals { delivery { amount } payable { amount } } refunds { reason amount { amount } }
  fulfilments { id status store { code } lines { quantity orderLine { variant { sku } } } } timeline { name note } }"""
READ = f"query($id: ID!) {{ {FIELDS.replace('order {', 'order(id: $id) {', 1)} }}"


async def shared(platform: Platform, world: World, owner: Client, *, most: int = 2) -> None:
    """Have no single store carry out what is asked for."""
    await stock_up(platform, world, 0, sku="BREAD", store="S1")
    await stock_up(platform, world, 0, sku="MILK-1L", store="S2")
    await ruled(owner, "orders.most_packages", most)


async def ready_cart(client: Client, world: World, wanted: dict[str, int] | None = None, store: str = "S1") -> Payload:
    """A cart that is to be brought."""
    cart = await fill(client, world, wanted or MILK_AND_BREAD, store=None)
    asked = {"cartId": cart["id"], "fulfilment": "DELIVERY", "address": ADDRESS, "storeId": world.stores[store]}
    return done(await client.do("cartFulfilmentSet", asked, CART), "cart")


async def ordered(client: Client, world: World, wanted: dict[str, int] | None = None) -> Payload:
    """An order whose buyer takes it in several packages."""
    cart = await ready_cart(client, world, wanted)
    return await place(client, cart, acceptSplit=True, contact={"name": "小王", "phone": PHONE})


async def bought(client: Client, world: World) -> Payload:
    """The same, paid."""
    return await seen(client, await pay(client, await ordered(client, world)))


async def seen(reader: Client, order: Payload) -> Payload:
    """An order with its packages, as somebody sees it."""
    found: Payload = (await reader.run(READ, id=order["id"]))["order"]
    return found


def packages(order: Payload) -> list[tuple[str, str, list[str]]]:
    """Store, state and goods of each."""
    return sorted(
        (one["store"]["code"], one["status"], [line["orderLine"]["variant"]["sku"] for line in one["lines"]])
        for one in order["fulfilments"]
    )


async def opened(platform: Platform, world: World, store: str, sku: str) -> None:
    """Have a store open day and night, with something in it."""
    async with platform.open_work(world.tenant, system("test")) as work:
        found = await work.session.get_one(Store, (world.tenant.id, world.store_keys[store]))
        found.hours = [[day, "00:00", "24:00"] for day in range(1, 8)]
    await stock_up(platform, world, 100, sku=sku, store=store)
