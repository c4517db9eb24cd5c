"""What must hold of money."""

from core.books import Invariant, Mending, Scope

#: orders with what they were paid and has not gone back
_KEPT = """sales_order o CROSS JOIN LATERAL (
    SELECT coalesce((SELECT sum(p.amount) FROM payment p
            WHERE p.tenant_id = $1 AND p.order_id = o.id AND p.status = 'CAPTURED'), 0)
        - coalesce((SELECT sum(f.amount) FROM refund f WHERE f.tenant_id = $1 AND f.order_id = o.id), 0) AS amount
) kept"""
# Parts of an order that has ended go back once its provider has been told to take no more.
KEPT = f"""
SELECT o.id, o.status, o.payment_status, o.payable, kept.amount AS kept FROM {_KEPT}
WHERE o.tenant_id = $1 AND o.payable > 0 AND NOT CASE o.payment_status WHEN 'PENDING' THEN kept.amount = 0
    WHEN 'PARTLY_PAID' THEN kept.amount > 0 AND kept.amount < o.payable
    WHEN 'CANCELLED' THEN kept.amount >= 0 AND kept.amount < o.payable
    ELSE kept.amount <= o.payable AND (kept.amount > 0) = (o.status NOT IN ('CANCELLED', 'REFUNDED')) END
"""
PARTS = f"""
SELECT o.id, kept.amount AS kept FROM {_KEPT} WHERE o.tenant_id = $1 AND o.payment_status = 'CANCELLED'
    AND kept.amount > 0 AND EXISTS (SELECT FROM order_event e WHERE e.tenant_id = $1 AND e.order_id = o.id
        AND e.name IN ('cancelled', 'expired') AND e.at < (SELECT app_now()) - interval '1 hour')
"""
AMOUNT = """
SELECT p.id, p.order_id, p.amount, p.currency, o.payable FROM payment p
JOIN sales_order o ON o.tenant_id = $1 AND o.id = p.order_id
WHERE p.tenant_id = $1 AND (p.amount > o.payable OR p.amount < least(o.payable, 1) OR p.currency <> o.currency)
"""
REFERENCE = """
SELECT provider, min(id::text) AS first, count(*) AS payments FROM payment
WHERE tenant_id = $1 AND provider_reference IS NOT NULL GROUP BY provider, provider_reference HAVING count(*) > 1
"""
PAID_BACK = """
SELECT p.id, p.amount, sum(f.amount) AS back FROM payment p
JOIN refund f ON f.tenant_id = $1 AND f.payment_id = p.id
WHERE p.tenant_id = $1 GROUP BY p.id, p.amount HAVING sum(f.amount) > p.amount
"""
#: what has gone back of an order's price; what was captured beyond that price goes back too, and is none of it
_BACK = """CASE WHEN o.payment_status IN ('CAPTURED', 'PARTLY_REFUNDED', 'REFUNDED') THEN o.payable
    + coalesce((SELECT sum(f.amount) FROM refund f WHERE f.tenant_id = $1 AND f.order_id = o.id), 0)
    - coalesce((SELECT sum(p.amount) FROM payment p WHERE p.tenant_id = $1 AND p.order_id = o.id
        AND p.status = 'CAPTURED'), 0) ELSE 0 END"""
