"""What must hold of returns."""

from core.books import Invariant, Scope
from core.returns.machine import OPEN_IN_SQL

BOUGHT = f"""
SELECT s.id, s.quantity, sum(coalesce(l.received, l.quantity)) AS back FROM sales_order_line s
JOIN sales_return_line l ON l.tenant_id = $1 AND l.order_line_id = s.id
JOIN sales_return r ON r.tenant_id = $1 AND r.id = l.return_id
WHERE s.tenant_id = $1 AND (r.status IN {OPEN_IN_SQL} OR l.refunded IS NOT NULL) GROUP BY s.id, s.quantity
HAVING sum(coalesce(l.received, l.quantity)) > s.quantity
"""
PAID = """
SELECT r.id, r.amount, f.amount AS back, l.refunded, p.quantity FROM sales_return r
LEFT JOIN (
    SELECT coalesce(beside_id, id) AS id, order_id, sum(amount) AS amount FROM refund WHERE tenant_id = $1 GROUP BY 1, 2
) f ON f.id = r.refund_id AND f.order_id = r.order_id
LEFT JOIN (
    SELECT return_id, sum(refunded) AS refunded FROM sales_return_line WHERE tenant_id = $1 GROUP BY 1
) l ON l.return_id = r.id
LEFT JOIN (
    SELECT refund_id, sum(quantity) AS quantity FROM refund_line WHERE tenant_id = $1 GROUP BY 1
) p ON p.refund_id = r.refund_id
WHERE r.tenant_id = $1
    AND (r.amount <> coalesce(f.amount, 0) OR coalesce(l.refunded, 0) <> coalesce(p.quantity, 0))
"""
FREIGHT = """
SELECT o.id, o.delivery, sum(r.freight) AS freight FROM sales_order o
JOIN sales_return r ON r.tenant_id = $1 AND r.order_id = o.id
WHERE o.tenant_id = $1 GROUP BY o.id, o.delivery HAVING sum(r.freight) > o.delivery
"""
# What was sold of a bundle lies on the shelf as its parts.
SHELVED = """
SELECT coalesce(b.order_id, m.order_id) AS order_id, coalesce(b.variant_id, m.variant_id) AS variant_id,
    b.sellable, m.moved
FROM (
    SELECT r.order_id, r.store_id AS location_id, coalesce(p.variant_id, l.received_id) AS variant_id,
        sum(l.sellable * coalesce(p.quantity, 1)) AS sellable
    FROM sales_return r JOIN sales_return_line l ON l.tenant_id = $1 AND l.return_id = r.id AND l.sellable > 0
    JOIN sales_order_line s ON s.tenant_id = $1 AND s.id = l.order_line_id
    LEFT JOIN sales_order_line_part p
        ON p.tenant_id = $1 AND p.order_line_id = s.id AND l.received_id = s.variant_id
    WHERE r.tenant_id = $1 GROUP BY 1, 2, 3
) b FULL JOIN (
    SELECT order_id, location_id, variant_id, sum(delta) AS moved FROM stock_movement
    WHERE tenant_id = $1 AND reason = 'TAKEN_BACK' GROUP BY 1, 2, 3
) m ON m.order_id = b.order_id AND m.location_id = b.location_id AND m.variant_id = b.variant_id
WHERE b.sellable IS DISTINCT FROM m.moved
"""
HANDED_OUT = """
SELECT coalesce(b.order_id, m.order_id) AS order_id, coalesce(b.variant_id, m.variant_id) AS variant_id,
    b.quantity, m.moved
FROM (
    SELECT r.order_id, p.location_id, p.variant_id, sum(p.quantity) AS quantity FROM replacement p
    JOIN sales_return r ON r.tenant_id = $1 AND r.id = p.return_id
    WHERE p.tenant_id = $1 AND p.state = 'HANDED_OUT' GROUP BY 1, 2, 3
) b FULL JOIN (
    SELECT order_id, location_id, variant_id, -sum(delta) AS moved FROM stock_movement
    WHERE tenant_id = $1 AND reason = 'HANDED_OUT' GROUP BY 1, 2, 3
) m ON m.order_id = b.order_id AND m.location_id = b.location_id AND m.variant_id = b.variant_id
WHERE b.quantity IS DISTINCT FROM m.moved
"""
KEPT = """
SELECT r.id, r.status, count(p.state) AS held FROM sales_return r
LEFT JOIN replacement p ON p.tenant_id = $1 AND p.return_id = r.id AND p.state = 'HELD'
WHERE r.tenant_id = $1 GROUP BY r.id, r.status, r.kind
HAVING (count(p.state) > 0) <> (r.kind = 'EXCHANGE' AND r.status IN ('APPROVED', 'SENT', 'RECEIVED'))
"""
CLOSED = """
SELECT id, due_at FROM sales_return
WHERE tenant_id = $1 AND status = 'APPROVED' AND due_at < (SELECT app_now()) - interval '1 day'
"""

INVARIANTS = [
    Invariant(key="returns.bought", sentence="No more comes back than was bought.", broken=BOUGHT),
    Invariant(key="returns.paid", sentence="What a return has paid back is what its refund says.", broken=PAID),
    Invariant(key="returns.freight", sentence="No more of a delivery goes back than it has cost.", broken=FREIGHT),
    Invariant(
        key="returns.shelved", sentence="What came back sellable is on the shelf, and nothing else is.", broken=SHELVED
    ),
    Invariant(key="returns.handed_out", sentence="What was handed out has left the shelf, once.", broken=HANDED_OUT),
    Invariant(key="returns.kept", sentence="A replacement is kept as long as its exchange is under way.", broken=KEPT),
    Invariant(
        key="returns.closed",
        sentence="Returns whose goods do not come are closed within the day.",
        broken=CLOSED,
        scope=Scope.UPKEEP,
    ),
]
