"""What is done with orders: placing, carrying out, ending."""

from collections.abc import Sequence
from uuid import UUID

import strawberry
from strawberry import ID

from core import deliveries, fulfilment, orders, payments
from core.carts import CartOrdered, CartRow
from core.errors import DomainError, Invalid, NotFound
from core.fulfilment import Advance
from core.orders import OrderRow, PlaceRequest
from core.work import Work
from schema import relay
from schema.carts import Cart
from schema.common import ContactInput, contact_of
from schema.context import Info
from schema.fields import PUBLIC, batched, field, mutation
from schema.orders import Order
from schema.payloads import Done, Payload, Remark

_LONGEST_NOTE = 500


@strawberry.type(description="The order, or why nothing was done.")
class OrderPayload(Payload):
    order: Order | None = field("The order as it is now.")


@strawberry.input(description="A cart, to become an order.")
class OrderPlaceInput:
    cart_id: ID = field("The cart.")
    cart_version: int | None = strawberry.field(
        description="The version that the buyer saw; another one is STALE.", default=None
    )
    contact: ContactInput | None = strawberry.field(description="How to reach the buyer.", default=None)
    note: str | None = strawberry.field(description="What the buyer asks for, at most 500 characters.", default=None)
    accept_transfer: bool | None = strawberry.field(
        description="Whether to wait for what the store lacks, if another place has it.", default=None
    )
    accept_split: bool | None = strawberry.field(
        description="Whether a delivery may come in several packages, where no single store has all of it.",
        default=None,
    )
    accept_other_store: bool | None = strawberry.field(
        description="Whether another store near it may have the order ready, where this one cannot.", default=None
    )
    idempotency_key: str = field("The same key with the same input gives the same order.")


@strawberry.input(description="An order that is not wanted any more.")
class OrderCancelInput:
    order_id: ID = field("The order.")
    reason: str | None = strawberry.field(description="Why.", default=None)
    idempotency_key: str = field("The same key again changes nothing.")


@strawberry.input(description="A step of an order in its store.")
class OrderActionInput:
    order_id: ID = field("The order.")
    fulfilment_id: ID | None = strawberry.field(description="Which part of it.", default=None)
    note: str | None = strawberry.field(description="What there is to say, for the timeline.", default=None)


@strawberry.input(description="An order that leaves with a courier.")
class OrderDispatchInput:
    order_id: ID = field("The order.")
    fulfilment_id: ID | None = strawberry.field(description="Which part of it.", default=None)
    provider: str | None = strawberry.field(
        description="Who is called to bring it; none: whoever stands there. A remark where a brand has no providers.",
        default=None,
    )


@batched(Cart, Order | None, name="order")
async def order_of(found: Sequence[CartRow], info: Info) -> list[OrderRow | None]:
    """The order it has become."""
    rows = await orders.visible(info.work, [cart.order_id for cart in found if cart.order_id is not None])
    by_id = {row.id: row for row in rows if row is not None}
    return [by_id.get(cart.order_id) if cart.order_id else None for cart in found]


async def show_order(work: Work, refusal: DomainError) -> OrderRow | None:
    """The order that a cart has become, for whoever orders it again."""
    if not isinstance(refusal, CartOrdered):
        return None
    return await readable(work, refusal.order_id)


@mutation(OrderPayload, access=PUBLIC, spans_works=True, reveal=show_order)
async def order_place(info: Info, input: OrderPlaceInput) -> OrderRow | None:
    """Turn a cart into an order: its stock is locked while it waits to be paid."""
    cart_id = relay.key_of("Cart", input.cart_id)
    if cart_id is None:
        raise NotFound(what="cart", path=("input", "cartId"))
    request = PlaceRequest(
        cart_id=cart_id,
        actor=info.viewer,
        key=input.idempotency_key,
        cart_version=input.cart_version,
        contact=contact_of(info.work, input.contact, ("input", "contact")),
        note=note_of(input.note),
        accept_transfer=bool(input.accept_transfer),
        accept_split=bool(input.accept_split),
        accept_other_store=bool(input.accept_other_store),
    )
    placed = await info.place(request)
    if isinstance(placed, UUID):
        return await readable(info.work, placed)
    return placed if orders.readable(placed, info.viewer) else None


