"""What must hold of teams and seats whenever everything that has happened was delivered."""

from plugins.group_buy.tests.shop import Shop
from tests.faults.audit import audit as prove

#: what `payments.kept` says of every order, here of those of groups with the number of times
GIVEN_BACK = """
SELECT o.id, p.paid, r.back, r.times FROM sales_order o
JOIN group_buy_seat s ON s.tenant_id = $1 AND s.order_id = o.id
CROSS JOIN LATERAL (SELECT coalesce(sum(amount), 0) AS paid, count(*) AS times FROM payment p
    WHERE p.tenant_id = $1 AND p.order_id = o.id AND p.status = 'CAPTURED') p
CROSS JOIN LATERAL (SELECT coalesce(sum(amount), 0) AS back, count(*) AS times FROM refund r
    WHERE r.tenant_id = $1 AND r.order_id = o.id) r
WHERE o.tenant_id = $1 AND (r.times > p.times OR r.back > p.paid
    OR (o.status IN ('CANCELLED', 'REFUNDED') AND r.back <> p.paid))
"""


async def audit(shop: Shop) -> dict[str, list[dict[str, object]]]:
    """What does not hold, each with what breaks it; empty when all is well."""
    broken = await prove(shop.platform, shop.world.tenant)
    async with shop.work(read_only=True) as work:
        if rows := await work.fetch(GIVEN_BACK):
            broken["given back"] = [dict(row) for row in rows[:3]]
    return broken
