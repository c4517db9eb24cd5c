"""What must hold of the stores' part in orders."""

from core.books import Invariant
from core.orders.invariants import TILL_SALE

CARRIED = f"""
SELECT l.order_id, l.id, l.quantity, coalesce(f.carried, 0) AS carried
FROM sales_order o JOIN sales_order_line l ON l.tenant_id = $1 AND l.order_id = o.id
LEFT JOIN (
    SELECT order_line_id, sum(quantity) AS carried FROM fulfilment_line WHERE tenant_id = $1 GROUP BY order_line_id
) f ON f.order_line_id = l.id
WHERE o.tenant_id = $1 AND o.status NOT IN ('PENDING_PAYMENT', 'CANCELLED') AND NOT {TILL_SALE}
    AND l.quantity <> coalesce(f.carried, 0)
"""
STANDS = """
SELECT f.id, f.order_id, f.status, o.status AS order_status
FROM fulfilment f JOIN sales_order o ON o.tenant_id = $1 AND o.id = f.order_id
WHERE f.tenant_id = $1 AND f.status <> ALL (CASE o.status
    WHEN 'PAID' THEN '{WAITING}' WHEN 'COMPLETED' THEN '{DONE}' WHEN 'CANCELLED' THEN '{CANCELLED,REJECTED}'
    WHEN 'REFUNDED' THEN '{CANCELLED,REJECTED,DISPATCHED,DONE}' ELSE ARRAY[o.status] END::text[])
"""

INVARIANTS = [
    Invariant(
        key="fulfilment.carried", sentence="Stores carry out all of an order that is paid, once.", broken=CARRIED
    ),
    Invariant(key="fulfilment.stands", sentence="A store's part stands where its order stands.", broken=STANDS),
]
