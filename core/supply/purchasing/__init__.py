"""Ordering goods from suppliers, and taking them in."""

from core.supply.purchasing.ordering import Draft, DraftLine, cancel, create, submit
from core.supply.purchasing.queries import (
    OrderFilter,
    count_orders,
    count_receipts,
    count_suppliers,
    lines_of,
    orders_by_ids,
    page_of_orders,
    page_of_receipts,
    page_of_suppliers,
    receipt_lines_of,
    receipts_by_ids,
    suppliers_by_ids,
)
from core.supply.purchasing.receiving import Arrival, ArrivalLine, receive
from core.supply.purchasing.rows import PurchaseLineRow, PurchaseOrderRow, ReceiptLineRow, ReceiptRow, SupplierRow
from core.supply.purchasing.suppliers import SupplierDraft, add_supplier, change_supplier

__all__ = [
    "Arrival",
    "ArrivalLine",
    "Draft",
    "DraftLine",
    "OrderFilter",
    "PurchaseLineRow",
    "PurchaseOrderRow",
    "ReceiptLineRow",
    "ReceiptRow",
    "SupplierDraft",
    "SupplierRow",
    "add_supplier",
    "cancel",
    "change_supplier",
    "count_orders",
    "count_receipts",
    "count_suppliers",
    "create",
    "lines_of",
    "orders_by_ids",
    "page_of_orders",
    "page_of_receipts",
    "page_of_suppliers",
    "receipt_lines_of",
    "receipts_by_ids",
    "receive",
    "submit",
    "suppliers_by_ids",
]
