"""Setting up a shop for a crowd, and reading its books."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from core import carts, inventory, orders
from core.actors import ANONYMOUS, system
from core.errors import DomainError
from core.inventory import Correction
from core.orders import PlaceRequest
from hexmart.testing import World
from schema.relay import global_id
from tenants import Platform

MILK = "MILK-1L"
BOOKS = """
SELECT s.on_hand, s.reserved,
    (SELECT coalesce(sum(r.quantity), 0)::bigint FROM reservation r WHERE r.tenant_id = $1
     AND r.location_id = $2 AND r.variant_id = $3 AND r.state IN ('OPEN', 'CLAIMED')) AS held,
    (SELECT count(*) FROM sales_order o WHERE o.tenant_id = $1 AND o.store_id = $2) AS orders
FROM stock s WHERE s.tenant_id = $1 AND s.location_id = $2 AND s.variant_id = $3
"""


@dataclass(frozen=True, slots=True)
class Books:
    on_hand: int
    reserved: int
    held: int  #: by open and claimed reservations
    orders: int


async def books(platform: Platform, world: World, sku: str = MILK, store: str = "S1") -> Books:
    """How a variant stands at a store."""
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        found = await work.row(Books, BOOKS, world.store_keys[store], world.variant_keys[sku])
    assert found is not None
    return found


async def stock_up(platform: Platform, world: World, units: int, sku: str = MILK, store: str = "S1") -> None:
    """Put so many units on a shelf, and no more."""
    async with platform.open_work(world.tenant, system("test")) as work:
        found = Correction("COUNT", counted=units)
        await inventory.correct(work, world.store_keys[store], world.variant_keys[sku], found)


async def fill_carts(
    platform: Platform, world: World, count: int, wanted: Mapping[str, int] | None = None, store: str = "S1"
) -> list[UUID]:
    """Guests' carts at a store, each with these variants."""
    lines = [(world.variant_keys[sku], quantity) for sku, quantity in (wanted or {MILK: 1}).items()]
    filled = []
    async with platform.open_work(world.tenant, ANONYMOUS) as work:
        for _ in range(count):
            cart, cuts = await carts.create(
                work, store_id=world.store_keys[store], fulfilment="PICKUP", member_id=None, wanted=lines
            )
            assert not cuts
            filled.append(cart.id)
    return filled


def cart_id_of(key: UUID) -> str:
    """The id of a cart as the API gives it."""
    return global_id("Cart", key)


def order_id_of(key: UUID) -> str:
    """The id of an order as the API gives it."""
    return global_id("Order", key)


async def place_all(platform: Platform, world: World, cart_keys: Sequence[UUID]) -> list[UUID]:
    """An order out of each cart, all in one transaction."""
    requests = [PlaceRequest(cart_id=key, actor=ANONYMOUS, key="k") for key in cart_keys]
    async with platform.open_work(world.tenant, ANONYMOUS) as work:
        answers = await orders.place(work, requests)
    placed = [answer for answer in answers if not isinstance(answer, DomainError)]
    assert len(placed) == len(cart_keys), answers
    return placed
