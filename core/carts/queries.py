"""Reads of carts."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from core import clock, inventory
from core.actors import Actor
from core.carts.pricing import price_all
from core.carts.rows import CartCodeRow, CartLineRow, CartRow
from core.money import Money
from core.pricing import PriceRow, line_total
from core.work import Work

CART = "id, version, store_id, fulfilment, member_id, address, contact, slot_start, order_id, expires_at"
BY_IDS = f"SELECT {CART} FROM cart WHERE tenant_id = $1 AND id = any($2::uuid[]) AND expires_at > $3"
LOCK = f"{BY_IDS} ORDER BY id FOR UPDATE"
HOLD = """
SELECT id, version FROM cart WHERE tenant_id = $1 AND id = any($2::uuid[]) AND order_id IS NULL ORDER BY id FOR UPDATE
"""
LATEST = f"""
SELECT DISTINCT ON (member_id) {CART} FROM cart
WHERE tenant_id = $1 AND member_id = any($2::uuid[]) AND order_id IS NULL AND expires_at > $3
ORDER BY member_id, id DESC
"""
LINES = """
SELECT l.id, l.cart_id, l.variant_id, l.quantity, coalesce(h.price, v.price) AS price, v.priced_per,
       coalesce(s.on_hand, 0) AS on_hand, coalesce(s.reserved, 0) AS reserved,
       v.product_id, p.category_id
FROM cart_line l
JOIN cart c ON c.tenant_id = $1 AND c.id = l.cart_id
JOIN variant v ON v.tenant_id = $1 AND v.id = l.variant_id
JOIN product p ON p.tenant_id = $1 AND p.id = v.product_id
LEFT JOIN shelf h ON h.tenant_id = $1 AND h.store_id = c.store_id AND h.variant_id = l.variant_id
LEFT JOIN stock s ON s.tenant_id = $1 AND s.location_id = c.store_id AND s.variant_id = l.variant_id
WHERE l.tenant_id = $1 AND l.cart_id = any($2::uuid[]) ORDER BY l.cart_id, l.id
"""
CODES = """
SELECT cart_id, code, plugin, label FROM cart_code
WHERE tenant_id = $1 AND cart_id = any($2::uuid[]) ORDER BY cart_id, added_at, code
"""


async def by_ids(work: Work, ids: Sequence[UUID]) -> list[CartRow | None]:
    """Carts with their lines and prices, in the order of their ids; expired ones are gone."""
    return await _whole(work, ids, await work.rows(CartRow, BY_IDS, list(set(ids)), clock.now()))


async def lock(work: Work, ids: Sequence[UUID]) -> list[CartRow | None]:
    """The same, held for the rest of the transaction."""
    return await _whole(work, ids, await work.rows(CartRow, LOCK, list(set(ids)), clock.now()))


async def hold(work: Work, ids: Sequence[UUID]) -> dict[UUID, int]:
    """Keep carts as they are for the rest of the transaction; the version of each that is no order yet."""
    return {row["id"]: row["version"] for row in await work.fetch(HOLD, list(set(ids)))}


async def lock_to_change(work: Work, ids: Sequence[UUID]) -> dict[UUID, CartRow]:
    """Carts that are held and not priced, since their prices are about to change."""
    return await _fill(work, await work.rows(CartRow, LOCK, list(set(ids)), clock.now()))


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
    found = await _fill(work, carts)
    await price_all(work, carts)
    return [found.get(key) for key in ids]


async def _fill(work: Work, carts: Sequence[CartRow]) -> dict[UUID, CartRow]:
    """Give carts their lines, and their codes where anybody could have known one."""
    found = {cart.id: cart for cart in carts}
    for cart in carts:
        cart.currency = work.brand.currency
    if found:
        for record in await work.fetch(LINES, list(found)):
            cart = found[record["cart_id"]]
            cart.lines.append(_line(work, cart, record))
    if found and work.hooks.answers("redeem_code"):
        for code in await work.rows(CartCodeRow, CODES, list(found)):
            found[code.cart_id].codes.append(code)
    return found


def _line(work: Work, cart: CartRow, record: Any) -> CartLineRow:
    currency, place = cart.currency, cart.store_id
    stock = inventory.stock_at(work, place, record["on_hand"], record["reserved"]) if place is not None else None
    price = PriceRow(record["variant_id"], record["price"], None, record["priced_per"])
    return CartLineRow(
        record["id"],
        record["cart_id"],
        record["variant_id"],
        record["quantity"],
        Money(price.price, currency),
        Money(line_total(price, record["quantity"]), currency),
        stock.left(at_shelf=cart.at_shelf) if stock is not None else None,
        record["priced_per"],
        record["product_id"],
        record["category_id"],
    )
