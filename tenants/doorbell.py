"""Tells every process that something has happened to a tenant: one NOTIFY for many, in no business transaction."""

import asyncio

import asyncpg
import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from core.database import LOST, send

CHANNEL = "hexmart_outbox"  #: NOTIFY with the slug of a tenant that has events
REST = 0.03  #: seconds between two NOTIFYs: under load one of them tells of many
RETRY_SECONDS = 1.0
PATIENCE = 5.0  #: seconds that the last ring may take when the process ends

#: a notification outlives no crash: its commit need not wait for the disk
NOTIFY = """
SELECT set_config('synchronous_commit', 'off', true), pg_notify(n.channel, n.payload)
FROM unnest($1::text[], $2::text[]) AS n(channel, payload)
"""
log = structlog.get_logger("doorbell")


class Doorbell:
    """Rings for tenants; who rings while a NOTIFY is under way is told with the next one."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self.waiting: dict[tuple[str, str], str] = {}  #: payload by channel and tenant
        self._ringing: asyncio.Task[None] | None = None

    def ring(self, slug: str, *, channel: str = CHANNEL, payload: str | None = None) -> None:
        """Say what has happened to the tenant, instead of what still waits to be said of it there."""
        self.waiting[channel, slug] = payload or slug
        if self._ringing is None or self._ringing.done():
            self._ringing = asyncio.create_task(self._notify())

    async def close(self) -> None:
        """Wait for the last ring."""
        if self._ringing is not None:
            await asyncio.wait({self._ringing}, timeout=PATIENCE)
            self._ringing.cancel()

    async def _notify(self) -> None:
        while self.waiting:
            said, self.waiting = self.waiting, {}
            await self._say([(channel, payload) for (channel, _), payload in said.items()])
            await asyncio.sleep(REST)

    async def _say(self, said: list[tuple[str, str]]) -> None:
        """Tell; while the database is away, it waits."""
        while True:
            try:
                return await _send(self._engine, said)
            except (*LOST, asyncpg.PostgresError, SQLAlchemyError) as error:
                log.warning("a notification has to wait", error=type(error).__name__)
            await asyncio.sleep(RETRY_SECONDS)


async def notify(engine: AsyncEngine, channel: str, *payloads: str) -> None:
    """Send notifications, in a statement that is its own transaction."""
    await _send(engine, [(channel, payload) for payload in payloads])


async def _send(engine: AsyncEngine, said: list[tuple[str, str]]) -> None:
    await send(engine, NOTIFY, [channel for channel, _ in said], [payload for _, payload in said])
