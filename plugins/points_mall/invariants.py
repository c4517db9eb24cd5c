"""What must hold of the points mall."""

from core.books import Invariant, Mending, untold

TAKEN = """
SELECT o.id, o.taken, coalesce(r.taken, 0) AS redeemed FROM points_mall_offer o LEFT JOIN (
    SELECT offer_id, sum(quantity - returned) AS taken FROM points_mall_redemption
    WHERE tenant_id = $1 GROUP BY offer_id
) r ON r.offer_id = o.id
WHERE o.tenant_id = $1 AND o.taken <> coalesce(r.taken, 0)
"""
# Whoever takes of an offer or gives back holds it first.
LOCK_TAKEN = f"""
SELECT o.id FROM points_mall_offer o JOIN ({TAKEN}) b ON b.id = o.id WHERE o.tenant_id = $1
ORDER BY o.id FOR NO KEY UPDATE OF o
"""
COUNT_TAKEN = """
UPDATE points_mall_offer o SET taken = n.taken FROM (
    SELECT k.id, coalesce(sum(r.quantity - r.returned), 0)::bigint AS taken FROM unnest($2::uuid[]) AS k(id)
    LEFT JOIN points_mall_redemption r ON r.tenant_id = $1 AND r.offer_id = k.id GROUP BY k.id
) n
WHERE o.tenant_id = $1 AND o.id = n.id AND o.taken <> n.taken AND (o.stock IS NULL OR n.taken <= o.stock)
"""
_HAD = """
SELECT r.offer_id, r.member_id, sum(r.quantity - r.returned) AS had,
    coalesce(sum(r.quantity - r.returned) FILTER (WHERE r.day = t.day), 0) AS had_today
FROM points_mall_redemption r LEFT JOIN points_mall_tally t
    ON t.tenant_id = $1 AND t.offer_id = r.offer_id AND t.member_id = r.member_id
WHERE r.tenant_id = $1 GROUP BY r.offer_id, r.member_id
"""
COUNTED = f"""
SELECT offer_id, member_id, t.taken, t.today, coalesce(h.had, 0) AS had, coalesce(h.had_today, 0) AS had_today
FROM (SELECT offer_id, member_id, taken, today FROM points_mall_tally WHERE tenant_id = $1) t
FULL JOIN ({_HAD}) h USING (offer_id, member_id)
WHERE t.taken IS DISTINCT FROM coalesce(h.had, 0) OR t.today IS DISTINCT FROM coalesce(h.had_today, 0)
"""
LOCK_COUNTED = f"""
SELECT t.offer_id, t.member_id FROM points_mall_tally t
JOIN ({COUNTED}) b ON b.offer_id = t.offer_id AND b.member_id = t.member_id
WHERE t.tenant_id = $1 ORDER BY t.offer_id, t.member_id FOR NO KEY UPDATE OF t
"""
COUNT_AGAIN = f"""
UPDATE points_mall_tally t SET taken = n.had, today = n.had_today FROM (
    SELECT k.offer_id, k.member_id, coalesce(h.had, 0) AS had, coalesce(h.had_today, 0) AS had_today
    FROM unnest($2::uuid[], $3::uuid[]) AS k(offer_id, member_id)
    LEFT JOIN ({_HAD}) h ON h.offer_id = k.offer_id AND h.member_id = k.member_id
) n
WHERE t.tenant_id = $1 AND t.offer_id = n.offer_id AND t.member_id = n.member_id
    AND (t.taken <> n.had OR t.today <> n.had_today)
"""
# What the brand has spent points for, less what it gave back, each redemption being the source of its transactions.
PAID = """
SELECT r.id, r.state, r.points * (r.quantity - r.returned) AS wanted, coalesce(p.points, 0) AS spent
FROM points_mall_redemption r LEFT JOIN (
    SELECT split_part(t.source, '.', 1)::uuid AS id, sum(p.amount) AS points
    FROM ledger_transaction t
    JOIN ledger_posting p ON p.tenant_id = $1 AND p.transaction_id = t.id
    JOIN ledger_account a ON a.tenant_id = $1 AND a.id = p.account_id AND a.kind = 'SPENT'
    WHERE t.tenant_id = $1 AND t.kind IN ('points_mall.spent', 'points_mall.given_back') GROUP BY 1
) p ON p.id = r.id
WHERE r.tenant_id = $1 AND coalesce(p.points, 0) <> r.points * (r.quantity - r.returned)
"""
ORDERED = f"""
SELECT r.id, r.state, r.order_id, o.status FROM points_mall_redemption r
JOIN sales_order o ON o.tenant_id = $1 AND o.id = r.order_id
WHERE r.tenant_id = $1 AND o.id NOT IN ({untold("order_id")})
    AND (r.state = 'WANTED' OR (r.state = 'ORDERED' AND o.status IN ('CANCELLED', 'REFUNDED'))
        OR (r.state = 'RETURNED' AND o.status = 'PENDING_PAYMENT'))
"""

STOCK = "SELECT id, stock, taken FROM points_mall_offer WHERE tenant_id = $1 AND taken > stock"

INVARIANTS = [
    Invariant(
        key="points_mall.taken",
        sentence="Of an offer as much is taken as was redeemed and not given back.",
        broken=TAKEN,
        mending=Mending(LOCK_TAKEN, COUNT_TAKEN),
    ),
    Invariant(key="points_mall.stock", sentence="Of an offer no more is taken than there is.", broken=STOCK),
    Invariant(
        key="points_mall.counted",
        sentence="A member has had as much of an offer as was counted, on the last day too.",
        broken=COUNTED,
        mending=Mending(LOCK_COUNTED, COUNT_AGAIN),
    ),
    Invariant(
        key="points_mall.paid",
        sentence="What was redeemed and not given back was paid for with its points, once.",
        broken=PAID,
    ),
    Invariant(
        key="points_mall.ordered",
        sentence="Goods for points are an order's, and given back with it.",
        broken=ORDERED,
    ),
]