REFUNDED = f"""
SELECT o.id, o.refunded, {_BACK} AS back FROM sales_order o WHERE o.tenant_id = $1 AND o.refunded <> {_BACK}
"""
# Whoever takes money for an order or pays it back holds the order.
LOCK_REFUNDED = f"""
SELECT o.id FROM sales_order o JOIN ({REFUNDED}) b ON b.id = o.id WHERE o.tenant_id = $1 ORDER BY o.id FOR UPDATE OF o
"""
COUNT_REFUNDED = f"""
UPDATE sales_order o SET refunded = {_BACK} WHERE o.tenant_id = $1 AND o.id = any($2::uuid[])
    AND o.refunded <> {_BACK} AND {_BACK} BETWEEN 0 AND o.payable
"""
STANDING = """
SELECT id, status, payment_status, payable, refunded FROM sales_order
WHERE tenant_id = $1 AND payment_status <> CASE
    WHEN refunded > 0 AND refunded = payable THEN 'REFUNDED' WHEN refunded > 0 THEN 'PARTLY_REFUNDED'
    WHEN status = 'PENDING_PAYMENT' AND payment_status <> 'PARTLY_PAID' THEN 'PENDING'
    WHEN status = 'PENDING_PAYMENT' THEN 'PARTLY_PAID'
    WHEN status = 'CANCELLED' AND payment_status <> 'CAPTURED' THEN 'CANCELLED' ELSE 'CAPTURED' END
"""
LINES = """
SELECT l.order_id, l.id, l.refunded_quantity, l.refunded_amount, coalesce(r.quantity, 0) AS quantity,
    coalesce(r.amount, 0) AS amount
FROM sales_order_line l LEFT JOIN (
    SELECT order_line_id, sum(quantity) AS quantity, sum(amount) AS amount FROM refund_line
    WHERE tenant_id = $1 GROUP BY order_line_id
) r ON r.order_line_id = l.id
WHERE l.tenant_id = $1
    AND (l.refunded_quantity <> coalesce(r.quantity, 0) OR l.refunded_amount <> coalesce(r.amount, 0))
"""
LOCK_LINES = f"""
SELECT o.id FROM sales_order o WHERE o.tenant_id = $1 AND o.id IN (SELECT b.order_id FROM ({LINES}) b)
ORDER BY o.id FOR UPDATE
"""
COUNT_LINES = """
UPDATE sales_order_line l SET refunded_quantity = r.quantity, refunded_amount = r.amount FROM (
    SELECT k.id, coalesce(sum(b.quantity), 0)::bigint AS quantity, coalesce(sum(b.amount), 0)::bigint AS amount
    FROM sales_order_line k LEFT JOIN refund_line b ON b.tenant_id = $1 AND b.order_line_id = k.id
    WHERE k.tenant_id = $1 AND k.order_id = any($2::uuid[]) GROUP BY k.id
) r
WHERE l.tenant_id = $1 AND l.id = r.id AND (l.refunded_quantity <> r.quantity OR l.refunded_amount <> r.amount)
    AND r.quantity <= l.quantity AND r.amount <= l.paid
"""
ASKED = """
SELECT id, order_id, amount, requested_at FROM refund
WHERE tenant_id = $1 AND status = 'REQUESTED' AND requested_at < (SELECT app_now()) - interval '1 day'
"""

HEARD = """
SELECT n.id, n.subject_id, n.verdict, p.status, p.amount FROM payment_notice n
LEFT JOIN payment p ON p.tenant_id = $1 AND p.id = n.subject_id
WHERE n.tenant_id = $1 AND n.kind = 'PAYMENT' AND n.verdict = 'CREDITED' AND (p.id IS NULL OR p.status <> 'CAPTURED'
    OR (p.amount, p.currency, p.provider) <> (n.amount, n.currency, n.provider)
    OR p.account IS DISTINCT FROM n.account OR p.provider_reference IS DISTINCT FROM n.reference)
"""
JUDGED = """
SELECT id, provider, arrived_at FROM payment_notice
WHERE tenant_id = $1 AND verdict IS NULL AND arrived_at < (SELECT app_now()) - interval '1 hour'
"""

INVARIANTS = [
    Invariant(
        key="payments.kept",
        sentence="An order that is paid keeps money until all has gone back, one that is not keeps a part at most.",
        broken=KEPT,
    ),
    Invariant(
        key="payments.parts",
        sentence="What an order that has ended was paid in part goes back within the hour.",
        broken=PARTS,
        scope=Scope.UPKEEP,
    ),
    Invariant(
        key="payments.amount", sentence="A payment is of what its order costs, or of a part of that.", broken=AMOUNT
    ),
    Invariant(key="payments.reference", sentence="A provider's reference stands for one payment.", broken=REFERENCE),
    Invariant(key="payments.paid_back", sentence="No more of a payment is paid back than it was.", broken=PAID_BACK),
    Invariant(
        key="payments.refunded",
        sentence="What an order has been paid back is what its refunds come to.",
        broken=REFUNDED,
        mending=Mending(LOCK_REFUNDED, COUNT_REFUNDED),
    ),
    Invariant(
        key="payments.lines",
        sentence="What of a line was paid back is what the refunds say.",
        broken=LINES,
        mending=Mending(LOCK_LINES, COUNT_LINES),
    ),
    Invariant(
        key="payments.standing",
        sentence="An order's payment stands where its status and what was paid back say.",
        broken=STANDING,
    ),
    Invariant(key="payments.heard", sentence="What a provider's word has paid is what it was asked for.", broken=HEARD),
    Invariant(
        key="payments.judged",
        sentence="What a provider tells is looked at within the hour.",
        broken=JUDGED,
        scope=Scope.UPKEEP,
    ),
    Invariant(
        key="payments.asked",
        sentence="A refund is asked of its provider within the day.",
        broken=ASKED,
        scope=Scope.UPKEEP,
    ),
]
