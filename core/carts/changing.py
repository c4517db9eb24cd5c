"""Making carts and putting things into them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from core import catalog, clock, inventory, stores
from core.carts.errors import CartOrdered
from core.carts.queries import lock_to_change, open_to
from core.carts.rows import CartRow
from core.carts.rules import CartRules
from core.errors import Invalid, LimitReached, NotFound
from core.ids import new_id
from core.inventory import OutOfStock, ShortLine
from core.work import Work

MOST_OF_A_LINE = 100_000  #: pieces, grams or millilitres

CREATE = """
INSERT INTO cart (tenant_id, id, store_id, fulfilment, member_id, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
PUT = """
INSERT INTO cart_line (tenant_id, id, cart_id, variant_id, quantity)
SELECT $1, l.id, $2, l.variant_id, l.quantity
FROM unnest($3::uuid[], $4::uuid[], $5::bigint[]) AS l(id, variant_id, quantity)
ON CONFLICT (tenant_id, cart_id, variant_id) DO UPDATE SET quantity = excluded.quantity
"""
REMOVE = "DELETE FROM cart_line WHERE tenant_id = $1 AND cart_id = $2 AND id = $3"
TOUCH = "UPDATE cart SET version = version + 1, expires_at = $3 WHERE tenant_id = $1 AND id = $2"


@dataclass(frozen=True, slots=True)
class Cut:
    """A line that got less than was wanted, since the store has no more."""

    line_id: UUID
    wanted: int
    given: int


async def create(
    work: Work, *, store_id: UUID | None, fulfilment: str, member_id: UUID | None, wanted: Sequence[tuple[UUID, int]]
) -> tuple[UUID, list[Cut]]:
    """A new cart with these variants in it."""
    if store_id is not None and (await stores.by_ids(work, [store_id]))[0] is None:
        raise NotFound(what="store", path=("input", "storeId"))
    cart_id, now = new_id(), clock.now()
    await work.execute(CREATE, cart_id, store_id, fulfilment, member_id, now, now + _kept(work))
    cuts = await add_lines(work, cart_id, wanted, path=("input", "lines", "quantity")) if wanted else []
    return cart_id, cuts


async def add_lines(
    work: Work, cart_id: UUID, wanted: Sequence[tuple[UUID, int]], *, path: tuple[str, ...] = ("input", "quantity")
) -> list[Cut]:
    """Put variants into a cart on top of what it has, as far as its store has them."""
    merged = _merged(wanted, path)
    cart = await changeable(work, cart_id)
    known = await catalog.variants_by_ids(work, list(merged))
    if None in known:
        raise NotFound(what="variant", path=(*path[:-1], "variantId"))
    before = cart.quantities
    return await put(work, cart, {key: before.get(key, 0) + more for key, more in merged.items()}, path=path)


async def set_quantity(work: Work, cart_id: UUID, line_id: UUID, quantity: int) -> list[Cut]:
    """Change how much of a line is wanted; 0 takes it out."""
    path = ("input", "quantity")
    cart = await changeable(work, cart_id)
    line = next((line for line in cart.lines if line.id == line_id), None)
    if line is None:
        raise NotFound(what="line in this cart", path=("input", "lineId"))
    if quantity == 0:
        await work.execute(REMOVE, cart_id, line_id)
        await touch(work, cart_id)
        return []
    _check(quantity, path)
    return await put(work, cart, {line.variant_id: quantity}, path=path)


async def changeable(work: Work, cart_id: UUID | None) -> CartRow:
    """The cart, held, if the actor may change it and it is not an order yet."""
    cart = await lock_to_change(work, cart_id) if cart_id is not None else None
    if cart is None or not open_to(cart, work.actor):
        raise NotFound(what="cart", path=("input", "cartId"))
    if cart.order_id is not None:
        raise CartOrdered(cart.order_id, path=("input", "cartId"))
    return cart


async def put(
    work: Work, cart: CartRow, quantities: Mapping[UUID, int], *, path: tuple[str, ...], refuse: bool = True
) -> list[Cut]:
    """Write lines, each cut to what the cart's store can promise; what it has none of is refused, or kept whole."""
    for quantity in quantities.values():
        _check(quantity, path)
    most = work.rules(CartRules).most_lines
    if len(cart.quantities.keys() | quantities.keys()) > most:
        raise LimitReached(reason=f"A cart holds at most {most} different things.", path=path)
    given = await _within_stock(work, cart, quantities, refuse=refuse)
    lines = {line.variant_id: line.id for line in cart.lines}
    ids = {key: lines.get(key) or new_id() for key in given}
    await work.execute(PUT, cart.id, list(ids.values()), list(given), list(given.values()))
    await touch(work, cart.id)
    return [Cut(ids[key], quantities[key], amount) for key, amount in given.items() if amount < quantities[key]]


async def touch(work: Work, cart_id: UUID) -> None:
    """A changed cart is a new version of it, and is kept longer."""
    await work.execute(TOUCH, cart_id, clock.now() + _kept(work))


async def _within_stock(work: Work, cart: CartRow, quantities: Mapping[UUID, int], *, refuse: bool) -> dict[UUID, int]:
    """What of the wanted quantities the store has."""
    if cart.store_id is None:
        return dict(quantities)
    rows = await inventory.at_location(work, cart.store_id, list(quantities))
    free = {key: row.sellable for key, row in zip(quantities, rows, strict=True)}
    none = [ShortLine(cart.store_id, key, wanted, 0) for key, wanted in quantities.items() if free[key] <= 0]
    if none and refuse:
        raise OutOfStock(none, path=("input",))
    return {key: min(wanted, free[key]) if free[key] > 0 else wanted for key, wanted in quantities.items()}


def _merged(wanted: Sequence[tuple[UUID, int]], path: tuple[str, ...]) -> Counter[UUID]:
    """The same variant twice is one wish."""
    merged: Counter[UUID] = Counter()
    for key, quantity in wanted:
        _check(quantity, path)
        merged[key] += quantity
    return merged


def _check(quantity: int, path: tuple[str, ...]) -> None:
    if not 1 <= quantity <= MOST_OF_A_LINE:
        raise Invalid(reason=f"A quantity lies between 1 and {MOST_OF_A_LINE}.", path=path)


def _kept(work: Work) -> timedelta:
    return timedelta(days=work.rules(CartRules).kept_days)
