"""What must hold of teams and seats. What follows from an event may be left out until everybody has heard it."""

from core.books import Invariant, Mending, untold

ORDERS, TEAMS = untold("order_id"), untold("team_id")

FULL = """
SELECT t.id, t.size, count(*) AS seats FROM group_buy_team t JOIN group_buy_seat s ON s.tenant_id = $1
AND s.team_id = t.id AND s.state IN ('RESERVED', 'PAID') WHERE t.tenant_id = $1
GROUP BY t.id, t.size HAVING count(*) > t.size
"""
COUNTED = """
SELECT t.id, t.taken, t.paid, count(s.order_id) AS seats, count(s.order_id) FILTER (WHERE s.state = 'PAID') AS paid_for
FROM group_buy_team t LEFT JOIN group_buy_seat s ON s.tenant_id = $1 AND s.team_id = t.id
AND s.state IN ('RESERVED', 'PAID') WHERE t.tenant_id = $1 AND t.state = 'OPEN' GROUP BY t.id, t.taken, t.paid
HAVING t.taken <> count(s.order_id) OR t.paid <> count(s.order_id) FILTER (WHERE s.state = 'PAID') OR t.taken = 0
"""
# Whoever changes a team's seats holds the team, and before it the campaign where places are given or freed.
LOCK_COUNTED = f"""
SELECT t.id FROM group_buy_team t JOIN ({COUNTED}) b ON b.id = t.id WHERE t.tenant_id = $1
ORDER BY t.id FOR NO KEY UPDATE OF t
"""
COUNT = """
UPDATE group_buy_team t SET taken = n.seats, paid = n.paid FROM (
    SELECT k.id, count(s.order_id)::integer AS seats,
        (count(s.order_id) FILTER (WHERE s.state = 'PAID'))::integer AS paid
    FROM unnest($2::uuid[]) AS k(id) LEFT JOIN group_buy_seat s ON s.tenant_id = $1 AND s.team_id = k.id
        AND s.state IN ('RESERVED', 'PAID') GROUP BY k.id
) n
WHERE t.tenant_id = $1 AND t.id = n.id AND t.state = 'OPEN' AND (t.taken <> n.seats OR t.paid <> n.paid)
    AND n.seats BETWEEN 1 AND t.size AND n.paid < t.size
"""
SUCCEEDED = """
SELECT id, size, paid, filled FROM group_buy_team
WHERE tenant_id = $1 AND state = 'SUCCEEDED' AND paid < size AND filled = 0
"""
LED = """
SELECT t.id, t.leader_id FROM group_buy_team t WHERE t.tenant_id = $1 AND t.state = 'OPEN' AND NOT EXISTS (
    SELECT FROM group_buy_seat s WHERE s.tenant_id = $1 AND s.team_id = t.id AND s.member_id = t.leader_id
    AND s.state IN ('RESERVED', 'PAID'))
"""
#: units that stay sold: of whoever sits, and of whoever sent the goods of a complete team back
_SOLD = """(s.state IN ('RESERVED', 'PAID')
    OR (t.state = 'SUCCEEDED' AND s.state IN ('REFUNDING', 'REFUNDED') AND s.ended_at >= t.closed_at))"""
SOLD = f"""
SELECT c.id, c.taken, c.stock, coalesce(s.sold, 0) AS sold FROM group_buy_campaign c LEFT JOIN (
    SELECT s.campaign_id, sum(s.quantity) AS sold FROM group_buy_seat s
    JOIN group_buy_team t ON t.tenant_id = $1 AND t.id = s.team_id
    WHERE s.tenant_id = $1 AND {_SOLD} GROUP BY s.campaign_id
) s ON s.campaign_id = c.id
WHERE c.tenant_id = $1 AND (c.taken <> coalesce(s.sold, 0) OR c.taken > c.stock)
"""
LOCK_SOLD = f"""
SELECT c.id FROM group_buy_campaign c JOIN ({SOLD}) b ON b.id = c.id WHERE c.tenant_id = $1
ORDER BY c.id FOR NO KEY UPDATE OF c
"""
COUNT_SOLD = f"""
UPDATE group_buy_campaign c SET taken = n.sold FROM (
    SELECT k.id, coalesce((SELECT sum(s.quantity) FROM group_buy_seat s
        JOIN group_buy_team t ON t.tenant_id = $1 AND t.id = s.team_id
        WHERE s.tenant_id = $1 AND s.campaign_id = k.id AND {_SOLD}), 0)::bigint AS sold
    FROM unnest($2::uuid[]) AS k(id)
) n
WHERE c.tenant_id = $1 AND c.id = n.id AND c.taken <> n.sold AND (c.stock IS NULL OR n.sold <= c.stock)
"""
SEATED = f"""
SELECT s.order_id, o.status, s.state FROM group_buy_seat s
JOIN sales_order o ON o.tenant_id = $1 AND o.id = s.order_id WHERE s.tenant_id = $1
AND (s.state IN ('RESERVED', 'PAID')) = (o.status IN ('CANCELLED', 'REFUNDED')) AND o.id NOT IN ({ORDERS})
"""
PAID = f"""
SELECT s.order_id, o.status, s.state FROM group_buy_seat s
JOIN sales_order o ON o.tenant_id = $1 AND o.id = s.order_id WHERE s.tenant_id = $1
AND s.state = CASE o.status WHEN 'PENDING_PAYMENT' THEN 'PAID' ELSE 'RESERVED' END AND o.id NOT IN ({ORDERS})
"""
FAILED = f"""
SELECT s.order_id, s.team_id FROM group_buy_seat s JOIN group_buy_team t ON t.tenant_id = $1 AND t.id = s.team_id
WHERE s.tenant_id = $1 AND t.state LIKE 'FAILED%' AND s.state = 'PAID'
AND s.order_id NOT IN ({ORDERS}) AND t.id NOT IN ({TEAMS})
"""
WAITING = f"""
SELECT s.order_id, t.state, o.held FROM group_buy_seat s
JOIN group_buy_team t ON t.tenant_id = $1 AND t.id = s.team_id
JOIN sales_order o ON o.tenant_id = $1 AND o.id = s.order_id
WHERE s.tenant_id = $1 AND s.state = 'PAID' AND o.held = (t.state = 'SUCCEEDED')
AND o.id NOT IN ({ORDERS}) AND t.id NOT IN ({TEAMS})
"""

INVARIANTS = [
    Invariant(
        key="group_buy.sold",
        sentence="A campaign counts what its seats are for, and never more than it has.",
        broken=SOLD,
        mending=Mending(LOCK_SOLD, COUNT_SOLD),
    ),
    Invariant(
        key="group_buy.counted",
        sentence="An open team counts the seats it has.",
        broken=COUNTED,
        mending=Mending(LOCK_COUNTED, COUNT),
    ),
    Invariant(key="group_buy.full", sentence="No more members sit in a team than it is for.", broken=FULL),
    Invariant(
        key="group_buy.succeeded",
        sentence="A team succeeded with as many as it is for, or was filled up.",
        broken=SUCCEEDED,
    ),
    Invariant(key="group_buy.led", sentence="Whoever leads an open team sits in it.", broken=LED),
    Invariant(key="group_buy.seated", sentence="Nobody sits in a team by an order that has ended.", broken=SEATED),
    Invariant(key="group_buy.paid", sentence="A seat is paid for where its order is.", broken=PAID),
    Invariant(key="group_buy.failed", sentence="Nobody who has paid is left in a team that has failed.", broken=FAILED),
    Invariant(key="group_buy.waiting", sentence="An order waits while its team does, and no longer.", broken=WAITING),
]
