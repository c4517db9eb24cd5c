"""Making carts and putting things into them."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from core import catalog, inventory
from core.actors import Actor
from core.carts.errors import CartOrdered
from core.carts.queries import by_ids, lock_to_change, open_to
from core.carts.rows import CartRow
from core.carts.rules import CartRules
from core.carts.writing import LineWanted, NewCart, touch, write_carts, write_lines
from core.errors import Invalid, LimitReached, NotFound
from core.ids import new_id
from core.inventory import OutOfStock, ShortLine
from core.work import Work

MOST_OF_A_LINE = 100_000  #: pieces, grams or millilitres

REMOVE = "DELETE FROM cart_line WHERE tenant_id = $1 AND cart_id = $2 AND id = $3"


@dataclass(frozen=True, slots=True)
class Cut:
    """A line that got less than was wanted, since the store has no more."""

    line_id: UUID
    wanted: int
    given: int


async def create(
    work: Work, *, store_id: UUID | None, fulfilment: str, member_id: UUID | None, wanted: Sequence[tuple[UUID, int]]
) -> tuple[CartRow, list[Cut]]:
    """A new cart with these variants in it, as far as its store has them."""
    path, cart = ("input", "lines", "quantity"), NewCart(store_id, fulfilment, member_id)
    merged = _merged(wanted, path)
    require_room(work, merged, path=path)
    lines = [LineWanted(new_id(), cart.id, key, quantity) for key, quantity in merged.items()]
    written = await write_carts(work, [cart], lines)
    if not written.carts:
        raise NotFound(what="store", path=("input", "storeId"))
    if written.lines < len(lines):
        raise NotFound(what="variant", path=(*path[:-1], "variantId"))
    found = await _one(work, cart.id)
    if not any(line.available is not None and line.available < line.quantity for line in found.lines):
        return found, []
    cuts = await put(work, found, merged, path=path)
    return await _one(work, cart.id), cuts


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
    check_quantity(quantity, path)
    return await put(work, cart, {line.variant_id: quantity}, path=path)


async def changeable(work: Work, cart_id: UUID | None) -> CartRow:
    """The cart, held, if the actor may change it and it is not an order yet."""
    found = await lock_to_change(work, [cart_id]) if cart_id is not None else {}
    return require_changeable(next(iter(found.values()), None), work.actor)


def require_changeable(cart: CartRow | None, actor: Actor) -> CartRow:
    """The cart, if the actor may change it and it is not an order yet."""
    if cart is None or not open_to(cart, actor):
        raise NotFound(what="cart", path=("input", "cartId"))
    if cart.order_id is not None:
        raise CartOrdered(cart.order_id, path=("input", "cartId"))
    return cart


async def put(
    work: Work, cart: CartRow, quantities: Mapping[UUID, int], *, path: tuple[str, ...], refuse: bool = True
) -> list[Cut]:
    """Write lines, each cut to what the cart's store can promise; what it has none of is refused, or kept whole."""
    for quantity in quantities.values():
        check_quantity(quantity, path)
    require_room(work, cart.quantities.keys() | quantities.keys(), path=path)
    given = await _within_stock(work, cart, quantities, refuse=refuse)
    lines = {line.variant_id: line.id for line in cart.lines}
    ids = {key: lines.get(key) or new_id() for key in given}
    await write_lines(work, [LineWanted(ids[key], cart.id, key, quantity) for key, quantity in given.items()])
    return [Cut(ids[key], quantities[key], amount) for key, amount in given.items() if amount < quantities[key]]


def require_room(work: Work, variants: Collection[UUID], *, path: tuple[str, ...]) -> None:
    """Refuse more different things than a cart may hold."""
    most = work.rules(CartRules).most_lines
    if len(variants) > most:
        raise LimitReached(reason=f"A cart holds at most {most} different things.", path=path)


async def _within_stock(work: Work, cart: CartRow, quantities: Mapping[UUID, int], *, refuse: bool) -> dict[UUID, int]:
    """What of the wanted quantities the store has."""
    if cart.store_id is None:
        return dict(quantities)
    rows = await inventory.at_location(work, cart.store_id, list(quantities))
    free = {key: row.left(at_shelf=cart.at_shelf) for key, row in zip(quantities, rows, strict=True)}
    none = [ShortLine(cart.store_id, key, wanted, 0) for key, wanted in quantities.items() if free[key] <= 0]
    if none and refuse:
        raise OutOfStock(none, path=("input",))
    return {key: min(wanted, free[key]) if free[key] > 0 else wanted for key, wanted in quantities.items()}


async def _one(work: Work, cart_id: UUID) -> CartRow:
    cart = (await by_ids(work, [cart_id]))[0]
    assert cart is not None, "a cart that was just made"
    return cart


def _merged(wanted: Sequence[tuple[UUID, int]], path: tuple[str, ...]) -> Counter[UUID]:
    """The same variant twice is one wish."""
    merged: Counter[UUID] = Counter()
    for key, quantity in wanted:
        check_quantity(quantity, path)
        merged[key] += quantity
    return merged


def check_quantity(quantity: int, path: tuple[str, ...]) -> None:
    """Refuse what is less than something, or more than a line may hold."""
    if not 1 <= quantity <= MOST_OF_A_LINE:
        raise Invalid(reason=f"A quantity lies between 1 and {MOST_OF_A_LINE}.", path=path)
