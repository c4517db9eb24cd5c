"""What the attack gives to calls that are about returns."""

from collections.abc import Mapping
from typing import Any

from tests.security.attack.sources import CURSOR, KEY, ORDER, STORE, VARIANT, Of

RETURN, LINE = Of("return"), Of("order.line")
NODES: Mapping[str, Of] = {"Return": Of("return.paid")}
SOURCES: Mapping[str, Mapping[str, Any]] = {
    "Query.returns": {"first": 5, "after": CURSOR},
    "ReturnWhere": {"storeId": STORE, "statuses": ["REQUESTED", "COMPLETED"]},
    "ReturnRequestInput": {
        "orderId": ORDER,
        "kind": "EXCHANGE",
        "reason": "OTHER",
        "storeId": STORE,
        "note": "worn",
        "idempotencyKey": KEY,
    },
    "ReturnLineInput": {"orderLineId": LINE, "quantity": 1, "replacementId": VARIANT},
    "ReturnApproveInput": {"returnId": RETURN, "atFault": True, "answer": "yes"},
    "ReturnRejectInput": {"returnId": RETURN, "answer": "no"},
    "ReturnSendInput": {"returnId": RETURN, "trackingNumber": "SF1"},
    "ReturnReceiveInput": {"returnId": RETURN, "idempotencyKey": KEY},
    "ReturnedLineInput": {"orderLineId": LINE, "quantity": 1, "sellable": 1, "variantId": VARIANT},
    "ReturnActionInput": {"returnId": RETURN},
}
