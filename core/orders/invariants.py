"""What must hold of orders."""

from core.books import Invariant, Mending, Scope, written_once

#: a till's sale has happened: it was in no cart and reserved nothing
TILL_SALE = "(o.kind = 'IN_STORE' AND o.cart_id IS NULL)"

TOTALS = """
SELECT id, items, discounts, fees, delivery, points, payable, refunded FROM sales_order
WHERE tenant_id = $1 AND (payable <> items - discounts + fees + delivery - points OR refunded > payable
    OR least(items, discounts, fees, delivery, points, payable, refunded) < 0)
"""
ITEMS = """
SELECT o.id, o.items, coalesce(sum(l.total), 0) AS lines
FROM sales_order o LEFT JOIN sales_order_line l ON l.tenant_id = $1 AND l.order_id = o.id
WHERE o.tenant_id = $1 GROUP BY o.id, o.items HAVING o.items <> coalesce(sum(l.total), 0)
"""
PAID = """
SELECT o.id, o.payable, o.delivery, coalesce(sum(l.paid), 0) AS lines
FROM sales_order o LEFT JOIN sales_order_line l ON l.tenant_id = $1 AND l.order_id = o.id
WHERE o.tenant_id = $1 GROUP BY o.id, o.payable, o.delivery
HAVING o.payable - o.delivery <> coalesce(sum(l.paid), 0)
"""
STEPS = f"""
SELECT o.id, o.discounts, o.fees, coalesce(sum(a.amount), 0) AS steps
FROM sales_order o LEFT JOIN order_adjustment a ON a.tenant_id = $1 AND a.order_id = o.id
WHERE o.tenant_id = $1 AND NOT {TILL_SALE} GROUP BY o.id, o.discounts, o.fees
HAVING o.discounts <> coalesce(-sum(a.amount) FILTER (WHERE a.kind = 'DISCOUNT'), 0)
    OR o.fees <> coalesce(sum(a.amount) FILTER (WHERE a.kind = 'FEE'), 0)
"""
SHARES = """
SELECT a.order_id, a.position, a.amount, coalesce(s.amount, 0) AS shares
FROM order_adjustment a CROSS JOIN LATERAL (SELECT sum(part) AS amount FROM unnest(a.shares) AS part) s
WHERE a.tenant_id = $1 AND a.kind <> 'DELIVERY' AND a.amount <> coalesce(s.amount, 0)
"""
LEFT = f"""
SELECT l.order_id, l.id, l.total, l.paid, coalesce(sum(a.shares[l.position + 1]), 0) AS shares
FROM sales_order o JOIN sales_order_line l ON l.tenant_id = $1 AND l.order_id = o.id
LEFT JOIN order_adjustment a ON a.tenant_id = $1 AND a.order_id = o.id
WHERE o.tenant_id = $1 AND NOT {TILL_SALE} GROUP BY l.order_id, l.id, l.total, l.paid
HAVING l.paid <> l.total + coalesce(sum(a.shares[l.position + 1]), 0)
"""
HELD = """
SELECT o.id, o.held, count(h.source) AS holds FROM sales_order o
LEFT JOIN order_hold h ON h.tenant_id = $1 AND h.order_id = o.id AND h.ended_at IS NULL
WHERE o.tenant_id = $1 GROUP BY o.id, o.held HAVING o.held <> (count(h.source) > 0)
"""
# Whoever begins or ends a hold holds its order.
LOCK_HELD = f"""
SELECT o.id FROM sales_order o JOIN ({HELD}) b ON b.id = o.id WHERE o.tenant_id = $1 ORDER BY o.id FOR UPDATE OF o
"""
HOLD = """
UPDATE sales_order o SET held = NOT o.held WHERE o.tenant_id = $1 AND o.id = any($2::uuid[]) AND o.held <> EXISTS (
    SELECT FROM order_hold h WHERE h.tenant_id = $1 AND h.order_id = o.id AND h.ended_at IS NULL)
"""
# Goods that are paid back before they leave are released although their order goes on, and so are those of a store that
# it has left. What comes from elsewhere has no
# reservation before it has arrived.
RESERVATIONS = f"""
SELECT o.id, o.status, r.state
FROM sales_order o LEFT JOIN reservation r ON r.tenant_id = $1 AND r.order_id = o.id
WHERE o.tenant_id = $1 AND NOT {TILL_SALE} AND coalesce(r.state, 'NONE') <> ALL (CASE
    WHEN o.status = 'PENDING_PAYMENT' THEN '{{OPEN}}' WHEN o.status = 'CANCELLED' THEN '{{RELEASED}}'
    WHEN o.status IN ('COMPLETED', 'DISPATCHED') THEN '{{CONSUMED}}'
    WHEN o.status = 'REFUNDED' THEN '{{RELEASED,CONSUMED}}'
    WHEN o.also_at IS NOT NULL THEN '{{CLAIMED,CONSUMED}}' ELSE '{{CLAIMED}}' END::text[])
    AND NOT (r.state = 'RELEASED' AND (o.refunded > 0 OR r.location_id <> o.store_id))
    AND NOT (r.state IS NULL AND EXISTS (SELECT FROM transfer t WHERE t.tenant_id = $1 AND t.order_id = o.id))
"""
# A bundle is kept by its parts, as they were when it was sold.
WHOLE = """
SELECT o.id, g.variant_id, g.wanted, coalesce(r.kept, 0) AS kept FROM sales_order o
JOIN (
    SELECT l.order_id, coalesce(l.store_id, s.store_id) AS store_id, coalesce(p.variant_id, l.variant_id) AS variant_id,
        sum((l.quantity - l.refunded_quantity) * coalesce(p.quantity, 1)) AS wanted
    FROM sales_order_line l JOIN sales_order s ON s.tenant_id = $1 AND s.id = l.order_id
    LEFT JOIN sales_order_line_part p ON p.tenant_id = $1 AND p.order_line_id = l.id
    WHERE l.tenant_id = $1 AND NOT EXISTS (
        SELECT FROM fulfilment_line c JOIN fulfilment f ON f.tenant_id = $1 AND f.id = c.fulfilment_id
        WHERE c.tenant_id = $1 AND c.order_line_id = l.id AND (f.status IN ('DISPATCHED', 'DONE')
            OR (f.status = 'REJECTED' AND s.also_at IS NOT NULL AND l.paid = 0)))
    GROUP BY 1, 2, 3
) g ON g.order_id = o.id
LEFT JOIN (
    SELECT order_id, location_id, variant_id, sum(quantity) AS kept FROM reservation
    WHERE tenant_id = $1 AND state IN ('OPEN', 'CLAIMED') GROUP BY 1, 2, 3
) r ON r.order_id = o.id AND r.location_id = g.store_id AND r.variant_id = g.variant_id
WHERE o.tenant_id = $1 AND o.status IN ('PENDING_PAYMENT', 'PAID', 'ACCEPTED', 'PREPARING', 'READY') AND NOT o.held
    AND coalesce(r.kept, 0) <> g.wanted
"""
# What was delivered is forgotten after a week, so that older orders may have no event any more.
TOLD = f"""
SELECT o.id, count(e.id) AS events FROM sales_order o LEFT JOIN outbox e ON e.tenant_id = $1
AND e.name = CASE WHEN {TILL_SALE} THEN 'orders.OrderPaid' ELSE 'orders.OrderPlaced' END
AND e.payload->>'order_id' = o.id::text
WHERE o.tenant_id = $1 GROUP BY o.id, o.placed_at
HAVING count(e.id) > 1 OR (count(e.id) = 0 AND o.placed_at > (SELECT app_now()) - interval '6 days')
"""
END_TOLD = """
SELECT o.id, o.status, count(e.id) AS events FROM sales_order o LEFT JOIN outbox e ON e.tenant_id = $1
AND e.name IN ('orders.OrderCancelled', 'orders.OrderReinstated') AND e.payload->>'order_id' = o.id::text
WHERE o.tenant_id = $1 GROUP BY o.id, o.status, o.placed_at
HAVING count(e.id) FILTER (WHERE e.name = 'orders.OrderCancelled')
    - count(e.id) FILTER (WHERE e.name = 'orders.OrderReinstated') > CASE o.status WHEN 'CANCELLED' THEN 1 ELSE 0 END
    OR (count(e.id) = 0 AND o.status = 'CANCELLED' AND o.placed_at > (SELECT app_now()) - interval '6 days')
"""
CHANGES_TOLD = """
SELECT t.order_id, t.name, count(DISTINCT t.id) AS changes, count(DISTINCT e.id) AS events
FROM order_event t LEFT JOIN outbox e ON e.tenant_id = $1 AND e.payload->>'order_id' = t.order_id::text
    AND e.name = CASE t.name WHEN 'paid' THEN 'orders.OrderPaid' ELSE 'orders.OrderStatusChanged' END
    AND (t.name = 'paid' OR lower(e.payload->>'status') = t.name)
WHERE t.tenant_id = $1 AND EXISTS (
        SELECT FROM sales_order o WHERE o.tenant_id = $1 AND o.id = t.order_id AND o.also_at IS NULL)
    AND t.name IN ('paid', 'accepted', 'preparing', 'ready', 'dispatched', 'completed')
    AND t.at > (SELECT app_now()) - interval '6 days'
GROUP BY t.order_id, t.name HAVING count(DISTINCT t.id) <> count(DISTINCT e.id)
"""
OVERDUE = """
SELECT id, reserved_until FROM sales_order
WHERE tenant_id = $1 AND status = 'PENDING_PAYMENT' AND reserved_until < (SELECT app_now()) - interval '1 hour'
"""

