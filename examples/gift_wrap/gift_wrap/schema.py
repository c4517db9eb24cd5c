"""Gift wrapping in the API. All of its names begin with the plugin's, and what it adds to core's types may be null."""

from collections.abc import Sequence

import strawberry
from strawberry import ID

from core import carts, catalog
from core.carts import CartLineRow, CartRow
from core.catalog import VariantRow
from core.orders import OrderRow
from core.work import Work
from gift_wrap import queries, service
from gift_wrap.permissions import MANAGE
from gift_wrap.rows import LineRow, PaperRow
from schema import personal, relay
from schema.carts import Cart, CartLine
from schema.catalog import ProductVariant
from schema.context import Info
from schema.fields import PUBLIC, batched, field, mutation, node_type, query, row_type
from schema.orders import Order
from schema.payloads import Payload
from schema.relay import Node


@node_type(PaperRow, queries.papers_by_ids)
class GiftWrapPaper(Node):
    """A paper that gifts can be wrapped in."""

    name: str = field("Its name.")


@row_type(LineRow)
class GiftWrapLine:
    """Something that is wrapped."""

    card: str | None = field("What its card says; null without one, and for staff who may not read what is personal.")


@batched(GiftWrapLine, GiftWrapPaper | None, name="paper")
async def paper_of(lines: Sequence[LineRow], info: Info) -> list[PaperRow | None]:
    """What it is wrapped in."""
    return await queries.papers_by_ids(info.work, [line.paper_id for line in lines])


@batched(GiftWrapLine, ProductVariant | None, name="variant")
async def variant_of(lines: Sequence[LineRow], info: Info) -> Sequence[VariantRow | None]:
    """What is wrapped."""
    return await catalog.variants_sold(info.work, [line.variant_id for line in lines])


@batched(CartLine, GiftWrapLine | None)
async def gift_wrap(lines: Sequence[CartLineRow], info: Info) -> list[LineRow | None]:
    """How the line is wrapped; null: it is not."""
    gifts = await queries.lines_of(info.work, [line.cart_id for line in lines])
    found = {(gift.cart_id, gift.variant_id): gift for rows in gifts.values() for gift in rows}
    wrapped = [found.get((line.cart_id, line.variant_id)) for line in lines]
    return [gift.opened(info.work.vault) if gift is not None else None for gift in wrapped]


@batched(Order, list[GiftWrapLine] | None, cost=5)
async def gift_wrap_lines(found: Sequence[OrderRow], info: Info) -> list[list[LineRow]]:
    """What of the order is wrapped."""
    gifts = await queries.lines_of(info.work, [order.cart_id for order in found if order.cart_id is not None])
    return [_shown(info, order, gifts.get(order.cart_id, []) if order.cart_id else []) for order in found]


def _shown(info: Info, order: OrderRow, gifts: Sequence[LineRow]) -> list[LineRow]:
    """A card is as personal as an address: whoever reads somebody else's is written down."""
    opened = [gift.opened(info.work.vault) for gift in gifts]
    with_card = [gift for gift in opened if gift.card is not None]
    readable = iter(personal.of_orders(info, [order] * len(with_card), with_card))
    return [gift if gift.card is None else next(readable) or gift.masked() for gift in opened]


@strawberry.type(description="The cart, or why it was not changed.")
class GiftWrapCartPayload(Payload):
    cart: Cart | None = field("The cart as it is now.")


@strawberry.type(description="The paper, or why it was not added.")
class GiftWrapPaperPayload(Payload):
    paper: GiftWrapPaper | None = field("The paper.")


@strawberry.input(description="How a line of a cart is to be wrapped.")
class GiftWrapSetInput:
    cart_id: ID = field("The cart.")
    line_id: ID = field("The line.")
    paper_id: ID | None = strawberry.field(description="The paper; null: it is not to be wrapped.", default=None)
    card: str | None = strawberry.field(description="What a card is to say, at most 300 characters.", default=None)


@strawberry.input(description="A paper to offer.")
class GiftWrapPaperCreateInput:
    name: str = field("Its name, at most 80 characters.")


@query(list[GiftWrapPaper], access=PUBLIC, cost=10, shared=True)
async def gift_wrap_papers(info: Info) -> list[PaperRow]:
    """The papers that gifts can be wrapped in, the oldest first."""
    return await queries.papers(info.work)


@mutation(GiftWrapCartPayload, access=PUBLIC)
async def gift_wrap_set(work: Work, input: GiftWrapSetInput) -> CartRow | None:
    """Have a line of a cart wrapped, in another paper, or not any more."""
    cart_key, line_key = relay.key_of("Cart", input.cart_id), relay.key_of("CartLine", input.line_id)
    if input.paper_id is None:
        cart_id = await service.unwrap(work, cart_key, line_key)
    else:
        paper_key = relay.key_or_nothing("GiftWrapPaper", input.paper_id)
        cart_id = await service.wrap(work, cart_key, line_key, paper_key, input.card)
    return (await carts.by_ids(work, [cart_id]))[0]


@mutation(GiftWrapPaperPayload, access=MANAGE)
async def gift_wrap_paper_create(work: Work, input: GiftWrapPaperCreateInput) -> PaperRow:
    """Offer another paper."""
    return await service.add_paper(work, input.name)
