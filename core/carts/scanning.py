"""What shoppers scan in stores, put into their carts: in a fixed number of statements, for one scan as for a hundred.

What is scanned is in the shopper's hand, whatever the books say: it is put into the cart, and said where they have
less. An order still takes nothing that was promised to somebody else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from core import catalog, stores
from core.actors import Actor, ActorKind
from core.carts.changing import check_quantity, require_changeable, require_room
from core.carts.errors import OtherStore
from core.carts.goods import PATH, GoodsRow, Readings, look_up
from core.carts.parts import read_parts
from core.carts.pricing import price_all
from core.carts.queries import lock_to_change
from core.carts.rows import SCAN_AND_GO, CartLineRow, CartRow
from core.carts.writing import LineWanted, NewCart, write_carts, write_lines
from core.errors import DomainError, Invalid, NotFound
from core.stores import StoreRow
from core.work import Work

_QUANTITY, _STORE = ("input", "quantity"), ("input", "storeId")


@dataclass(frozen=True, slots=True)
class Scan:
    """A barcode that a shopper's device has read."""

    actor: Actor
    store_id: UUID
    barcode: str
    quantity: int = 1  #: in the variant's unit; of a scale's label, how many bags have that one
    cart_id: UUID | None = None  #: None: a new one

    def begin(self, store: StoreRow | None) -> NewCart:
        """A cart to put it into, where the shopper has none yet."""
        if store is None:
            raise NotFound(what="store", path=_STORE)
        if SCAN_AND_GO not in store.fulfilments:
            raise Invalid(reason=f"{store.name} does not offer this.", path=_STORE)
        return NewCart(self.store_id, SCAN_AND_GO, self.actor.id if self.actor.kind == ActorKind.MEMBER else None)

    def wanted(self, read: Readings) -> tuple[GoodsRow, int]:
        """The goods, and how much of them."""
        goods = read.goods(self.store_id, self.barcode)
        check_quantity(self.quantity, _QUANTITY)
        amount = self.quantity * goods.quantity
        check_quantity(amount, _QUANTITY)
        return goods.row, amount


@dataclass(frozen=True, slots=True)
class Scanned:
    """A cart, and its line for what was scanned."""

    cart: CartRow
    line: CartLineRow


async def scan(work: Work, scans: Sequence[Scan]) -> list[Scanned | DomainError]:
    """Put what was scanned into carts, each scan by itself; those of one cart see it as all of them have left it."""
    read = await look_up(work, {(one.store_id, one.barcode) for one in scans})
    keys = await _begin(work, scans, read)
    found = await lock_to_change(work, [key for key in keys if isinstance(key, UUID)])
    answers: list[Scanned | DomainError] = []
    for one, key in zip(scans, keys, strict=True):
        try:
            answers.append(key if isinstance(key, DomainError) else _put(work, one, found.get(key), read))
        except DomainError as refusal:
            answers.append(refusal)
    await _write(work, [answer for answer in answers if isinstance(answer, Scanned)])
    return answers


async def _begin(work: Work, scans: Sequence[Scan], read: Readings) -> list[UUID | DomainError]:
    """The cart of each scan, begun where the shopper has none and what was scanned can be put into it."""
    ids = {one.store_id for one in scans if one.cart_id is None}
    shops = {shop.id: shop for shop in await stores.by_ids(work, sorted(ids)) if shop} if ids else {}
    new: list[NewCart] = []
    keys: list[UUID | DomainError] = []
    for one in scans:
        try:
            if one.cart_id is None:
                cart = one.begin(shops.get(one.store_id))
                one.wanted(read)
                new.append(cart)
            keys.append(one.cart_id or cart.id)
        except DomainError as refusal:
            keys.append(refusal)
    if new:
        await write_carts(work, new)
    return keys


def _put(work: Work, one: Scan, found: CartRow | None, read: Readings) -> Scanned:
    cart = require_changeable(found, one.actor)
    if cart.store_id != one.store_id:
        raise OtherStore(path=_STORE)
    goods, amount = one.wanted(read)
    line = next((line for line in cart.lines if line.variant_id == goods.variant_id), None)
    if line is None:
        require_room(work, cart.quantities.keys() | {goods.variant_id}, path=PATH)
        line = goods.line_of(work, cart)
        cart.lines.append(line)
    check_quantity(line.quantity + amount, _QUANTITY)
    line.grow(amount)
    return Scanned(cart, line)


async def _write(work: Work, scanned: Sequence[Scanned]) -> None:
    """Write the lines that have grown, and make their carts ready to be shown."""
    lines = {one.line.id: one.line for one in scanned}
    carts = {one.cart.id: one.cart for one in scanned}
    wanted = [LineWanted(line.id, line.cart_id, line.variant_id, line.quantity) for line in lines.values()]
    for touched in await write_lines(work, wanted):
        carts[touched.id].version, carts[touched.id].expires_at = touched.version, touched.expires_at
    await read_parts(work, carts.values())
    await price_all(work, list(carts.values()))
    await _name(work, [line for cart in carts.values() for line in cart.lines])


async def _name(work: Work, lines: Sequence[CartLineRow]) -> None:
    """Read the variants of lines: whoever has scanned looks at what it was."""
    ids = list({line.variant_id for line in lines})
    variants = dict(zip(ids, await catalog.variants_sold(work, ids), strict=True)) if ids else {}
    for line in lines:
        line.variant = variants[line.variant_id]