@mutation(OrderPayload, access=PUBLIC)
async def order_cancel(work: Work, input: OrderCancelInput) -> OrderRow | None:
    """End an order: its stock is for sale again, and what was paid goes back."""
    key, reason = relay.key_of("Order", input.order_id), note_of(input.reason, "reason") or "cancelled"
    return await readable(work, await payments.cancel_order(work, key, reason=reason, key=input.idempotency_key))


@mutation(OrderPayload, access=orders.FULFIL)
async def order_accept(work: Work, input: OrderActionInput) -> Done:
    """The store takes the order on."""
    return await _advance(work, "accept", input)


@mutation(OrderPayload, access=orders.FULFIL)
async def order_prepare(work: Work, input: OrderActionInput) -> Done:
    """The store begins to put the goods together."""
    return await _advance(work, "prepare", input)


@mutation(OrderPayload, access=orders.FULFIL)
async def order_ready(work: Work, input: OrderActionInput) -> Done:
    """The goods are ready to be collected or brought."""
    return await _advance(work, "ready", input)


@mutation(OrderPayload, access=orders.FULFIL)
async def order_dispatch(work: Work, input: OrderDispatchInput) -> Done:
    """The goods are on their way; with a provider that is named, once its courier has them."""
    if input.provider is not None and work.hooks.delivery_providers:
        return await _call(work, input, input.provider)
    action = OrderActionInput(order_id=input.order_id, fulfilment_id=input.fulfilment_id, note=input.provider)
    return await _advance(work, "dispatch", action)


@mutation(OrderPayload, access=orders.FULFIL)
async def order_complete(work: Work, input: OrderActionInput) -> Done:
    """The goods were delivered."""
    return await _advance(work, "complete", input)


@mutation(OrderPayload, access=orders.FULFIL)
async def order_reject(work: Work, input: OrderActionInput) -> Done:
    """The store cannot carry the order out: another one does, or the buyer gets everything back."""
    note = note_of(input.note) or "rejected by the store"
    key, part = relay.key_of("Order", input.order_id), relay.filter_key("Fulfilment", input.fulfilment_id)
    return await _done(work, await payments.reject_order(work, key, fulfilment_id=part, note=note), input)


async def _advance(work: Work, step: str, input: OrderActionInput) -> Done:
    key, part = relay.key_of("Order", input.order_id), relay.filter_key("Fulfilment", input.fulfilment_id)
    advance = await fulfilment.advance(work, key, step, fulfilment_id=part, note=note_of(input.note))
    return await _done(work, advance, input)


async def _done(work: Work, done: Advance, input: OrderActionInput) -> Done:
    remarks = [Remark("ALREADY_DONE", "You have done this before.", input.order_id)] if done.repeated else []
    return Done(await readable(work, done.order_id), remarks)


async def _call(work: Work, input: OrderDispatchInput, provider: str) -> Done:
    key, part = relay.key_of("Order", input.order_id), relay.filter_key("Fulfilment", input.fulfilment_id)
    called = await deliveries.dispatch(work, key, provider, fulfilment_id=part)
    remarks = [Remark("ALREADY_DONE", "You have done this before.", input.order_id)] if called.repeated else []
    return Done(await readable(work, called.order_id), remarks)


async def readable(work: Work, order_id: UUID | None) -> OrderRow | None:
    """The order, as far as the actor may see it."""
    return (await orders.visible(work, [order_id]))[0] if order_id is not None else None


def note_of(note: str | None, name: str = "note") -> str | None:
    """A remark of some length."""
    if note is not None and (len(note) > _LONGEST_NOTE or "\x00" in note):
        raise Invalid(reason=f"A note has at most {_LONGEST_NOTE} characters.", path=("input", name))
    return note
