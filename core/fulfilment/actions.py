"""What may be done next with an order, and by whom."""

from core import orders
from core.actors import Actor
from core.carts import SCAN_AND_GO
from core.orders import OrderRow

_BUYER = {
    "PENDING_PAYMENT": ("paymentStart", "orderCancel"),
    "PAID": ("orderCancel",),
}
_STORE = {
    "PAID": ("orderAccept", "orderReject"),
    "ACCEPTED": ("orderPrepare", "orderReady", "orderReject"),
    "PREPARING": ("orderReady", "orderReject"),
    "READY": (),
    "DISPATCHED": ("orderComplete",),
}
_HANDED_OVER = ("PAID", "ACCEPTED", "PREPARING", "READY")
_CANCELLED_BY_STAFF = ("PENDING_PAYMENT", "PAID", "ACCEPTED", "PREPARING", "READY")
_REFUNDABLE = ("PAID", "ACCEPTED", "PREPARING", "READY", "DISPATCHED", "COMPLETED")


def allowed_actions(order: OrderRow, actor: Actor) -> list[str]:
    """The mutations that this actor may call on the order as it stands."""
    actions: list[str] = []
    if orders.owned(order, actor):
        actions += _BUYER.get(order.status, ())
    if actor.may(orders.FULFIL.name, order.store_id):
        stays = order.held or order.kind == SCAN_AND_GO  # nobody prepares what is in the shopper's hands
        actions += [one for one in _STORE.get(order.status, ()) if one == "orderReject" or not stays]
        if order.kind == "DELIVERY" and order.status == "READY" and not order.held:
            actions.append("orderDispatch")
    if order.status in _CANCELLED_BY_STAFF and actor.may(orders.CANCEL.name, order.store_id):
        actions.append("orderCancel")
    if _may_be_handed_over(order) and actor.may(orders.VERIFY.name, order.store_id):
        actions.append("orderVerify")
    if order.status in _REFUNDABLE and order.refunded < order.payable and actor.may("payments.refund", order.store_id):
        actions.append("refundCreate")
    return actions


def _may_be_handed_over(order: OrderRow) -> bool:
    return order.kind != "DELIVERY" and order.status in _HANDED_OVER and not order.held
