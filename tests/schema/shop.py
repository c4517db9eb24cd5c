"""What the tests of the surface do again and again: fill a cart, order it, pay it."""

from collections.abc import Mapping, Sequence
from typing import Any

from hexmart.testing import Client, World

Payload = dict[str, Any]

PEOPLES_SQUARE = {"latitude": 31.2304, "longitude": 121.4737}
FAR_AWAY = {"latitude": 39.9042, "longitude": 116.4074}
PHONE = "13800000001"
ADDRESS = {
    "recipient": "王芳",
    "phone": PHONE,
    "line": "人民大道200号3楼",
    "city": "上海",
    "location": PEOPLES_SQUARE,
}
TWO_MILKS = {"MILK-1L": 2}  # 31.80

CART = """cart { id version fulfilment store { code } expiresAt
  lines { id quantity variant { sku } unitPrice { amount } total { amount } }
  totals { items { amount } delivery { amount } payable { amount } }
  problems { code ... on StockShortage { lines { wanted available variant { sku } } } } }"""
READ_CART = f"query($id: ID!) {{ {CART.replace('cart {', 'cart(id: $id) {', 1)} }}"
ORDER_FIELDS = """{ id number status paymentStatus kind pickupCode allowedActions reservedUntil
  store { code } lines { id quantity refundedQuantity total { amount } variant { sku } }
  totals { items { amount } delivery { amount } payable { amount currency } }
  timeline { name actor note } fulfilments { id status }
  payments { provider status amount { amount } } refunds { id status reason amount { amount } } }"""
ORDER = f"order {ORDER_FIELDS}"
READ_ORDER = f"query($id: ID!) {{ order(id: $id) {ORDER_FIELDS} }}"


def items(world: World, wanted: Mapping[str, int]) -> list[Payload]:
    """Wanted quantities by SKU, as inputs."""
    return [{"variantId": world.variants[sku], "quantity": quantity} for sku, quantity in wanted.items()]


async def fill(
    client: Client, world: World, wanted: Mapping[str, int] = TWO_MILKS, store: str | None = "S1", **more: object
) -> Payload:
    """A new cart."""
    lines = items(world, wanted)
    chosen = {"storeId": world.stores[store]} if store else {}
    payload = await client.do("cartCreate", chosen | {"lines": lines} | more, CART)
    assert payload["userErrors"] == []
    cart: Payload = payload["cart"]
    return cart


async def place(client: Client, cart: Payload, key: str | None = None, **more: object) -> Payload:
    """The order that a cart becomes."""
    asked = {"cartId": cart["id"], "idempotencyKey": key or cart["id"]} | more
    return done(await client.do("orderPlace", asked, ORDER), "order")


async def pay(client: Client, order: Payload, key: str | None = None) -> Payload:
    """The order, paid."""
    asked = {"orderId": order["id"], "provider": "sandbox", "idempotencyKey": key or order["id"]}
    return done(await client.do("paymentStart", asked, ORDER), "order")


async def buy(
    client: Client, world: World, wanted: Mapping[str, int] = TWO_MILKS, store: str = "S1", **more: Any
) -> Payload:
    """A paid order that is to be collected."""
    return await pay(client, await place(client, await fill(client, world, wanted, store), **more))


async def buy_delivered(client: Client, world: World, wanted: Mapping[str, int] = TWO_MILKS) -> Payload:
    """A paid order that is to be brought to People's Square."""
    cart = await fill(client, world, wanted)
    asked = {"cartId": cart["id"], "fulfilment": "DELIVERY", "address": ADDRESS}
    cart = done(await client.do("cartFulfilmentSet", asked, CART), "cart")
    return await pay(client, await place(client, cart, contact={"name": "小王", "phone": PHONE}))


async def act(staff: Client, step: str, order: Payload, **more: object) -> Payload:
    """The payload of a step of an order."""
    return await staff.do(step, {"orderId": order["id"]} | more, ORDER)


async def read_cart(client: Client, cart: Payload) -> Payload | None:
    """The cart as it is now, for whoever asks."""
    found: Payload | None = (await client.run(READ_CART, id=cart["id"]))["cart"]
    return found


async def read(client: Client, order: Payload) -> Payload | None:
    """The order as it is now, for whoever asks."""
    found: Payload | None = (await client.run(READ_ORDER, id=order["id"]))["order"]
    return found


def quantities(holder: Payload) -> dict[str, int]:
    """How much of each SKU is in a cart or an order."""
    return {line["variant"]["sku"]: line["quantity"] for line in holder["lines"]}


def done(payload: Payload, entity: str) -> Payload:
    """What a mutation that must succeed has made."""
    assert payload["userErrors"] == [], payload["userErrors"]
    made: Payload = payload[entity]
    return made


def refusal(payload: Payload) -> tuple[str, Sequence[str] | None]:
    """Code and path of the one refusal that a payload must have."""
    assert len(payload["userErrors"]) == 1, payload
    entities = {name: value for name, value in payload.items() if name not in {"userErrors", "warnings"}}
    assert not any(entities.values()), payload
    error = payload["userErrors"][0]
    return error["code"], error["path"]
