"""What may be done next with orders, and by whom."""

from collections.abc import Sequence
from uuid import UUID

from core import orders
from core.actors import Actor
from core.fulfilment.advancing import LEFT
from core.fulfilment.machine import FULFILMENT
from core.fulfilment.queries import of_orders
from core.machine import BUYER
from core.orders import OrderRow
from core.orders.machine import CANCELLED, ORDER, REFUNDED, STANDS
from core.work import Work

_PART = {order: part for part, order in STANDS.items()}  # of an order that one store carries out


async def allowed_actions(work: Work, found: Sequence[OrderRow], actor: Actor) -> list[list[str]]:
    """The mutations that this actor may call on each order as it stands: what the machines' tables say."""
    split = [order.id for order in found if order.also_at]
    parts = dict(zip(split, await of_orders(work, split), strict=True)) if split else {}
    return [
        _actions(order, actor, [(one.store_id, one.status) for one in parts[order.id]] if order.id in parts else None)
        for order in found
    ]


def _actions(order: OrderRow, actor: Actor, parts: Sequence[tuple[UUID, str]] | None) -> list[str]:
    actions = ORDER.open_to(order.status, order.kind, _hands(order, actor, order.store_id), held=order.held)
    if parts is None:
        parts = [(order.store_id, _PART[order.status])] if order.status in _PART else []
    for store_id, status in parts:
        more = FULFILMENT.open_to(status, order.kind, _hands(order, actor, store_id), held=order.held)
        actions += [action for action in more if action not in actions]
    no_more = {CANCELLED.action} if any(status in LEFT for _, status in parts) else set()
    return [one for one in actions if one not in no_more and (one != REFUNDED.action or _has_rest(order))]


def _hands(order: OrderRow, actor: Actor, store_id: UUID) -> list[str]:
    hands = [hand for hand in {*ORDER.hands, *FULFILMENT.hands} if "." in hand and actor.may(hand, store_id)]
    return [*hands, BUYER] if orders.owned(order, actor) else hands


def _has_rest(order: OrderRow) -> bool:
    return order.refunded < order.payable
