"""Stores that have not accepted in time: a sweep tells of them, and each order is looked at in its own transaction."""

from core.fulfilment.events import AcceptanceLapsed
from core.work import Work

SWEEP = 200  #: parts told of in one transaction

IS_DUE = """
SELECT 1 FROM fulfilment
WHERE tenant_id = $1 AND status = 'WAITING' AND NOT lapsed AND accept_by <= (SELECT app_now())
"""
DUE = """
UPDATE fulfilment SET lapsed = true WHERE tenant_id = $1 AND id = any(ARRAY(
    SELECT id FROM fulfilment
    WHERE tenant_id = $1 AND status = 'WAITING' AND NOT lapsed AND accept_by <= (SELECT app_now())
    ORDER BY accept_by LIMIT $2 FOR UPDATE SKIP LOCKED
)) RETURNING id, order_id, store_id
"""


async def find_lapsed(work: Work) -> int:
    """Tell of a batch of parts that were not accepted in time; returns how many."""
    lapsed = await work.fetch(DUE, SWEEP)
    for row in lapsed:
        work.emit(AcceptanceLapsed(fulfilment_id=row["id"], order_id=row["order_id"], store_id=row["store_id"]))
    return len(lapsed)
