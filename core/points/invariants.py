"""What must hold of points."""

from core.books import Invariant, Scope

EARNED = """
SELECT e.order_id, e.points, coalesce(l.points, 0) AS lines, coalesce(t.amount, 0) AS posted
FROM points_earning e
LEFT JOIN (
    SELECT s.order_id, sum(p.points) AS points FROM points_earning_line p
    JOIN sales_order_line s ON s.tenant_id = $1 AND s.id = p.order_line_id WHERE p.tenant_id = $1 GROUP BY 1
) l ON l.order_id = e.order_id
LEFT JOIN (
    SELECT t.source, sum(p.amount) AS amount FROM ledger_transaction t
    JOIN ledger_posting p ON p.tenant_id = $1 AND p.transaction_id = t.id AND p.amount > 0
    WHERE t.tenant_id = $1 AND t.kind = 'points.earned' GROUP BY 1
) t ON t.source = e.order_id::text
WHERE e.tenant_id = $1 AND (e.points <> coalesce(l.points, 0) OR e.points <> coalesce(t.amount, 0))
"""
WHOLE = """
SELECT e.order_id, e.points, e.taken_back FROM points_earning e
JOIN sales_order o ON o.tenant_id = $1 AND o.id = e.order_id
WHERE e.tenant_id = $1 AND e.taken_back < e.points AND o.refunded = o.payable AND NOT EXISTS (
    SELECT FROM refund r WHERE r.tenant_id = $1 AND r.order_id = o.id
    AND r.requested_at > (SELECT app_now()) - interval '1 hour')
"""

SPENT = """
SELECT s.order_id, s.points, s.given_back, o.points AS paid FROM points_spending s
JOIN sales_order o ON o.tenant_id = $1 AND o.id = s.order_id
LEFT JOIN (
    SELECT split_part(t.source, ':', 1) AS order_id, sum(p.amount) FILTER (WHERE t.kind = 'points.spent') AS spent
    FROM ledger_transaction t JOIN ledger_posting p ON p.tenant_id = $1 AND p.transaction_id = t.id AND p.amount > 0
    WHERE t.tenant_id = $1 AND t.kind = 'points.spent' AND t.source NOT LIKE '%:again' GROUP BY 1
) l ON l.order_id = s.order_id::text
WHERE s.tenant_id = $1 AND (coalesce(l.spent, 0) <> s.points OR o.points <= 0)
"""
PAID = """
SELECT o.id, o.points, coalesce(sum(a.amount), 0) AS steps FROM sales_order o
LEFT JOIN order_adjustment a ON a.tenant_id = $1 AND a.order_id = o.id AND a.kind = 'POINTS' AND a.applied
WHERE o.tenant_id = $1 GROUP BY o.id, o.points HAVING o.points <> coalesce(-sum(a.amount), 0)
"""
BACK = """
SELECT s.order_id, s.points, s.given_back FROM points_spending s
JOIN sales_order o ON o.tenant_id = $1 AND o.id = s.order_id
JOIN order_event e ON e.tenant_id = $1 AND e.order_id = o.id AND e.name = 'cancelled'
WHERE s.tenant_id = $1 AND o.status = 'CANCELLED' AND s.given_back < s.points
    AND e.at < (SELECT app_now()) - interval '1 hour'
"""
WENT_BACK = """
SELECT s.order_id, s.given_back, coalesce(b.amount, 0) AS posted FROM points_spending s
LEFT JOIN (
    SELECT o.source, sum(p.amount) AS amount FROM ledger_transaction o
    JOIN ledger_transaction u ON u.tenant_id = $1 AND u.undoes_id = o.id
    JOIN ledger_posting p ON p.tenant_id = $1 AND p.transaction_id = u.id AND p.amount > 0
    WHERE o.tenant_id = $1 AND o.kind = 'points.spent' GROUP BY 1
) b ON b.source = s.order_id::text || CASE WHEN s.again THEN ':again' ELSE '' END
WHERE s.tenant_id = $1 AND s.given_back <> coalesce(b.amount, 0)
"""

INVARIANTS = [
    Invariant(key="points.spent", sentence="What points pay for an order was taken of its member.", broken=SPENT),
    Invariant(key="points.paid", sentence="What points pay is what the step of the price says.", broken=PAID),
    Invariant(
        key="points.given_back",
        sentence="An order that is cancelled has cost no points, within the hour.",
        broken=BACK,
        scope=Scope.UPKEEP,
    ),
    Invariant(key="points.went_back", sentence="What an order has given back, its member has.", broken=WENT_BACK),
    Invariant(
        key="points.earned",
        sentence="What an order has earned is what its lines have, and what its member was given.",
        broken=EARNED,
    ),
    Invariant(
        key="points.taken_back",
        sentence="An order that was paid back whole has earned nothing, within the hour.",
        broken=WHOLE,
        scope=Scope.UPKEEP,
    ),
]
