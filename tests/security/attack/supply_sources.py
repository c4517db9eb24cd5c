"""What the attack gives for every argument that is about supply."""

from collections.abc import Mapping
from typing import Any

from tests.security.attack.sources import CURSOR, KEY, VARIANT, Of

PLACE, SUPPLIER, PURCHASE = map(Of, ("location", "supplier", "purchase"))
MADE_UP: Mapping[str, str] = {"supplier.new": "{mark}-{new}"}
NODES: Mapping[str, Of] = {"Supplier": SUPPLIER, "PurchaseOrder": PURCHASE, "Receipt": Of("receipt")}
SOURCES: Mapping[str, Mapping[str, Any]] = {
    "Query.suppliers": {"first": 5, "after": CURSOR},
    "Query.purchaseOrders": {"first": 5, "after": CURSOR},
    "PurchaseOrderWhere": {
        "locationId": PLACE,
        "supplierId": SUPPLIER,
        "statuses": ["DRAFT", "ORDERED", "PARTLY_RECEIVED", "RECEIVED", "CANCELLED"],
    },
    "Query.receipts": {"locationId": PLACE, "first": 5, "after": CURSOR},
    "SupplierCreateInput": {"name": Of("supplier.new"), "leadDays": 3},
    "SupplierUpdateInput": {"supplierId": SUPPLIER, "name": Of("supplier.new"), "leadDays": 3, "active": True},
    "PurchaseOrderCreateInput": {
        "supplierId": SUPPLIER,
        "locationId": PLACE,
        "note": "fast",
        "idempotencyKey": KEY,
    },
    "PurchaseOrderLineInput": {"variantId": VARIANT, "quantity": 10, "unitCost": "4.50"},
    "PurchaseOrderActionInput": {"purchaseOrderId": PURCHASE},
    "ReceiptRecordInput": {
        "purchaseOrderId": PURCHASE,
        "locationId": PLACE,
        "reference": "LS-1",
        "idempotencyKey": KEY,
    },
    "ReceiptLineInput": {"variantId": VARIANT, "received": 1, "damaged": 1},
}
ALTERNATIVES: Mapping[str, tuple[str, ...]] = {"ReceiptRecordInput": ("purchaseOrderId", "locationId")}
