"""Reading what WeChat says of a transaction or a refund, as answer and as notification alike."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from core.money import Money
from core.payments.provider import Refunded, Started

_PAID = frozenset({"SUCCESS", "REFUND"})  #: what is refunded was paid before
_OVER = {
    "CLOSED": "It was closed before it was paid.",
    "REVOKED": "It was called off at the counter.",
    "PAYERROR": "The payment has failed.",
}


def started_of(said: Mapping[str, Any], payment_id: UUID) -> Started:
    """How a transaction stands."""
    if said["out_trade_no"] != payment_id.hex:
        raise ValueError("WeChat has answered for another payment")
    state = said["trade_state"]
    if state in _PAID:
        return Started(
            captured=True,
            reference=said["transaction_id"],
            amount=money_of(said["amount"], "total"),
            account=f"{said['mchid']}/{said['appid']}",
        )
    return Started(captured=False, refused_because=_OVER.get(state))


def refunded_of(said: Mapping[str, Any]) -> Refunded:
    """How a refund stands."""
    status, reference = said["status"], said["refund_id"]
    return Refunded(succeeded=status == "SUCCESS", reference=reference, pending=status == "PROCESSING")


def money_of(amount: Mapping[str, Any], which: str) -> Money:
    """An amount in cents, as WeChat has it; a number that is none raises."""
    minor = amount[which]
    if type(minor) is not int or minor < 0:
        raise ValueError("WeChat says an amount that is none")
    return Money(minor, str(amount.get("currency", "CNY")))


def id_of(number: object) -> UUID | None:
    """The payment or refund that a number of ours stands for, if it is one of ours."""
    try:
        return UUID(hex=str(number))
    except ValueError:
        return None
