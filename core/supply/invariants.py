"""What must hold of supply."""

from core.books import Invariant, written_once

COUNTED_UP = """
SELECT l.purchase_order_id, l.variant_id, l.received, l.damaged FROM purchase_order_line l LEFT JOIN (
    SELECT r.purchase_order_id, n.variant_id, sum(n.received) AS received, sum(n.damaged) AS damaged
    FROM receipt r JOIN receipt_line n ON n.tenant_id = $1 AND n.receipt_id = r.id
    WHERE r.tenant_id = $1 AND r.purchase_order_id IS NOT NULL GROUP BY 1, 2
) came USING (purchase_order_id, variant_id)
WHERE l.tenant_id = $1
    AND (l.received <> coalesce(came.received, 0) OR l.damaged <> coalesce(came.damaged, 0))
"""

INVARIANTS = [
    Invariant(
        key="supply.received",
        sentence="A line of a purchase order has received what its receipts have brought.",
        broken=COUNTED_UP,
    ),
    written_once("supply.receipts", "receipt", "A receipt stays as it was written."),
    written_once("supply.receipt_lines", "receipt_line", "A line of a receipt stays as it was written."),
    written_once("supply.reconciliations", "stock_reconciliation", "A reconciliation stays as it was written."),
    written_once("supply.differences", "stock_difference", "A difference of stock stays as it was written."),
]
