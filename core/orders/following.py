"""Following orders: what was told of them since a moment, which is what somebody missed who was away."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from core import clock
from core.errors import Forbidden, NotFound
from core.ids import first_id, made_at
from core.orders.errors import TooLongAway
from core.orders.permissions import READ
from core.work import Work

KEPT = timedelta(hours=1)  #: how long somebody may have been away
MOST = 500  #: facts that are told to them then
OVERLAP = timedelta(seconds=30)  #: ids are made before the commit: a fact may be older than one that was seen

TOLD = """
SELECT e.id, o.id, array_prepend(o.store_id, o.also_at) FROM outbox e
JOIN sales_order o ON o.tenant_id = $1 AND o.id = CASE
    WHEN e.payload->>'order_id' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN (e.payload->>'order_id')::uuid END
WHERE e.tenant_id = $1 AND e.id >= $2 AND ($3::uuid IS NULL OR o.store_id = $3 OR $3 = any(o.also_at))
ORDER BY e.id LIMIT $4
"""
STORES = "SELECT id, store_id, also_at FROM sales_order WHERE tenant_id = $1 AND id = any($2::uuid[])"
STORE = "SELECT 1 FROM store WHERE tenant_id = $1 AND id = $2"


class Topic(NamedTuple):
    """What somebody follows: one order, every order of a store, or a member's inbox."""

    order_id: UUID | None = None
    store_id: UUID | None = None
    member_id: UUID | None = None

    @property
    def one(self) -> UUID | None:
        """The one thing that it is about; of that its state is told, and not what was missed."""
        return self.order_id or self.member_id


class Told(NamedTuple):
    """That something was told of an order."""

    event_id: UUID
    order_id: UUID
    store_ids: Sequence[UUID]

    @property
    def at(self) -> datetime:
        """When, or shortly before."""
        return made_at(self.event_id)


async def told_since(work: Work, moment: datetime, *, store_id: UUID | None = None, most: int = MOST) -> list[Told]:
    """What was told of orders since a moment, or shortly before, oldest first; raises TooLongAway."""
    if moment < clock.now() - KEPT:
        raise TooLongAway
    rows = await work.rows(Told, TOLD, first_id(moment - OVERLAP), store_id, most + 1)
    if len(rows) > most:
        raise TooLongAway
    return rows


async def stores_of(work: Work, order_ids: Collection[UUID]) -> Mapping[UUID, Sequence[UUID]]:
    """The stores that carry out each order that there is."""
    rows = await work.fetch(STORES, list(order_ids))
    return {row["id"]: [row["store_id"], *(row["also_at"] or ())] for row in rows}


async def require_store(work: Work, store_id: UUID | None) -> UUID:
    """A store whose orders the actor may see."""
    if store_id is None or await work.value(STORE, store_id) is None:
        raise NotFound(what="store", path=("storeId",))
    if not work.actor.may(READ.name, store_id):
        raise Forbidden(permission=READ.name)
    return store_id
