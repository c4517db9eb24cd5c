"""What is done with carts."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import strawberry
from strawberry import ID

from core import carts
from core.actors import ActorKind
from core.carts import Cut, Wish
from core.errors import NotFound
from core.work import Work
from schema import relay
from schema.carts import Cart
from schema.common import AddressInput, ContactInput, address_of, contact_of
from schema.enums import FulfilmentKind
from schema.fields import MEMBER, PUBLIC, field, mutation
from schema.payloads import Done, Payload, Remark
from schema.stores import ItemInput, wanted


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


@mutation(CartPayload, access=PUBLIC)
async def cart_create(work: Work, input: CartCreateInput) -> Done:
    """Start a cart."""
    cart, cuts = await carts.create(
        work,
        store_id=store_key(input.store_id),
        fulfilment=input.fulfilment or FulfilmentKind.PICKUP,
        member_id=work.actor.id if work.actor.kind == ActorKind.MEMBER else None,
        wanted=list(wanted(input.lines or [], ("input", "lines")).items()),
    )
    return Done(cart, _remarks(cuts))


@mutation(CartPayload, access=PUBLIC)
async def cart_line_add(work: Work, input: CartLineAddInput) -> Done:
    """Put something into a cart; the same variant again adds to its line."""
    cart_id = cart_key(input.cart_id)
    variant_id = relay.key_of("ProductVariant", input.variant_id)
    if variant_id is None:
        raise NotFound(what="variant", path=("input", "variantId"))
    return await _shown(work, cart_id, await carts.add_lines(work, cart_id, [(variant_id, input.quantity)]))


@mutation(CartPayload, access=PUBLIC)
async def cart_line_update(work: Work, input: CartLineUpdateInput) -> Done:
    """Change how much of a line is wanted."""
    cart_id, line_key = cart_key(input.cart_id), relay.key_of("CartLine", input.line_id)
    if line_key is None:
        raise NotFound(what="line in this cart", path=("input", "lineId"))
    return await _shown(work, cart_id, await carts.set_quantity(work, cart_id, line_key, input.quantity))


@mutation(CartPayload, access=PUBLIC)
async def cart_fulfilment_set(work: Work, input: CartFulfilmentSetInput) -> Done:
    """Choose how, where and when: the best store is found when none is given; prices are the store's own."""
    wish = Wish(
        fulfilment=input.fulfilment,
        store_id=store_key(input.store_id),
        address=address_of(work, input.address, ("input", "address")) if input.address else None,
        slot_start=input.slot_start,
        contact=contact_of(work, input.contact, ("input", "contact")),
    )
    return await _shown(work, await carts.set_fulfilment(work, cart_key(input.cart_id), wish), [])


@mutation(CartPayload, access=MEMBER)
async def cart_claim(work: Work, input: CartClaimInput) -> Done:
    """After signing in, keep a guest's cart, with what one's own open cart held added to it."""
    cart_id = cart_key(input.cart_id)
    return await _shown(work, cart_id, await carts.claim(work, cart_id))


async def _shown(work: Work, cart_id: UUID, cuts: Sequence[Cut]) -> Done:
    """The cart as it is now."""
    return Done((await carts.by_ids(work, [cart_id]))[0], _remarks(cuts))


def _remarks(cuts: Sequence[Cut]) -> list[Remark]:
    """A remark for each line that got less than was wanted."""
    return [
        Remark(
            "QUANTITY_CUT",
            f"The store has {cut.given} of the {cut.wanted} wanted.",
            relay.global_id("CartLine", cut.line_id),
        )
        for cut in cuts
    ]


def cart_key(value: str) -> UUID:
    """The key of a cart that an input names."""
    key = relay.key_of("Cart", value)
    if key is None:
        raise NotFound(what="cart", path=("input", "cartId"))
    return key


def store_key(value: str | None) -> UUID | None:
    """The key of the store that an input names, if it names one."""
    key = relay.key_of("Store", value)
    if value is not None and key is None:
        raise NotFound(what="store", path=("input", "storeId"))
    return key
