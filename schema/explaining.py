"""Why a cart or an order costs what it costs."""

from collections.abc import Sequence

from strawberry import ID

from core import catalog, orders
from core.catalog import VariantRow
from core.orders import Explanation, PriceStepRow, ShareRow
from core.pricing import EXPLAIN
from schema import relay
from schema.catalog import ProductVariant
from schema.checkout import Totals
from schema.common import Money
from schema.context import Info
from schema.enums import PriceStage
from schema.fields import batched, field, query, row_type
from schema.pages import exactly_one


@row_type(ShareRow)
class PriceShare:
    """A line's part of a step."""

    amount: Money = field("How much; negative when it is taken off.")


@batched(PriceShare, ID, cost=0)
async def line_id(shares: Sequence[ShareRow], info: Info) -> list[ID]:
    """The line of the cart or of the order."""
    return [ID(relay.global_id("OrderLine" if one.of_order else "CartLine", one.line_id)) for one in shares]


@batched(PriceShare, ProductVariant)
async def variant(shares: Sequence[ShareRow], info: Info) -> Sequence[VariantRow | None]:
    """What is in that line."""
    return await catalog.variants_sold(info.work, [one.variant_id for one in shares])


@row_type(PriceStepRow)
class PriceStep:
    """Something that a plugin offered, and what became of it."""

    stage: PriceStage = field("When it is applied.")
    kind: str = field(
        "DISCOUNT (off the goods), FEE (added), DELIVERY (off the delivery fee) or POINTS (paid by them)."
    )
    plugin: str = field("Who offered it.")
    source: str = field("Which of its campaigns.")
    label: str = field("What shoppers read.")
    reason: str = field("Why it was offered.")
    code: str | None = field("The code of the cart that it answers.")
    amount: Money = field("What it came to; negative when it is taken off.")
    applied: bool = field("Whether it was applied.")
    why_not: str | None = field("Why nothing of it was applied, or less than it says.")
    shares: list[PriceShare] = field("Its parts by line; an amount off the delivery has none.", cost=5)


@row_type(Explanation)
class PriceExplanation:
    """How a price came about, step by step."""

    totals: Totals = field("What it comes to.")
    steps: list[PriceStep] = field("What plugins offered, in the order in which it was looked at.", cost=10)
    failed: list[str] = field("Plugins without whose part a cart was priced; it cannot be ordered until they answer.")


@query(PriceExplanation | None, access=EXPLAIN, cost=20)
async def price_explain(info: Info, cart_id: ID | None = None, order_id: ID | None = None) -> Explanation | None:
    """Why a cart costs what it costs now, or an order what it did when it was placed, in the stores of your role."""
    exactly_one(cartId=cart_id, orderId=order_id)
    if cart_id is not None:
        key = relay.key_of("Cart", cart_id)
        return await orders.explain_cart(info.work, key) if key else None
    key = relay.key_of("Order", order_id)
    return await orders.explain_order(info.work, key) if key else None
