"""What the attack gives for every argument that is about supply, or about what goods are made of."""

from collections.abc import Mapping
from typing import Any

from core import clock
from tests.security.attack.sources import CURSOR, KEY, VARIANT, Of, Omitted

PLACE, SUPPLIER, PURCHASE, COUNT = map(Of, ("location", "supplier", "purchase", "count"))
MADE_UP: Mapping[str, str] = {"supplier.new": "{mark}-{new}"}
NODES: Mapping[str, Of] = {
    "Supplier": SUPPLIER,
    "PurchaseOrder": PURCHASE,
    "Receipt": Of("receipt"),
    "StockCount": COUNT,
    "StockReconciliation": Of("reconciliation"),
}
SOURCES: Mapping[str, Mapping[str, Any]] = {
    "Query.transfer": {"id": (transfer := Of("transfer"))},
    "Query.transfers": {"first": 5, "after": CURSOR},
    "TransferWhere": {"locationId": Of("location"), "statuses": ["REQUESTED", "SENT", "RECEIVED", "CANCELLED"]},
    "TransferCreateInput": {
        "sourceId": Of("location"),
        "destinationId": Of("elsewhere"),
        "note": "soon",
        "idempotencyKey": KEY,
    },
    "TransferLineInput": {"variantId": VARIANT, "quantity": 1},
    "TransferActionInput": {"transferId": transfer},
    "TransferReceiveInput": {"transferId": transfer, "idempotencyKey": KEY},
    "WarehouseCreateInput": {"name": Of("warehouse.new")},
    "WarehouseUpdateInput": {"warehouseId": Of("warehouse"), "name": Of("warehouse.new"), "active": True},
    "BundleSetInput": {"variantId": Of("bundle")},
    "BundleComponentInput": {"variantId": VARIANT, "quantity": 1},
    "Query.suppliers": {"first": 5, "after": CURSOR},
    "Query.purchaseOrders": {"first": 5, "after": CURSOR},
    "PurchaseOrderWhere": {
        "locationId": PLACE,
        "supplierId": SUPPLIER,
        "statuses": ["DRAFT", "ORDERED", "PARTLY_RECEIVED", "RECEIVED", "CANCELLED"],
    },
    "Query.receipts": {"locationId": PLACE, "first": 5, "after": CURSOR},
    "SupplierCreateInput": {
        "name": Of("supplier.new"),
        "leadDays": 3,
        "contact": Omitted("a name of a supplier is given once, and each of several things is given twice"),
    },
    "SupplierUpdateInput": {"supplierId": SUPPLIER, "name": Omitted("the same"), "leadDays": 3, "active": True},
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
    "Query.lowStock": {"locationId": PLACE, "first": 5, "after": CURSOR},
    "Query.stockCounts": {"locationId": PLACE, "first": 5, "after": CURSOR},
    "StockCount.lines": {"first": 5, "after": Omitted("it is the key of a variant, which is no secret")},
    "StockCountStartInput": {
        "locationId": PLACE,
        "categoryId": Of("category"),
        "variantIds": [VARIANT],
        "note": "autumn",
        "idempotencyKey": KEY,
    },
    "StockCountRecordInput": {"stockCountId": COUNT},
    "StockCountLineInput": {"variantId": VARIANT, "counted": 1, "expectedOnHand": 1},
    "StockCountCloseInput": {"stockCountId": COUNT, "idempotencyKey": KEY},
    "Query.stockReconciliations": {"locationId": PLACE, "first": 5, "after": CURSOR},
    "StockReconciliation.differences": {
        "first": 5,
        "afterPosition": Omitted("it is a number, the same in every brand"),
    },
    "StockReconcileInput": {
        "locationId": PLACE,
        "takenAt": clock.now().isoformat(),  # of the last days, and nobody's
        "apply": False,
        "idempotencyKey": KEY,
    },
    "StockSnapshotLineInput": {"sku": Of("variant.sku"), "barcode": Of("variant.barcode"), "onHand": 5},
}
ALTERNATIVES: Mapping[str, tuple[str, ...]] = {
    "ReceiptRecordInput": ("purchaseOrderId", "locationId"),
    "StockCountStartInput": ("categoryId", "variantIds"),
    "StockSnapshotLineInput": ("sku", "barcode"),
}
