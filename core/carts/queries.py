"""Reads of carts."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from core import clock
from core.actors import Actor
from core.carts.rows import CartLineRow, CartRow
from core.money import Money
from core.pricing import PriceRow, PricingRules, delivery_is_free, line_total
from core.work import Work

CART = "id, version, store_id, fulfilment, member_id, address, contact, slot_start, order_id, expires_at"
BY_IDS = f"SELECT {CART} FROM cart WHERE tenant_id = $1 AND id = any($2::uuid[]) AND expires_at > $3"
LOCK = f"{BY_IDS} ORDER BY id FOR UPDATE"
LATEST = f"""
SELECT DISTINCT ON (member_id) {CART} FROM cart
WHERE tenant_id = $1 AND member_id = any($2::uuid[]) AND order_id IS NULL AND expires_at > $3
ORDER BY member_id, id DESC
"""
LINES = """
SELECT l.id, l.cart_id, l.variant_id, l.quantity, coalesce(h.price, v.price) AS price, v.priced_per,
       CASE WHEN c.store_id IS NULL THEN NULL ELSE coalesce(s.on_hand - s.reserved, 0) END AS available
FROM cart_line l
JOIN cart c ON c.tenant_id = $1 AND c.id = l.cart_id
JOIN variant v ON v.tenant_id = $1 AND v.id = l.variant_id
LEFT JOIN shelf h ON h.tenant_id = $1 AND h.store_id = c.store_id AND h.variant_id = l.variant_id
LEFT JOIN stock s ON s.tenant_id = $1 AND s.location_id = c.store_id AND s.variant_id = l.variant_id
WHERE l.tenant_id = $1 AND l.cart_id = any($2::uuid[]) ORDER BY l.cart_id, l.id
"""


async def by_ids(work: Work, ids: Sequence[UUID]) -> list[CartRow | None]:
    """Carts with their lines and prices, in the order of their ids; expired ones are gone."""
    return await _whole(work, ids, await work.rows(CartRow, BY_IDS, list(set(ids)), clock.now()))


async def lock(work: Work, ids: Sequence[UUID]) -> list[CartRow | None]:
    """The same, held for the rest of the transaction."""
    return await _whole(work, ids, await work.rows(CartRow, LOCK, list(set(ids)), clock.now()))


async def latest_of(work: Work, member_ids: Sequence[UUID]) -> list[CartRow | None]:
    """The newest open cart of each member."""
    carts = await work.rows(CartRow, LATEST, list(member_ids), clock.now())
    await _whole(work, [], carts)
    newest = {cart.member_id: cart for cart in carts}
    return [newest.get(member_id) for member_id in member_ids]


def open_to(cart: CartRow | None, actor: Actor) -> bool:
    """Whether the actor may touch a cart: a guest's by knowing its id, a member's by being that member."""
    return cart is not None and (cart.member_id is None or cart.member_id == actor.id)


async def _whole(work: Work, ids: Sequence[UUID], carts: Sequence[CartRow]) -> list[CartRow | None]:
    found = {cart.id: cart for cart in carts}
    if found:
        for record in await work.fetch(LINES, list(found)):
            found[record["cart_id"]].lines.append(_line(record, work.brand.currency))
    for cart in carts:
        cart.currency = work.brand.currency
        _price(work, cart)
    return [found.get(key) for key in ids]


def _price(work: Work, cart: CartRow) -> None:
    """By the rules of its store, or the brand's where it has none yet."""
    rules, items = work.rules(PricingRules, cart.store_id), sum(line.total.minor for line in cart.lines)
    free = delivery_is_free(
        work,
        rules,
        fulfilment=cart.fulfilment,
        items=items,
        lines=len(cart.lines),
        is_member=cart.member_id is not None,
    )
    cart.price(rules, free=free)


def _line(record: Any, currency: str) -> CartLineRow:
    price = PriceRow(record["variant_id"], record["price"], None, record["priced_per"])
    return CartLineRow(
        record["id"],
        record["cart_id"],
        record["variant_id"],
        record["quantity"],
        Money(price.price, currency),
        Money(line_total(price, record["quantity"]), currency),
        record["available"],
    )
