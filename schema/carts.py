"""Carts, for members and guests."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import strawberry
from strawberry import ID

from core import carts, catalog, contacts, matching, stores
from core.actors import ActorKind
from core.carts import CartLineRow, CartRow, Cut, Wish
from core.catalog import VariantRow
from core.errors import NotFound
from core.matching import Search
from core.stores import StoreRow
from core.work import Work
from schema import relay
from schema.catalog import ProductVariant
from schema.checkout import Adjustment, Slot, Totals, adjustments_of, slot_of
from schema.common import Address, AddressInput, Contact, ContactInput, Money, address_of, contact_of
from schema.context import Info
from schema.enums import FulfilmentKind
from schema.errors import Shown, UserError
from schema.fields import MEMBER, PUBLIC, batched, field, mutation, node_type, query, row_type
from schema.payloads import Done, Payload, Remark
from schema.relay import Node
from schema.stores import ItemInput, Store, StoreMatch, wanted

_OPTIONS = 5


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
    return await catalog.variants_by_ids(info.work, [line.variant_id for line in lines])


async def _load(work: Work, ids: Sequence[UUID]) -> list[CartRow | None]:
    return [cart if carts.open_to(cart, work.actor) else None for cart in await carts.by_ids(work, ids)]


@node_type(CartRow, _load)
class Cart(Node):
    """What a shopper means to buy, at one store at a time. A guest's cart id is a secret."""

    version: int = field("Grows with every change; give it to orderPlace to order just what was seen.")
    fulfilment: FulfilmentKind = field("How it is to reach the shopper.")
    lines: list[CartLine] = field("What is wanted.", cost=10)
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
async def slot(found: Sequence[CartRow], info: Info) -> list[Slot | None]:
    """When it is to be collected or brought; null: as soon as possible."""
    return [slot_of(info.work, cart.slot_start) for cart in found]


@batched(Cart, list[Adjustment], cost=2)
async def adjustments(found: Sequence[CartRow], info: Info) -> list[list[Adjustment]]:
    """Why the payable amount is not that of the goods."""
    return [adjustments_of(cart.totals) if cart.totals else [] for cart in found]


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
    chosen = []
    for cart, shop in zip(found, shops, strict=True):
        to = contacts.open_address(info.work.vault, cart.sealed_address, "cart", cart.id)
        point = to.location if to else shop.location if shop else None
        search = Search(point, None, cart.quantities, cart.fulfilment, _OPTIONS) if point else None
        chosen.append(await matching.near(info.work, search) if search else [])
    return chosen


async def _stores(work: Work, found: Sequence[CartRow]) -> list[StoreRow | None]:
    loaded = await stores.by_ids(work, [cart.store_id for cart in found if cart.store_id])
    by_id = {shop.id: shop for shop in loaded if shop is not None}
    return [by_id.get(cart.store_id) if cart.store_id else None for cart in found]


@strawberry.type(description="The cart, or why it was not changed.")
class CartPayload(Payload):
    cart: Cart | None = field("The cart as it is now.")


@strawberry.input(description="A new cart.")
class CartCreateInput:
    store_id: ID | None = strawberry.field(description="The store to buy at; may be chosen later.", default=None)
    fulfilment: FulfilmentKind | None = strawberry.field(
        description="How it is to reach the shopper.", default=FulfilmentKind.PICKUP
    )
    lines: list[ItemInput] | None = strawberry.field(description="What to put into it at once.", default=None)


@strawberry.input(description="Something more for a cart.")
class CartLineAddInput:
    cart_id: ID = field("The cart.")
    variant_id: ID = field("What to add.")
    quantity: int = field("How much more, in the variant's unit.")


@strawberry.input(description="Another quantity for a line.")
class CartLineUpdateInput:
    cart_id: ID = field("The cart.")
    line_id: ID = field("The line.")
    quantity: int = field("How much is wanted now; 0 removes the line.")


