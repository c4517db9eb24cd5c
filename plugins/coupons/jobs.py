"""What time asks of coupons."""

from core import clock
from core.jobs.sweeping import BATCH
from core.work import Work

# By a value, and not by app_now(): under row-level security that would read all that is not over yet as well.
EXPIRE = """
UPDATE coupons_coupon SET state = 'EXPIRED' WHERE tenant_id = $1 AND id = any(ARRAY(
    SELECT id FROM coupons_coupon WHERE tenant_id = $1 AND state IN ('UNUSED', 'GIVEN') AND gift_taken_at IS NULL
    AND valid_until < $2 ORDER BY valid_until LIMIT $3 FOR UPDATE SKIP LOCKED
))
"""


async def expire_coupons(work: Work) -> int:
    """Write down of a batch of coupons that their time is over; returns of how many."""
    return await work.execute(EXPIRE, clock.now(), BATCH)
