"""Points that pay at checkout: wished for on the cart, taken with the order, given back with the money."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from core import carts, ledger
from core.actors import ActorKind
from core.errors import DomainError, Invalid, NotFound
from core.ledger import InsufficientPoints, Key, Own, Short, Transfer, Unit
from core.orders import Checkout
from core.points.rules import PointsRules
from core.pricing import Adjustment, Basket, Pays, Stage
from core.work import Work

NAME = "points"  #: by which carts are marked
SPENT = "points.spent"  #: in the ledger; the source is the order, and the spending's round where it was paid late
_CART, _POINTS = ("input", "cartId"), ("input", "points")

WISH = """
INSERT INTO points_wish (tenant_id, cart_id, points) VALUES ($1, $2, $3)
ON CONFLICT (tenant_id, cart_id) DO UPDATE SET points = excluded.points
"""
WISHES = "SELECT cart_id, points FROM points_wish WHERE tenant_id = $1 AND cart_id = any($2::uuid[]) AND points > 0"
KEEP = """
INSERT INTO points_spending (tenant_id, order_id, points)
SELECT $1, * FROM unnest($2::uuid[], $3::bigint[])
"""


@dataclass(frozen=True, slots=True)
class _Spending:
    """What an order takes of its member."""

    checkout: Checkout
    points: int


async def wish(work: Work, cart_id: UUID | None, points: int) -> UUID:
    """Have so many of the member's points pay for a cart, as far as the brand allows; 0: none."""
    cart = await carts.changeable(work, cart_id)
    member_id = work.actor.id if work.actor.kind == ActorKind.MEMBER else None
    if member_id is None or cart.member_id != member_id:
        raise NotFound(what="cart of yours", path=_CART)
    rules = work.rules(PointsRules, cart.store_id)
    if points < 0 or (points and not rules.minor_each) or points % rules.step:
        raise Invalid(reason=_why_not(rules), path=_POINTS)
    available = (await ledger.balances(work, Unit.POINTS, [member_id]))[member_id].available
    if points > available:
        raise InsufficientPoints(needed=points, available=available, path=_POINTS)
    await work.execute(WISH, cart.id, points)
    await carts.mark(work, cart.id, NAME)
    return cart.id


def _why_not(rules: PointsRules) -> str:
    if not rules.minor_each:
        return "Points do not pay here."
    return f"Points pay by {rules.step}, and not below 0." if rules.step > 1 else "Points pay from 0 on."


async def adjust_prices(work: Work, baskets: Sequence[Basket]) -> Sequence[Sequence[Adjustment]]:
    """What points pay for each basket."""
    wishes = {row["cart_id"]: row["points"] for row in await work.fetch(WISHES, [one.cart_id for one in baskets])}
    return [_offers(work.rules(PointsRules, one.store_id), wishes.get(one.cart_id, 0)) for one in baskets]


def _offers(rules: PointsRules, points: int) -> list[Adjustment]:
    if not points or not rules.minor_each:
        return []
    pays = Pays(points, rules.minor_each, rules.step, rules.most_percent)
    reason = f"{points} points are wished for; each pays {rules.minor_each}, up to {rules.most_percent} %"
    return [Adjustment(stage=Stage.POINTS, source=NAME, label="Points", reason=reason, effect=pays)]


async def claim(work: Work, checkouts: Sequence[Checkout]) -> list[DomainError | None]:
    """Take the points of each order from its member, or say why not; as many statements as for one."""
    spendings = [_Spending(one, _points(one)) for one in checkouts]
    wanted = [one for one in spendings if one.points]
    answers = await ledger.post(work, [_transfer(one) for one in wanted])
    short = {
        one.checkout.order_id: InsufficientPoints(needed=one.points, available=answer.available, path=_CART)
        for one, answer in zip(wanted, answers, strict=True)
        if isinstance(answer, Short)
    }
    kept = [one for one in wanted if one.checkout.order_id not in short]
    if kept:
        work.write(KEEP, [one.checkout.order_id for one in kept], [one.points for one in kept])
    return [short.get(one.order_id) for one in checkouts]


def _points(checkout: Checkout) -> int:
    """How many points its price has taken."""
    paid = [(step.amount, step.adjustment.effect) for step in checkout.steps_of(NAME)]
    return sum(-amount // effect.each for amount, effect in paid if isinstance(effect, Pays))


def _transfer(one: _Spending) -> Transfer:
    member_id = one.checkout.member_id
    assert member_id is not None, "whoever has wished for it is a member"
    return spent(one.checkout.order_id, member_id, one.points)


def spent(order_id: UUID, member_id: UUID, points: int, *, again: bool = False) -> Transfer:
    """The transfer of an order's points to whoever sells."""
    return Transfer(
        key=key_of(order_id, again=again), unit=Unit.POINTS, amount=points, giver=member_id, taker=Own.SPENT
    )


def key_of(order_id: UUID, *, again: bool) -> Key:
    """By which the ledger knows an order's points; an order that is paid late has them again."""
    return Key(SPENT, f"{order_id}:again" if again else str(order_id))