@strawberry.input(description="How a cart is to reach the shopper.")
class CartFulfilmentSetInput:
    cart_id: ID = field("The cart.")
    fulfilment: FulfilmentKind = field("How it is to reach the shopper.")
    store_id: ID | None = strawberry.field(
        description="The store; absent: the best match for the address.", default=None
    )
    address: AddressInput | None = strawberry.field(description="Where a delivery goes.", default=None)
    slot_start: datetime | None = strawberry.field(description="When; absent: as soon as possible.", default=None)
    contact: ContactInput | None = strawberry.field(description="How to reach the buyer.", default=None)


@strawberry.input(description="A guest's cart, to be the member's.")
class CartClaimInput:
    cart_id: ID = field("The cart.")


@query(Cart | None, access=PUBLIC)
async def cart(info: Info, id: ID) -> CartRow | None:
    """A cart: the member's own, or a guest's by its secret id."""
    key = relay.key_of("Cart", id)
    return (await _load(info.work, [key]))[0] if key else None


@mutation(CartPayload, access=PUBLIC)
async def cart_create(work: Work, input: CartCreateInput) -> Done:
    """Start a cart."""
    cart_id, cuts = await carts.create(
        work,
        store_id=_store_key(input.store_id),
        fulfilment=input.fulfilment or FulfilmentKind.PICKUP,
        member_id=work.actor.id if work.actor.kind == ActorKind.MEMBER else None,
        wanted=list(wanted(input.lines or [], ("input", "lines")).items()),
    )
    return await _shown(work, cart_id, cuts)


@mutation(CartPayload, access=PUBLIC)
async def cart_line_add(work: Work, input: CartLineAddInput) -> Done:
    """Put something into a cart; the same variant again adds to its line."""
    cart_id = _cart_key(input.cart_id)
    variant_id = relay.key_of("ProductVariant", input.variant_id)
    if variant_id is None:
        raise NotFound(what="variant", path=("input", "variantId"))
    return await _shown(work, cart_id, await carts.add_lines(work, cart_id, [(variant_id, input.quantity)]))


@mutation(CartPayload, access=PUBLIC)
async def cart_line_update(work: Work, input: CartLineUpdateInput) -> Done:
    """Change how much of a line is wanted."""
    cart_id, line_key = _cart_key(input.cart_id), relay.key_of("CartLine", input.line_id)
    if line_key is None:
        raise NotFound(what="line in this cart", path=("input", "lineId"))
    return await _shown(work, cart_id, await carts.set_quantity(work, cart_id, line_key, input.quantity))


@mutation(CartPayload, access=PUBLIC)
async def cart_fulfilment_set(work: Work, input: CartFulfilmentSetInput) -> Done:
    """Choose how, where and when: the best store is found when none is given; prices are the store's own."""
    wish = Wish(
        fulfilment=input.fulfilment,
        store_id=_store_key(input.store_id),
        address=address_of(work, input.address, ("input", "address")) if input.address else None,
        slot_start=input.slot_start,
        contact=contact_of(work, input.contact, ("input", "contact")),
    )
    return await _shown(work, await carts.set_fulfilment(work, _cart_key(input.cart_id), wish), [])


@mutation(CartPayload, access=MEMBER)
async def cart_claim(work: Work, input: CartClaimInput) -> Done:
    """After signing in, keep a guest's cart, with what one's own open cart held added to it."""
    cart_id = _cart_key(input.cart_id)
    return await _shown(work, cart_id, await carts.claim(work, cart_id))


async def _shown(work: Work, cart_id: UUID, cuts: Sequence[Cut]) -> Done:
    """The cart as it is now, with a remark for each line that got less than was wanted."""
    remarks = [
        Remark(
            "QUANTITY_CUT",
            f"The store has {cut.given} of the {cut.wanted} wanted.",
            relay.global_id("CartLine", cut.line_id),
        )
        for cut in cuts
    ]
    return Done((await carts.by_ids(work, [cart_id]))[0], remarks)


def _cart_key(value: str) -> UUID:
    key = relay.key_of("Cart", value)
    if key is None:
        raise NotFound(what="cart", path=("input", "cartId"))
    return key


def _store_key(value: str | None) -> UUID | None:
    key = relay.key_of("Store", value)
    if value is not None and key is None:
        raise NotFound(what="store", path=("input", "storeId"))
    return key
