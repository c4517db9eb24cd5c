"""What must hold of money."""

from core.books import Invariant

KEPT = """
SELECT o.id, o.status, count(p.id) AS kept FROM sales_order o LEFT JOIN payment p
ON p.tenant_id = $1 AND p.order_id = o.id AND p.status = 'CAPTURED' AND p.amount > (
    SELECT coalesce(sum(f.amount), 0) FROM refund f WHERE f.tenant_id = $1 AND f.payment_id = p.id)
WHERE o.tenant_id = $1 AND o.payable > 0 GROUP BY o.id, o.status
HAVING count(p.id) <> CASE WHEN o.status IN ('PENDING_PAYMENT', 'CANCELLED', 'REFUNDED') THEN 0 ELSE 1 END
"""
PAID_BACK = """
SELECT p.id, p.amount, sum(f.amount) AS back FROM payment p
JOIN refund f ON f.tenant_id = $1 AND f.payment_id = p.id
WHERE p.tenant_id = $1 GROUP BY p.id, p.amount HAVING sum(f.amount) > p.amount
"""

INVARIANTS = [
    Invariant(
        key="payments.kept",
        sentence="An order that is paid keeps one payment, an order that is not keeps none.",
        broken=KEPT,
    ),
    Invariant(key="payments.paid_back", sentence="No more of a payment is paid back than it was.", broken=PAID_BACK),
]
