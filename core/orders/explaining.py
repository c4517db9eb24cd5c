"""Why a cart or an order costs what it costs, for staff whom somebody asks."""

from dataclasses import dataclass
from uuid import UUID

from core import carts
from core.actors import Actor
from core.carts import CartRow
from core.money import Money
from core.orders.queries import BY_IDS
from core.orders.rows import OrderRow, PriceStepRow, ShareRow
from core.orders.steps import columns_of, with_shares
from core.pricing import EXPLAIN, Step, Totals
from core.work import Work


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a price came about, step by step."""

    totals: Totals
    steps: list[PriceStepRow]
    failed: list[str]  #: plugins without whose part it was priced; such a cart cannot be ordered


async def explain_cart(work: Work, cart_id: UUID) -> Explanation | None:
    """Why a cart costs what it costs now; None where the actor's stores do not reach."""
    cart = (await carts.by_ids(work, [cart_id]))[0]
    if cart is None or cart.priced is None or not _reaches(work.actor, cart.store_id):
        return None
    steps = [_step_of(cart, number, step) for number, step in enumerate(cart.priced.steps)]
    return Explanation(cart.priced.totals, steps, [failed.plugin for failed in cart.failed])


async def explain_order(work: Work, order_id: UUID) -> Explanation | None:
    """Why an order cost what it did when it was placed."""
    order = await work.row(OrderRow, BY_IDS, [order_id])
    if order is None or not _reaches(work.actor, order.store_id):
        return None
    return Explanation(order.totals, await with_shares(work, order.id), [])


def _reaches(actor: Actor, store_id: UUID | None) -> bool:
    """A cart that has no store yet is nobody's but the whole brand's."""
    if store_id is None:
        return actor.may(EXPLAIN.name) and actor.stores(EXPLAIN.name) is None
    return actor.may(EXPLAIN.name, store_id)


def _step_of(cart: CartRow, number: int, step: Step) -> PriceStepRow:
    variants = {line.id: line.variant_id for line in cart.lines}
    shares = [ShareRow(key, False, variants[key], Money(amount, cart.currency)) for key, amount in step.by_line.items()]
    return PriceStepRow(cart.id, number, *columns_of(step), cart.currency, shares)
