"""The timeline of orders."""

from collections.abc import Sequence
from uuid import UUID

from core import clock
from core.ids import new_id
from core.work import Work

EVENTS = """
INSERT INTO order_event (tenant_id, id, order_id, name, actor, note, at)
SELECT $1, e.id, e.order_id, $4, $5, $6, $7 FROM unnest($2::uuid[], $3::uuid[]) AS e(id, order_id)
"""


async def tell(work: Work, order_ids: Sequence[UUID], name: str, *, note: str | None = None) -> None:
    """Add a line to the timeline of orders."""
    if order_ids:
        ids = [new_id() for _ in order_ids]
        await work.execute(EVENTS, ids, list(order_ids), name, work.actor.label, note, clock.now())
