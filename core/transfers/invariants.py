"""What must hold of transfers."""

from core.books import Invariant

#: a status with the movements that it has come to so far: at which end, and how much of a line
MOVEMENTS = """
SELECT t.source_id AS location_id, l.variant_id, 'TRANSFER_OUT' AS reason, -l.quantity AS delta
FROM transfer t JOIN transfer_line l ON l.tenant_id = $1 AND l.transfer_id = t.id
WHERE t.tenant_id = $1 AND t.status IN ('SENT', 'RECEIVED', 'RETURNED')
UNION ALL SELECT t.source_id, l.variant_id, 'TRANSFER_BACK', l.quantity
FROM transfer t JOIN transfer_line l ON l.tenant_id = $1 AND l.transfer_id = t.id
WHERE t.tenant_id = $1 AND t.status = 'RETURNED'
UNION ALL SELECT t.destination_id, l.variant_id, 'TRANSFER_IN', l.quantity
FROM transfer t JOIN transfer_line l ON l.tenant_id = $1 AND l.transfer_id = t.id
WHERE t.tenant_id = $1 AND t.status = 'RECEIVED'
UNION ALL SELECT t.destination_id, l.variant_id, 'TRANSFER_LOST', l.received - l.quantity
FROM transfer t JOIN transfer_line l ON l.tenant_id = $1 AND l.transfer_id = t.id
WHERE t.tenant_id = $1 AND t.status = 'RECEIVED'
"""
MOVED = f"""
SELECT location_id, variant_id, reason, sum(told) AS told, sum(moved) AS moved FROM (
    SELECT location_id, variant_id, reason, delta AS told, 0 AS moved FROM ({MOVEMENTS}) AS expected
    UNION ALL SELECT location_id, variant_id, reason, 0, delta FROM stock_movement
    WHERE tenant_id = $1 AND reason IN ('TRANSFER_OUT', 'TRANSFER_BACK', 'TRANSFER_IN', 'TRANSFER_LOST')
) AS both_sides GROUP BY 1, 2, 3 HAVING sum(told) <> sum(moved)
"""
RECEIVED = """
SELECT t.id, t.status, l.variant_id, l.quantity, l.received FROM transfer t
LEFT JOIN transfer_line l ON l.tenant_id = $1 AND l.transfer_id = t.id
WHERE t.tenant_id = $1 AND (l.quantity IS NULL OR (t.status = 'RECEIVED') <> (l.received IS NOT NULL))
"""
AWAITED = """
SELECT t.id, t.status, t.claim, o.status AS order_status FROM transfer t
JOIN sales_order o ON o.tenant_id = $1 AND o.id = t.order_id
WHERE t.tenant_id = $1 AND t.status IN ('REQUESTED', 'SENT') AND t.claim <> CASE
    WHEN o.status = 'PENDING_PAYMENT' THEN 'OPEN' WHEN o.status = 'PAID' THEN 'CLAIMED' ELSE 'RELEASED' END
"""

INVARIANTS = [
    Invariant(
        key="transfers.moved",
        sentence="Movements of transfers add up to what was sent, received, lost and brought back at each place.",
        broken=MOVED,
    ),
    Invariant(
        key="transfers.received",
        sentence="A transfer has lines, and says how much of each has arrived once it is received.",
        broken=RECEIVED,
    ),
    Invariant(
        key="transfers.awaited",
        sentence="What is on its way for an order is claimed as its order stands.",
        broken=AWAITED,
    ),
]
