"""What must hold of teams and seats whenever everything that has happened was delivered."""

from plugins.group_buy.tests.shop import Shop

INVARIANTS = {
    "no more members sit in a team than it is for": """
        SELECT t.id, t.size, count(*) FROM group_buy_team t JOIN group_buy_seat s ON s.tenant_id = $1
        AND s.team_id = t.id AND s.state IN ('RESERVED', 'PAID') WHERE t.tenant_id = $1
        GROUP BY t.id, t.size HAVING count(*) > t.size""",
    "an open team counts the seats it has": """
        SELECT t.id, t.taken, t.paid, count(s.order_id), count(s.order_id) FILTER (WHERE s.state = 'PAID')
        FROM group_buy_team t LEFT JOIN group_buy_seat s ON s.tenant_id = $1 AND s.team_id = t.id
        AND s.state IN ('RESERVED', 'PAID') WHERE t.tenant_id = $1 AND t.state = 'OPEN' GROUP BY t.id, t.taken, t.paid
        HAVING t.taken <> count(s.order_id) OR t.paid <> count(s.order_id) FILTER (WHERE s.state = 'PAID')
        OR t.taken = 0""",
    "a team succeeded with as many as it is for, or was filled up": """
        SELECT t.id FROM group_buy_team t WHERE t.tenant_id = $1 AND t.state = 'SUCCEEDED'
        AND t.paid < t.size AND t.filled = 0""",
    "whoever leads an open team sits in it": """
        SELECT t.id FROM group_buy_team t WHERE t.tenant_id = $1 AND t.state = 'OPEN' AND NOT EXISTS (
            SELECT FROM group_buy_seat s WHERE s.tenant_id = $1 AND s.team_id = t.id AND s.member_id = t.leader_id
            AND s.state IN ('RESERVED', 'PAID'))""",
    "a campaign counts what its seats are for, and never more than it has": """
        SELECT c.id, c.taken, c.stock, coalesce(sum(s.quantity), 0) FROM group_buy_campaign c LEFT JOIN (
            SELECT s.campaign_id, s.quantity FROM group_buy_seat s
            JOIN group_buy_team t ON t.tenant_id = $1 AND t.id = s.team_id WHERE s.tenant_id = $1
            AND (s.state IN ('RESERVED', 'PAID') OR (t.state = 'SUCCEEDED' AND s.state <> 'LEFT'))
        ) s ON s.campaign_id = c.id WHERE c.tenant_id = $1
        GROUP BY c.id, c.taken, c.stock HAVING c.taken <> coalesce(sum(s.quantity), 0) OR c.taken > c.stock""",
    "nobody sits in a team by an order that has ended": """
        SELECT s.order_id, o.status, s.state FROM group_buy_seat s
        JOIN sales_order o ON o.tenant_id = $1 AND o.id = s.order_id WHERE s.tenant_id = $1
        AND (s.state IN ('RESERVED', 'PAID')) = (o.status IN ('CANCELLED', 'REFUNDED'))""",
    "a seat is paid for where its order is": """
        SELECT s.order_id, o.status, s.state FROM group_buy_seat s
        JOIN sales_order o ON o.tenant_id = $1 AND o.id = s.order_id WHERE s.tenant_id = $1
        AND s.state = CASE o.status WHEN 'PENDING_PAYMENT' THEN 'PAID' ELSE 'RESERVED' END""",
    "nobody who has paid is left in a team that has failed": """
        SELECT s.order_id FROM group_buy_seat s JOIN group_buy_team t ON t.tenant_id = $1 AND t.id = s.team_id
        WHERE s.tenant_id = $1 AND t.state LIKE 'FAILED%' AND s.state = 'PAID'""",
    "an order waits while its team does, and no longer": """
        SELECT s.order_id, t.state, o.held FROM group_buy_seat s
        JOIN group_buy_team t ON t.tenant_id = $1 AND t.id = s.team_id
        JOIN sales_order o ON o.tenant_id = $1 AND o.id = s.order_id
        WHERE s.tenant_id = $1 AND s.state = 'PAID' AND o.held = (t.state = 'SUCCEEDED')""",
    "an order that has ended has given back all that was paid for it, once": """
        SELECT o.id, p.paid, r.back, r.times FROM sales_order o
        JOIN group_buy_seat s ON s.tenant_id = $1 AND s.order_id = o.id
        CROSS JOIN LATERAL (SELECT coalesce(sum(amount), 0) AS paid, count(*) AS times FROM payment p
            WHERE p.tenant_id = $1 AND p.order_id = o.id AND p.status = 'CAPTURED') p
        CROSS JOIN LATERAL (SELECT coalesce(sum(amount), 0) AS back, count(*) AS times FROM refund r
            WHERE r.tenant_id = $1 AND r.order_id = o.id) r
        WHERE o.tenant_id = $1 AND (r.times > p.times OR r.back > p.paid
            OR (o.status IN ('CANCELLED', 'REFUNDED') AND r.back <> p.paid))""",
}


async def audit(shop: Shop) -> dict[str, list[dict[str, object]]]:
    """The sentences that do not hold, each with what breaks it; empty when all is well."""
    broken = {}
    async with shop.work(read_only=True) as work:
        for sentence, sql in INVARIANTS.items():
            if rows := await work.fetch(sql):
                broken[sentence] = [dict(row) for row in rows[:3]]
    return broken
