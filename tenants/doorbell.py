"""Tells the workers of every process that a tenant has events: one NOTIFY for many, in no business transaction."""

import asyncio

from sqlalchemy.ext.asyncio import AsyncEngine

CHANNEL = "hexmart_outbox"  #: NOTIFY with a tenant's slug


class Doorbell:
    """Rings for tenants; who rings while a NOTIFY is under way is told with the next one."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._waiting: set[str] = set()
        self._ringing: asyncio.Task[None] | None = None

    def ring(self, slug: str) -> None:
        """Say that the tenant has new events."""
        self._waiting.add(slug)
        if self._ringing is None or self._ringing.done():
            self._ringing = asyncio.create_task(self._notify())

    async def close(self) -> None:
        """Wait for the last ring."""
        if self._ringing is not None:
            await self._ringing

    async def _notify(self) -> None:
        while self._waiting:
            slugs, self._waiting = self._waiting, set()
            await notify(self._engine, CHANNEL, *sorted(slugs))


async def notify(engine: AsyncEngine, channel: str, *payloads: str) -> None:
    """Send notifications, in a statement that is its own transaction."""
    async with engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        await driver.execute("SELECT pg_notify($1, p) FROM unnest($2::text[]) p", channel, list(payloads))