INVARIANTS = [
    Invariant(
        key="orders.totals", sentence="What is to be paid is what the parts come to, none negative.", broken=TOTALS
    ),
    Invariant(key="orders.items", sentence="An order costs what its lines cost.", broken=ITEMS),
    Invariant(key="orders.paid", sentence="An order's lines are paid with all of it but the delivery.", broken=PAID),
    Invariant(
        key="orders.steps", sentence="Discounts and fees are what the steps of the price add up to.", broken=STEPS
    ),
    Invariant(key="orders.shares", sentence="A step of the price is what it is to each line.", broken=SHARES),
    Invariant(
        key="orders.lines", sentence="A line is paid with what the steps of the price have left of it.", broken=LEFT
    ),
    Invariant(
        key="orders.held",
        sentence="An order is held while a hold of it is open.",
        broken=HELD,
        mending=Mending(LOCK_HELD, HOLD),
    ),
    Invariant(
        key="orders.reservations",
        sentence="An order has reservations, and they stand where the order stands.",
        broken=RESERVATIONS,
    ),
    Invariant(
        key="orders.whole",
        sentence="The stores of an order that is not over and waits for nothing keep all of its goods for it.",
        broken=WHOLE,
    ),
    Invariant(key="orders.told", sentence="That an order was placed, or sold, is told once.", broken=TOLD),
    Invariant(key="orders.end_told", sentence="That an order was cancelled is told once.", broken=END_TOLD),
    Invariant(key="orders.changes_told", sentence="Each change of an order is told once.", broken=CHANGES_TOLD),
    Invariant(
        key="orders.released",
        sentence="An order whose time to pay has run out is cancelled within the hour.",
        broken=OVERDUE,
        scope=Scope.UPKEEP,
    ),
    written_once("orders.parts", "sales_order_line_part", "What a bundle was made of when it was sold stays so."),
    written_once("orders.timeline", "order_event", "A line of an order's timeline stays as it was written."),
    written_once("orders.steps_stay", "order_adjustment", "A step of a price stays as it was written, shares and all."),
]
