"""Requests with headers of their own, and everything that can be asked with somebody's ids."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from core.ids import new_id
from hexmart.app import Application
from hexmart.testing import Client, World
from schema.relay import global_id


async def ask(application: Application, query: str, host: str = "localhost", **headers: str) -> dict[str, Any]:
    """The response to a request at a host."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    transport = httpx.ASGITransport(app=application)
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as http:
        answer = await http.post("/graphql", json={"query": query}, headers=named)
    response: dict[str, Any] = answer.json()
    return response


def code_of(response: Mapping[str, Any]) -> str:
    """The code of the one error that stopped a request."""
    [error] = response["errors"]
    return str(error["extensions"]["code"])


@dataclass(frozen=True)
class Ids:
    """Ids as a caller might hold them."""

    product: str
    variant: str
    store: str
    cart: str
    cart_line: str
    order: str
    order_line: str
    fulfilment: str
    member: str
    code: str  #: to collect the order with


def unknown_ids() -> Ids:
    """Ids that nothing has."""
    types = ("Product", "ProductVariant", "Store", "Cart", "CartLine", "Order", "OrderLine", "Fulfilment", "Member")
    return Ids(*[global_id(name, new_id()) for name in types], *["00000000"])


async def ids_of(client: Client, world: World) -> Ids:
    """Ids of a brand in which a guest has bought something, and a member has signed in."""
    milk, store = world.variants["MILK-1L"], world.stores["S1"]
    made = {"storeId": store, "lines": [{"variantId": milk, "quantity": 1}]}
    bought = (await client.do("cartCreate", made, "cart { id }"))["cart"]["id"]
    cart = (await client.do("cartCreate", made, "cart { id lines { id } }"))["cart"]
    placed = await client.do("orderPlace", {"cartId": bought, "idempotencyKey": "k"}, "order { id lines { id } }")
    order = placed["order"]["id"]
    paid = await client.do(
        "paymentStart",
        {"orderId": order, "provider": "sandbox", "idempotencyKey": "p"},
        "order { pickupCode fulfilments { id } }",
    )
    member = await client.member("13800138000")
    who = await member.run('{ viewer { ... on Member { id } } product(slug: "milk") { id } }')
    return Ids(
        product=who["product"]["id"],
        variant=milk,
        store=store,
        cart=cart["id"],
        cart_line=cart["lines"][0]["id"],
        order=order,
        order_line=placed["order"]["lines"][0]["id"],
        fulfilment=paid["order"]["fulfilments"][0]["id"],
        member=who["viewer"]["id"],
        code=paid["order"]["pickupCode"],
    )


READS = """
query($product: ID!, $variant: ID!, $store: ID!, $cart: ID!, $order: ID!, $near: StoresNearInput!) {
  product(id: $product) { slug } variant(id: $variant) { sku } store(id: $store) { code } cart(id: $cart) { version }
  order(id: $order) { number } storesNear(input: $near) { hasAllItems }
  products(where: { inStockAt: $store }) { nodes { slug } }
}
"""
NODES = """
query(
  $product: ID!, $variant: ID!, $store: ID!, $cart: ID!, $order: ID!, $fulfilment: ID!, $member: ID!, $ids: [ID!]!
) {
  p: node(id: $product) { id } v: node(id: $variant) { id } s: node(id: $store) { id } c: node(id: $cart) { id }
  o: node(id: $order) { id } f: node(id: $fulfilment) { id } m: node(id: $member) { id } nodes(ids: $ids) { id }
}
"""
NULLS = ("product", "variant", "store", "cart", "order", "p", "v", "s", "c", "o", "f", "m")


def variables(ids: Ids) -> dict[str, Any]:
    """What READS and NODES ask with."""
    named = {name: getattr(ids, name) for name in ("product", "variant", "store", "cart", "order", "member")}
    place = {"latitude": 31.2304, "longitude": 121.4737}
    near = {"location": place, "items": [{"variantId": ids.variant, "quantity": 1}]}
    return named | {"fulfilment": ids.fulfilment, "ids": [*named.values(), ids.fulfilment], "near": near}


def writes(own: Ids, ids: Ids) -> list[tuple[str, dict[str, Any]]]:
    """Mutations, each with one id of `ids` where one's own belongs."""
    key, line = {"idempotencyKey": "x"}, {"variantId": ids.variant, "quantity": 1}
    till = {"externalReference": "1", "soldAt": "2026-01-05T09:00:00Z", "paid": "0", "lines": []}
    adjust = {"delta": 1, "reason": "found"} | key
    refund = {"reason": "broken"} | key
    return [
        ("cartCreate", {"storeId": ids.store}),
        ("cartCreate", {"storeId": own.store, "lines": [line]}),
        ("cartLineAdd", {"cartId": ids.cart, "variantId": own.variant, "quantity": 1}),
        ("cartLineAdd", {"cartId": own.cart} | line),
        ("cartLineUpdate", {"cartId": ids.cart, "lineId": own.cart_line, "quantity": 2}),
        ("cartLineUpdate", {"cartId": own.cart, "lineId": ids.cart_line, "quantity": 2}),
        ("cartFulfilmentSet", {"cartId": ids.cart, "fulfilment": "PICKUP"}),
        ("cartFulfilmentSet", {"cartId": own.cart, "fulfilment": "PICKUP", "storeId": ids.store}),
        ("orderPlace", {"cartId": ids.cart} | key),
        ("paymentStart", {"orderId": ids.order, "provider": "sandbox"} | key),
        ("orderCancel", {"orderId": ids.order} | key),
        *((f"order{step}", {"orderId": ids.order}) for step in ("Accept", "Prepare", "Ready", "Dispatch", "Complete")),
        ("orderReject", {"orderId": ids.order}),
        ("orderAccept", {"orderId": own.order, "fulfilmentId": ids.fulfilment}),
        ("orderVerify", {"code": ids.code, "storeId": own.store}),
        ("orderVerify", {"code": own.code, "storeId": ids.store}),
        ("refundCreate", {"orderId": ids.order} | refund),
        ("refundCreate", {"orderId": own.order, "lines": [{"orderLineId": ids.order_line, "quantity": 1}]} | refund),
        ("stockAdjust", {"locationId": ids.store, "variantId": own.variant} | adjust),
        ("stockAdjust", {"locationId": own.store, "variantId": ids.variant} | adjust),
        ("posSaleRecord", {"storeId": ids.store} | till),
    ]
