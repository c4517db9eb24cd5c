"""Reads of carts."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from core import clock, inventory
from core.actors import Actor
from core.carts.parts import read_parts
from core.carts.pricing import price_all
from core.carts.rows import CartCodeRow, CartLineRow, CartRow
from core.money import Money
from core.pricing import PriceRow, line_total
from core.work import Work

CART = """c.id, c.version, c.store_id, c.fulfilment, c.member_id, c.address, c.contact, c.slot_start, c.order_id,
    c.expires_at, c.marks"""
COLUMNS = CART.count(",") + 1
#: carts with their lines: a row for each line, or one for a cart without any
WHOLE = f"""
SELECT {CART}, l.id AS line_id, l.variant_id, l.quantity, coalesce(h.price, v.price) AS price, v.priced_per,
    coalesce(s.on_hand, 0) AS on_hand, coalesce(s.reserved, 0) AS reserved, v.product_id, p.category_id,
    v.bundle
FROM cart c
LEFT JOIN cart_line l ON l.tenant_id = $1 AND l.cart_id = c.id
LEFT JOIN variant v ON v.tenant_id = $1 AND v.id = l.variant_id
LEFT JOIN product p ON p.tenant_id = $1 AND p.id = v.product_id
LEFT JOIN shelf h ON h.tenant_id = $1 AND h.store_id = c.store_id AND h.variant_id = l.variant_id
LEFT JOIN stock s ON s.tenant_id = $1 AND s.location_id = c.store_id AND s.variant_id = l.variant_id
WHERE c.tenant_id = $1 AND c.id = any($2::uuid[]) AND c.expires_at > $3 ORDER BY c.id, l.id
"""
#: of one cart alone; this plan is kept, while `any` is planned anew each time: kept, it would be a plan for ten
ONE = WHOLE.replace("any($2::uuid[])", "$2::uuid")
#: what a cart has in it is read once it is held, by another statement: this one has waited, and has seen it before that
LOCK = """
SELECT id FROM cart WHERE tenant_id = $1 AND id = any($2::uuid[]) AND expires_at > $3 ORDER BY id FOR UPDATE
"""
HOLD = """
SELECT id, version FROM cart WHERE tenant_id = $1 AND id = any($2::uuid[]) AND order_id IS NULL ORDER BY id FOR UPDATE
"""
LATEST = """
SELECT DISTINCT ON (member_id) id FROM cart
WHERE tenant_id = $1 AND member_id = any($2::uuid[]) AND order_id IS NULL AND expires_at > $3
ORDER BY member_id, id DESC
"""
CODES = """
SELECT cart_id, code, plugin, label FROM cart_code
WHERE tenant_id = $1 AND cart_id = any($2::uuid[]) ORDER BY cart_id, added_at, code
"""


async def by_ids(work: Work, ids: Sequence[UUID]) -> list[CartRow | None]:
    """Carts with their lines and prices, in the order of their ids; expired ones are gone."""
    found = await _read(work, ids)
    await price_all(work, list(found.values()))
    return [found.get(key) for key in ids]


async def lock(work: Work, ids: Sequence[UUID]) -> list[CartRow | None]:
    """The same, held for the rest of the transaction."""
    held = {row["id"] for row in await work.fetch(LOCK, list(set(ids)), clock.now())}
    found = await by_ids(work, list(held))
    by_id = {cart.id: cart for cart in found if cart is not None}
    return [by_id.get(key) for key in ids]


async def hold(work: Work, ids: Sequence[UUID]) -> dict[UUID, int]:
    """Keep carts as they are for the rest of the transaction; the version of each that is no order yet."""
    return {row["id"]: row["version"] for row in await work.fetch(HOLD, list(set(ids)))}


async def lock_to_change(work: Work, ids: Sequence[UUID]) -> dict[UUID, CartRow]:
    """Carts that are held and not priced, since their prices are about to change."""
    return await _read(work, [row["id"] for row in await work.fetch(LOCK, list(set(ids)), clock.now())])


async def latest_of(work: Work, member_ids: Sequence[UUID]) -> list[CartRow | None]:
    """The newest open cart of each member."""
    newest = await work.fetch(LATEST, list(member_ids), clock.now())
    found = {cart.member_id: cart for cart in await by_ids(work, [row["id"] for row in newest]) if cart is not None}
    return [found.get(member_id) for member_id in member_ids]


def open_to(cart: CartRow | None, actor: Actor) -> bool:
    """Whether the actor may touch a cart: a guest's by knowing its id, a member's by being that member."""
    return cart is not None and (cart.member_id is None or cart.member_id == actor.id)


async def _read(work: Work, ids: Sequence[UUID]) -> dict[UUID, CartRow]:
    """Carts with their lines, and with the codes of those that any plugin has put something on."""
    found: dict[UUID, CartRow] = {}
    for record in await _records(work, set(ids)):
        cart = found.get(record["id"]) or _cart(work, record)
        found[cart.id] = cart
        if record["line_id"] is not None:
            cart.lines.append(_line(work, cart, record))
    marked = [cart.id for cart in found.values() if cart.marks]
    for code in await work.rows(CartCodeRow, CODES, marked) if marked and work.hooks.answers("redeem_code") else ():
        found[code.cart_id].codes.append(code)
    await read_parts(work, found.values())
    return found


async def _records(work: Work, ids: Collection[UUID]) -> Sequence[Any]:
    if len(ids) == 1:
        return await work.fetch(ONE, *ids, clock.now())
    return await work.fetch(WHOLE, list(ids), clock.now()) if ids else []


def _cart(work: Work, record: Any) -> CartRow:
    cart = CartRow(*record[:COLUMNS])
    cart.currency = work.brand.currency
    return cart


def _line(work: Work, cart: CartRow, record: Any) -> CartLineRow:
    currency, place = cart.currency, cart.store_id
    stock = inventory.stock_at(work, place, record["on_hand"], record["reserved"]) if place is not None else None
    price = PriceRow(record["variant_id"], record["price"], None, record["priced_per"])
    return CartLineRow(
        record["line_id"],
        cart.id,
        record["variant_id"],
        record["quantity"],
        Money(price.price, currency),
        Money(line_total(price, record["quantity"]), currency),
        stock.left(at_shelf=cart.at_shelf) if stock is not None else None,
        record["priced_per"],
        record["product_id"],
        record["category_id"],
        record["bundle"],
    )
