"""The timeline of orders."""

from collections.abc import Sequence
from uuid import UUID

from core import clock
from core.actors import Actor
from core.ids import new_id
from core.work import Work

EVENTS = """
INSERT INTO order_event (tenant_id, id, order_id, name, actor, note, at)
SELECT $1, e.id, e.order_id, $5, e.actor, $6, $7
FROM unnest($2::uuid[], $3::uuid[], $4::text[]) AS e(id, order_id, actor)
"""


async def tell(
    work: Work, order_ids: Sequence[UUID], name: str, *, note: str | None = None, actors: Sequence[Actor] | None = None
) -> None:
    """Add a line to the timeline of orders; where others than the Work's actor did it, each its own."""
    if order_ids:
        ids = [new_id() for _ in order_ids]
        labels = [actor.label for actor in actors or [work.actor] * len(order_ids)]
        work.write(EVENTS, ids, list(order_ids), labels, name, note, clock.now())
