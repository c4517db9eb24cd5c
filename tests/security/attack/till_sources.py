"""What the attack gives to what tills are about."""

from collections.abc import Mapping
from typing import Any

from tests.security.attack.sources import CURSOR, PHONE, STORE, Of

SOLD = {"barcode": Of("variant.barcode"), "quantity": 1, "unitPrice": "9.90"}
SALE = {
    "externalReference": Of("till.reference"),
    "soldAt": "2026-01-05T09:00:00Z",
    "memberPhone": PHONE,
    "paid": "9.90",
}
NODES: Mapping[str, Of] = {"PosConflict": Of("till.conflict")}
SOURCES: Mapping[str, Mapping[str, Any]] = {
    "PosSaleRecordInput": SALE | {"storeId": STORE},
    "PosSaleInput": SALE,
    "PosSalesRecordInput": {"storeId": STORE},
    "PosLineInput": SOLD,
    "Query.posConflicts": {"storeId": STORE, "settled": False, "first": 5, "after": CURSOR},
    "PosConflictSettleInput": {"conflictId": Of("till.conflict"), "note": "looked at"},
}
VARIATIONS: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "posSalesRecord": {"too dear": {"input": {"sales": [SALE | {"paid": "99.00", "lines": [SOLD]}]}}}
}
