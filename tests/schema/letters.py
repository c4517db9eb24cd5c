"""Deliveries that have failed for good, for tests that have no time to let them fail."""

from uuid import UUID

from core.actors import system
from core.ids import new_id
from schema.relay import global_id
from tenants import Platform, Tenant

ADD_EVENT = """
INSERT INTO outbox (tenant_id, id, name, payload, actor, at, dispatched_at)
VALUES ($1, $2, $3, jsonb_build_object('mark', $4::text), 'system:test', app_now(), app_now())
"""
ADD_DEAD = """
INSERT INTO delivery (tenant_id, event_id, subscriber, plugin, id, attempts, due_at, dead_at, error)
VALUES ($1, $2, $3, $4, $5, 10, app_now(), app_now(), $6)
"""


async def add_dead(
    platform: Platform,
    tenant: Tenant,
    *,
    event: str = "orders.OrderPaid",
    plugin: str | None = "gift_wrap",
    subscriber: str = "gift_wrap.wrapping.wrap",
    mark: str = "a mark",
) -> UUID:
    """One dead letter; returns its key."""
    fact, key = new_id(), new_id()
    async with platform.open_work(tenant, system("test")) as work:
        await work.execute(ADD_EVENT, fact, event, mark)
        await work.execute(ADD_DEAD, fact, subscriber, plugin, key, "builtins.ValueError")
    return key


def letter_id(key: UUID) -> str:
    """Its id as the API gives it."""
    return global_id("DeadLetter", key)
