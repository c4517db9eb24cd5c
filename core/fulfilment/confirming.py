"""Deliveries of which nobody has said that they arrived: after some days they have, unless there was trouble."""

from core import orders
from core.fulfilment.advancing import take
from core.fulfilment.events import DeliveryUnconfirmed
from core.fulfilment.machine import UNCONFIRMED
from core.fulfilment.queries import of_orders
from core.orders.machine import STANDS
from core.work import Work

SWEEP = 200  #: parts told of in one transaction
TROUBLE = "delivery_trouble"  #: in the timeline: staff were told to look, and say themselves how it ended

IS_DUE = """
SELECT 1 FROM fulfilment
WHERE tenant_id = $1 AND status = 'DISPATCHED' AND complete_by IS NOT NULL AND complete_by <= (SELECT app_now())
"""
DUE = """
UPDATE fulfilment SET complete_by = NULL WHERE tenant_id = $1 AND id = any(ARRAY(
    SELECT id FROM fulfilment
    WHERE tenant_id = $1 AND status = 'DISPATCHED' AND complete_by IS NOT NULL AND complete_by <= (SELECT app_now())
    ORDER BY complete_by LIMIT $2 FOR UPDATE SKIP LOCKED
)) RETURNING id, order_id, store_id
"""


async def find_unconfirmed(work: Work) -> int:
    """Tell of a batch of deliveries whose time is over; returns how many."""
    found = await work.fetch(DUE, SWEEP)
    for row in found:
        work.emit(DeliveryUnconfirmed(fulfilment_id=row["id"], order_id=row["order_id"], store_id=row["store_id"]))
    return len(found)


async def complete(work: Work, event: DeliveryUnconfirmed) -> None:
    """Nobody has said otherwise: the order is complete, unless it is somewhere else by now."""
    order = await orders.lock(work, event.order_id)
    found = (await of_orders(work, [event.order_id]))[0]
    part = next((one for one in found if one.id == event.fulfilment_id), None)
    timeline = (await orders.timeline_of(work, [event.order_id]))[0]
    if order is None or part is None or any(told.name == TROUBLE for told in timeline):
        return
    if part.status in UNCONFIRMED.after and order.status == STANDS[part.status]:
        await take(work, order, found, part, UNCONFIRMED, note="nobody has said otherwise")
