"""What may be done next with an order, and by whom."""

from core import orders
from core.actors import Actor
from core.fulfilment.machine import FULFILMENT
from core.machine import BUYER
from core.orders import OrderRow
from core.orders.machine import ORDER, REFUNDED, STANDS

_PART = {order: part for part, order in STANDS.items()}  # of an order that one store carries out


def allowed_actions(order: OrderRow, actor: Actor) -> list[str]:
    """The mutations that this actor may call on the order as it stands: what the machines' tables say."""
    hands = [hand for hand in {*ORDER.hands, *FULFILMENT.hands} if "." in hand and actor.may(hand, order.store_id)]
    if orders.owned(order, actor):
        hands.append(BUYER)
    actions = ORDER.open_to(order.status, order.kind, hands, held=order.held)
    part = _PART.get(order.status)
    if part is not None:
        actions += FULFILMENT.open_to(part, order.kind, hands, held=order.held)
    return [action for action in actions if action != REFUNDED.action or _has_rest(order)]


def _has_rest(order: OrderRow) -> bool:
    return order.refunded < order.payable
