"""What must hold of a brand's books at any moment: each statement finds what breaks its sentence."""

from core.actors import system
from tenants import Platform, Tenant

INVARIANTS = {
    "reserved is what open and claimed reservations promise, and never more than is on hand": """
        SELECT s.location_id, s.variant_id, s.on_hand, s.reserved, coalesce(r.held, 0) AS held
        FROM stock s LEFT JOIN (
            SELECT location_id, variant_id, sum(quantity) AS held FROM reservation
            WHERE tenant_id = $1 AND state IN ('OPEN', 'CLAIMED') GROUP BY 1, 2
        ) r USING (location_id, variant_id)
        WHERE s.tenant_id = $1 AND (s.reserved <> coalesce(r.held, 0) OR s.reserved NOT BETWEEN 0 AND s.on_hand)""",
    "on hand is the sum of the movements": """
        SELECT s.location_id, s.variant_id, s.on_hand, sum(m.delta) AS moved FROM stock s
        LEFT JOIN stock_movement m ON m.tenant_id = $1 AND m.location_id = s.location_id AND m.variant_id = s.variant_id
        WHERE s.tenant_id = $1 GROUP BY 1, 2, 3 HAVING s.on_hand <> coalesce(sum(m.delta), 0)""",
    "an order costs what its lines cost": """
        SELECT o.id FROM sales_order o LEFT JOIN sales_order_line l ON l.tenant_id = $1 AND l.order_id = o.id
        WHERE o.tenant_id = $1 GROUP BY o.id, o.items HAVING o.items <> coalesce(sum(l.total), 0)""",
    "an order's lines are paid with all of it but the delivery": """
        SELECT o.id FROM sales_order o LEFT JOIN sales_order_line l ON l.tenant_id = $1 AND l.order_id = o.id
        WHERE o.tenant_id = $1 GROUP BY o.id, o.payable, o.delivery
        HAVING o.payable - o.delivery <> coalesce(sum(l.paid), 0)""",
    "discounts and fees are what adjustments add up to": """
        SELECT o.id FROM sales_order o LEFT JOIN order_adjustment a ON a.tenant_id = $1 AND a.order_id = o.id
        WHERE o.tenant_id = $1 AND o.kind <> 'IN_STORE' GROUP BY o.id, o.discounts, o.fees
        HAVING o.discounts <> coalesce(-sum(a.amount) FILTER (WHERE a.kind = 'DISCOUNT'), 0)
            OR o.fees <> coalesce(sum(a.amount) FILTER (WHERE a.kind = 'FEE'), 0)""",
    "an adjustment is what it is to each line": """
        SELECT a.order_id, a.position FROM order_adjustment a LEFT JOIN order_adjustment_line s
        ON s.tenant_id = $1 AND s.order_id = a.order_id AND s.position = a.position
        WHERE a.tenant_id = $1 AND a.kind <> 'DELIVERY' GROUP BY a.order_id, a.position, a.amount
        HAVING a.amount <> coalesce(sum(s.amount), 0)""",
    "a line is paid with what adjustments have left of it": """
        SELECT l.id FROM sales_order o JOIN sales_order_line l ON l.tenant_id = $1 AND l.order_id = o.id
        LEFT JOIN order_adjustment_line s ON s.tenant_id = $1 AND s.order_line_id = l.id
        WHERE o.tenant_id = $1 AND o.kind <> 'IN_STORE' GROUP BY l.id, l.total, l.paid
        HAVING l.paid <> l.total + coalesce(sum(s.amount), 0)""",
    "an order is held while a hold of it is open": """
        SELECT o.id FROM sales_order o LEFT JOIN order_hold h
        ON h.tenant_id = $1 AND h.order_id = o.id AND h.ended_at IS NULL
        WHERE o.tenant_id = $1 GROUP BY o.id, o.held HAVING o.held <> (count(h.source) > 0)""",
    "reservations stand where their order stands": """
        SELECT o.id, o.status, r.state
        FROM sales_order o LEFT JOIN reservation r ON r.tenant_id = $1 AND r.order_id = o.id
        WHERE o.tenant_id = $1 AND o.kind <> 'IN_STORE' AND coalesce(r.state, 'NONE') <> ALL (CASE
            WHEN o.status = 'PENDING_PAYMENT' THEN '{OPEN}' WHEN o.status = 'CANCELLED' THEN '{RELEASED}'
            WHEN o.status IN ('COMPLETED', 'DISPATCHED') THEN '{CONSUMED}'
            WHEN o.status = 'REFUNDED' THEN '{RELEASED,CONSUMED}' ELSE '{CLAIMED}' END::text[])""",
    "an order that is paid keeps one payment, an order that is not keeps none": """
        SELECT o.id, o.status, count(p.id) AS kept FROM sales_order o LEFT JOIN payment p
        ON p.tenant_id = $1 AND p.order_id = o.id AND p.status = 'CAPTURED' AND p.amount > (
            SELECT coalesce(sum(f.amount), 0) FROM refund f WHERE f.tenant_id = $1 AND f.payment_id = p.id)
        WHERE o.tenant_id = $1 AND o.payable > 0 GROUP BY o.id, o.status
        HAVING count(p.id) <> CASE WHEN o.status IN ('PENDING_PAYMENT', 'CANCELLED', 'REFUNDED') THEN 0 ELSE 1 END""",
    "no payment is paid back more than once": """
        SELECT p.id FROM payment p JOIN refund f ON f.tenant_id = $1 AND f.payment_id = p.id
        WHERE p.tenant_id = $1 GROUP BY p.id, p.amount HAVING sum(f.amount) > p.amount""",
    "an order is told of once": """
        SELECT o.id FROM sales_order o LEFT JOIN outbox e ON e.tenant_id = $1
        AND e.name = CASE o.kind WHEN 'IN_STORE' THEN 'orders.OrderPaid' ELSE 'orders.OrderPlaced' END
        AND e.payload->>'order_id' = o.id::text WHERE o.tenant_id = $1 GROUP BY o.id HAVING count(e.id) <> 1""",
    "the end of an order is told of once": """
        SELECT o.id FROM sales_order o LEFT JOIN outbox e ON e.tenant_id = $1 AND e.name = 'orders.OrderCancelled'
        AND e.payload->>'order_id' = o.id::text WHERE o.tenant_id = $1 GROUP BY o.id, o.status
        HAVING count(e.id) <> CASE o.status WHEN 'CANCELLED' THEN 1 ELSE 0 END""",
}


async def audit(platform: Platform, tenant: Tenant) -> dict[str, list[dict[str, object]]]:
    """The sentences that do not hold, each with what breaks it; empty when all is well."""
    broken = {}
    async with platform.open_work(tenant, system("audit"), read_only=True) as work:
        for sentence, sql in INVARIANTS.items():
            if rows := await work.fetch(sql):
                broken[sentence] = [dict(row) for row in rows[:3]]
    return broken
