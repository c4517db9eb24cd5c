"""Carts, for members and guests."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from strawberry import ID

from core import carts, catalog, contacts, matching, money, stores
from core.carts import CartCodeRow, CartLineRow, CartRow
from core.catalog import VariantRow
from core.matching import Search
from core.orders import FreeSlot
from core.pricing import Priced
from core.stores import StoreRow, StoreRules
from core.work import Work
from schema import relay
from schema.catalog import ProductVariant
from schema.checkout import Adjustment, Given, Slot, Totals, adjustments_of, slot_of
from schema.common import Address, Contact, Money
from schema.context import Info
from schema.enums import FulfilmentKind
from schema.errors import Shown, UserError
from schema.fields import PUBLIC, batched, field, node_type, query, row_type
from schema.relay import Node
from schema.stores import Store, StoreMatch


@row_type(CartLineRow)
class CartLine:
    """A variant in a cart."""

    quantity: int = field("In the variant's unit.")
    unit_price: Money = field("The price, for `pricedPer` of the unit.")
    total: Money = field("What the line costs.")


@batched(CartLine, ID, cost=0, name="id")
async def line_id(lines: Sequence[CartLineRow], info: Info) -> list[ID]:
    """Opaque."""
    return [relay.id_of(line) for line in lines]


@batched(CartLine, ProductVariant, name="variant")
async def line_variant(lines: Sequence[CartLineRow], info: Info) -> Sequence[VariantRow | None]:
    """What is wanted."""
    known = [line.variant for line in lines]
    return known if None not in known else await catalog.variants_sold(info.work, [line.variant_id for line in lines])


@row_type(CartCodeRow)
class CartCode:
    """A code that the shopper has put on a cart."""

    code: str = field("The code, in capitals.")
    plugin: str = field("The plugin that knows it.")
    label: str = field("What it is called.")
    applied: bool = field("Whether it gives something as the cart stands.")
    reason: str | None = field("Why it gives nothing.")


async def _load(work: Work, ids: Sequence[UUID]) -> list[CartRow | None]:
    return [cart if carts.open_to(cart, work.actor) else None for cart in await carts.by_ids(work, ids)]


@node_type(CartRow, _load)
class Cart(Node):
    """What a shopper means to buy, at one store at a time. A guest's cart id is a secret."""

    version: int = field("Grows with every change; give it to orderPlace to order just what was seen.")
    fulfilment: FulfilmentKind = field("How it is to reach the shopper.")
    lines: list[CartLine] = field("What is wanted.", cost=10)
    codes: list[CartCode] = field("Codes that the shopper has put on it.", cost=2)
    totals: Totals = field("What it comes to.")
    expires_at: datetime = field("When an untouched cart is dropped.")


@batched(Cart, Store | None, name="store")
async def cart_store(found: Sequence[CartRow], info: Info) -> Sequence[StoreRow | None]:
    """The store it is bought at."""
    return await _stores(info.work, found)


@batched(Cart, Address | None, cost=0)
async def address(found: Sequence[CartRow], info: Info) -> list[contacts.Address | None]:
    """Where a delivery goes."""
    return [contacts.open_address(info.work.vault, cart.sealed_address, "cart", cart.id) for cart in found]


@batched(Cart, Contact | None, cost=0)
async def contact(found: Sequence[CartRow], info: Info) -> list[contacts.Contact | None]:
    """How to reach the buyer."""
    return [contacts.open_contact(info.work.vault, cart.sealed_contact, "cart", cart.id) for cart in found]


@batched(Cart, Slot | None, cost=0)
async def slot(found: Sequence[CartRow], info: Info) -> list[FreeSlot | None]:
    """When it is to be collected or brought; null: as soon as possible."""
    return [slot_of(info.work, cart.store_id, cart.slot_start) for cart in found]


@batched(Cart, list[Adjustment], cost=2)
async def adjustments(found: Sequence[CartRow], info: Info) -> list[list[Adjustment]]:
    """Why the payable amount is not that of the goods."""
    return [_adjustments(cart.priced, cart.currency) if cart.priced else [] for cart in found]


def _adjustments(priced: Priced, currency: str) -> list[Adjustment]:
    steps = [
        Given(step.kind, step.adjustment.source, step.adjustment.label, money.Money(step.amount, currency))
        for step in priced.steps
        if step.applied
    ]
    return adjustments_of(priced.totals, steps)


@batched(Cart, list[UserError], cost=5)
async def problems(found: Sequence[CartRow], info: Info) -> list[list[Shown]]:
    """Why it could not be ordered as it is."""
    shops, zone = await _stores(info.work, found), info.tenant.time_zone
    return [
        [Shown(problem) for problem in carts.problems(cart, shop, zone)]
        for cart, shop in zip(found, shops, strict=True)
    ]


@batched(Cart, list[StoreMatch], cost=30)
async def options(found: Sequence[CartRow], info: Info) -> list[list[matching.StoreMatch]]:
    """Stores around the address, or around the chosen store, that could serve it."""
    shops = await _stores(info.work, found)
    chosen, most = [], info.work.rules(StoreRules).alternatives
    for cart, shop in zip(found, shops, strict=True):
        to = contacts.open_address(info.work.vault, cart.sealed_address, "cart", cart.id)
        point = to.location if to else shop.location if shop else None
        search = Search(point, None, cart.quantities, cart.fulfilment, most) if point else None
        chosen.append(await matching.near(info.work, search) if search else [])
    return chosen


async def _stores(work: Work, found: Sequence[CartRow]) -> list[StoreRow | None]:
    loaded = await stores.by_ids(work, [cart.store_id for cart in found if cart.store_id])
    by_id = {shop.id: shop for shop in loaded if shop is not None}
    return [by_id.get(cart.store_id) if cart.store_id else None for cart in found]


@query(Cart | None, access=PUBLIC)
async def cart(info: Info, id: ID) -> CartRow | None:
    """A cart: the member's own, or a guest's by its secret id."""
    key = relay.key_of("Cart", id)
    return (await _load(info.work, [key]))[0] if key else None
