"""Addresses for providers to call: made once, kept, replaced and taken away."""

from datetime import timedelta
from uuid import UUID

from core import clock
from core.callbacks.rows import EndpointRow
from core.callbacks.rules import CallbackRules
from core.work import Work

KEPT = timedelta(days=2)  #: how long one that was replaced goes on, for what is under way

# Two that ask at once are told the same: the second waits for the first's row, and then reads it.
MAKE = """
INSERT INTO callback_endpoint (tenant_id, id, plugin, route, subject) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant_id, plugin, route, subject) WHERE until IS NULL DO NOTHING
"""
CURRENT = """
SELECT id FROM callback_endpoint
WHERE tenant_id = $1 AND plugin = $2 AND route = $3 AND subject = $4 AND until IS NULL
"""
END = """
UPDATE callback_endpoint SET until = $5
WHERE tenant_id = $1 AND plugin = $2 AND route = $3 AND subject = $4 AND until IS NULL
"""
FORGET = """
DELETE FROM callback_endpoint
WHERE tenant_id = $1 AND plugin = $2 AND route = $3 AND subject = $4 AND until <= app_now()
"""
REMOVE = "DELETE FROM callback_endpoint WHERE tenant_id = $1 AND plugin = $2 AND route = $3 AND subject = $4"
FIND = """
SELECT id, plugin, route, subject FROM callback_endpoint
WHERE tenant_id = $1 AND id = $2 AND (until IS NULL OR until > app_now())
"""


async def endpoint(work: Work, plugin: str, route: str, *, subject: str = "") -> UUID:
    """The address at which a plugin's route is called about a subject; it is made where there is none."""
    key = (plugin, route, subject)
    known: UUID | None = await work.value(CURRENT, *key)
    if known is None:
        await work.execute(MAKE, work.vault.address(), *key)
        known = await work.value(CURRENT, *key)
    assert known is not None, "an address that was just made"
    return known


async def replace(work: Work, plugin: str, route: str, *, subject: str = "", keep: timedelta = KEPT) -> UUID:
    """A new address; the one before it goes on for a while, since providers may hold it."""
    await work.execute(END, plugin, route, subject, clock.now() + keep)
    await work.execute(FORGET, plugin, route, subject)
    return await endpoint(work, plugin, route, subject=subject)


async def remove(work: Work, plugin: str, route: str, *, subject: str = "") -> None:
    """Answer at none of a subject's addresses any more."""
    await work.execute(REMOVE, plugin, route, subject)


async def find(work: Work, address: UUID) -> EndpointRow | None:
    """What an address stands for, if it does for anything still."""
    return await work.row(EndpointRow, FIND, address)


def url(work: Work, plugin: str, address: UUID) -> str:
    """What to tell a provider to call; raises LookupError where nobody has said how this platform is reached."""
    base = work.rules(CallbackRules).public_url
    if not base:
        raise LookupError("providers cannot be told where to call: set HEXMART_PUBLIC_URL")
    return f"{base}/callbacks/{plugin}/{address.hex}"
