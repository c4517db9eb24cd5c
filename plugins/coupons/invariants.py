"""What must hold of coupons."""

from core.books import Invariant, Mending, untold

ISSUED = """
SELECT c.id, c.total, c.issued, c.printed, coalesce(h.issued, 0) AS coupons, coalesce(p.printed, 0) AS codes
FROM coupons_campaign c LEFT JOIN (
    SELECT campaign_id, count(*) AS issued FROM coupons_coupon
    WHERE tenant_id = $1 AND given_from IS NULL GROUP BY campaign_id
) h ON h.campaign_id = c.id LEFT JOIN (
    SELECT campaign_id, count(*) AS printed FROM coupons_code
    WHERE tenant_id = $1 AND batch_id IS NOT NULL GROUP BY campaign_id
) p ON p.campaign_id = c.id
WHERE c.tenant_id = $1 AND (c.issued <> coalesce(h.issued, 0) OR c.printed <> coalesce(p.printed, 0)
    OR c.issued > c.total OR c.printed > c.total)
"""
# Whoever gives a coupon out or prints a code changes its campaign first, and so waits for whoever holds that.
LOCK_ISSUED = f"""
SELECT c.id FROM coupons_campaign c JOIN ({ISSUED}) b ON b.id = c.id WHERE c.tenant_id = $1
ORDER BY c.id FOR NO KEY UPDATE OF c
"""
COUNT_ISSUED = """
UPDATE coupons_campaign c SET issued = n.issued, printed = n.printed FROM (
    SELECT k.id,
        (SELECT count(*) FROM coupons_coupon h
            WHERE h.tenant_id = $1 AND h.campaign_id = k.id AND h.given_from IS NULL) AS issued,
        (SELECT count(*) FROM coupons_code p
            WHERE p.tenant_id = $1 AND p.campaign_id = k.id AND p.batch_id IS NOT NULL) AS printed
    FROM unnest($2::uuid[]) AS k(id)
) n
WHERE c.tenant_id = $1 AND c.id = n.id AND (c.issued <> n.issued OR c.printed <> n.printed)
    AND (c.total IS NULL OR greatest(n.issued, n.printed) <= c.total)
"""
HELD = """
SELECT campaign_id, member_id, h.claimed, coalesce(c.coupons, 0) AS coupons
FROM (SELECT campaign_id, member_id, claimed FROM coupons_holding WHERE tenant_id = $1) h FULL JOIN (
    SELECT campaign_id, member_id, count(*) AS coupons FROM coupons_coupon
    WHERE tenant_id = $1 AND given_from IS NULL GROUP BY campaign_id, member_id
) c USING (campaign_id, member_id)
WHERE h.claimed IS DISTINCT FROM coalesce(c.coupons, 0)
"""
# Whoever gives a member a coupon counts it there first.
LOCK_HELD = f"""
SELECT h.campaign_id, h.member_id FROM coupons_holding h
JOIN ({HELD}) b ON b.campaign_id = h.campaign_id AND b.member_id = h.member_id
WHERE h.tenant_id = $1 ORDER BY h.campaign_id, h.member_id FOR NO KEY UPDATE OF h
"""
COUNT_HELD = """
UPDATE coupons_holding h SET claimed = n.coupons FROM (
    SELECT k.campaign_id, k.member_id, count(c.id)::integer AS coupons
    FROM unnest($2::uuid[], $3::uuid[]) AS k(campaign_id, member_id)
    LEFT JOIN coupons_coupon c ON c.tenant_id = $1 AND c.campaign_id = k.campaign_id AND c.member_id = k.member_id
        AND c.given_from IS NULL
    GROUP BY k.campaign_id, k.member_id
) n
WHERE h.tenant_id = $1 AND h.campaign_id = n.campaign_id AND h.member_id = n.member_id AND h.claimed <> n.coupons
"""
CODES = """
SELECT p.id, p.campaign_id, p.claimed_at, count(c.id) AS coupons FROM coupons_code p
LEFT JOIN coupons_coupon c ON c.tenant_id = $1 AND c.code_id = p.id
WHERE p.tenant_id = $1 AND p.batch_id IS NOT NULL GROUP BY p.id, p.campaign_id, p.claimed_at
HAVING count(c.id) <> CASE WHEN p.claimed_at IS NULL THEN 0 ELSE 1 END
"""
GIFTS = """
SELECT g.id, g.state, g.gift_taken_at, count(c.id) AS coupons FROM coupons_coupon g
LEFT JOIN coupons_coupon c ON c.tenant_id = $1 AND c.given_from = g.id
WHERE g.tenant_id = $1 GROUP BY g.id, g.state, g.gift_taken_at
HAVING count(c.id) <> CASE WHEN g.gift_taken_at IS NULL THEN 0 ELSE 1 END
"""
TAKEN = f"""
SELECT c.id, c.state, c.order_id, o.status, o.payment_status FROM coupons_coupon c
JOIN sales_order o ON o.tenant_id = $1 AND o.id = c.order_id
WHERE c.tenant_id = $1 AND o.id NOT IN ({untold("order_id")}) AND CASE c.state
    WHEN 'TAKEN' THEN o.status <> 'PENDING_PAYMENT' ELSE o.payment_status IN ('PENDING', 'CANCELLED') END
"""
TAKEN_OFF = """
SELECT c.order_id, c.discount, coalesce(a.discount, 0) AS steps FROM (
    SELECT order_id, sum(discount) AS discount FROM coupons_coupon
    WHERE tenant_id = $1 AND order_id IS NOT NULL GROUP BY order_id
) c LEFT JOIN (
    SELECT order_id, -sum(amount) AS discount FROM order_adjustment
    WHERE tenant_id = $1 AND plugin = 'coupons' AND applied GROUP BY order_id
) a ON a.order_id = c.order_id
WHERE c.discount <> coalesce(a.discount, 0)
"""

INVARIANTS = [
    Invariant(
        key="coupons.issued",
        sentence="A campaign has counted the coupons and codes there are of it, and has no more than it may.",
        broken=ISSUED,
        mending=Mending(LOCK_ISSUED, COUNT_ISSUED),
    ),
    Invariant(
        key="coupons.held",
        sentence="A member has had as many coupons of a campaign as were counted.",
        broken=HELD,
        mending=Mending(LOCK_HELD, COUNT_HELD),
    ),
    Invariant(key="coupons.codes", sentence="A printed code is one coupon once it was claimed.", broken=CODES),
    Invariant(key="coupons.gifts", sentence="A coupon that was given away is one other coupon.", broken=GIFTS),
    Invariant(
        key="coupons.taken",
        sentence="A coupon is taken while its order waits for money, and used once it is paid.",
        broken=TAKEN,
    ),
    Invariant(
        key="coupons.taken_off",
        sentence="Coupons have taken off an order what its price says.",
        broken=TAKEN_OFF,
    ),
]
