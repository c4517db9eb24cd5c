"""Codes that shoppers put on carts."""

from uuid import UUID

import strawberry
from strawberry import ID

from core import carts
from core.errors import NotFound
from core.work import Work
from schema import relay
from schema.carting import CartPayload
from schema.context import Info
from schema.fields import PUBLIC, field, mutation
from schema.guessing import guessed
from schema.payloads import Done
from tenants.throttle import CART_CODE


@strawberry.input(description="A code and the cart that it is for.")
class CartCodeInput:
    cart_id: ID = field("The cart.")
    code: str = field("The code, in capitals or not.")


@mutation(CartPayload, access=PUBLIC, spans_works=True)
async def cart_code_apply(info: Info, input: CartCodeInput) -> Done:
    """Put a code on a cart; the plugin that knows it decides what it gives. Five wrong ones a minute are enough."""
    cart_id = _key(input)
    subject = str(info.viewer.id or cart_id)
    await guessed(info, CART_CODE, subject, lambda work: carts.apply_code(work, cart_id, input.code))
    return await _shown(info.work, cart_id)


@mutation(CartPayload, access=PUBLIC)
async def cart_code_remove(work: Work, input: CartCodeInput) -> Done:
    """Take a code off a cart again."""
    return await _shown(work, await carts.remove_code(work, _key(input), input.code))


async def _shown(work: Work, cart_id: UUID) -> Done:
    return Done((await carts.by_ids(work, [cart_id]))[0])


def _key(input: CartCodeInput) -> UUID:
    key = relay.key_of("Cart", input.cart_id)
    if key is None:
        raise NotFound(what="cart", path=("input", "cartId"))
    return key
