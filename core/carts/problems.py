"""What stands between a cart and an order."""

from core import clock, stores
from core.carts.errors import StoreClosed
from core.carts.parts import short_lines
from core.carts.rows import CartRow
from core.errors import DomainError
from core.inventory import OutOfStock
from core.stores import StoreRow


def problems(cart: CartRow, store: StoreRow | None, time_zone: str) -> list[DomainError]:
    """Why this cart could not be ordered as it is."""
    found: list[DomainError] = [*cart.failed]
    if store is None:
        return found
    short = short_lines(cart.lines, store.id, cart.free)
    if short:
        found.append(OutOfStock(short))
    if not serves_now(cart, store, time_zone):
        found.append(StoreClosed(store=store.name))
    return found


def serves_now(cart: CartRow, store: StoreRow, time_zone: str) -> bool:
    """Whether the store is open, or the shopper has chosen a time when it will be."""
    return cart.slot_start is not None or stores.is_open(store.opening_hours, clock.now(), time_zone)
