"""Hears what other processes say: tenants that changed, a clock that moved, events that wait."""

import asyncio
from collections.abc import Callable, Mapping

import asyncpg
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

RETRY_SECONDS = 1.0
PULSE_SECONDS = 5.0
PATIENCE = 2.0  #: seconds for an answer to the pulse
log = structlog.get_logger("listener")


class Listener:
    """One connection that LISTENs; when it is lost, everything may have been missed, so `on_gap` runs."""

    def __init__(
        self, engine: AsyncEngine, handlers: Mapping[str, Callable[[str], None]], on_gap: Callable[[], None]
    ) -> None:
        self._engine = engine
        self._handlers = handlers
        self._on_gap = on_gap
        self.listening = asyncio.Event()

    async def run(self) -> None:
        """Listen until cancelled, reconnecting when the server goes away."""
        while True:
            try:
                await self._listen()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("listener lost its connection", error=type(error).__name__)
            await asyncio.sleep(RETRY_SECONDS)

    async def _listen(self) -> None:
        url = self._engine.url
        connection = await asyncpg.connect(
            url.set(drivername="postgresql").render_as_string(hide_password=False), timeout=10
        )
        try:
            ended = asyncio.Event()
            connection.add_termination_listener(lambda _: ended.set())
            for channel, handle in self._handlers.items():
                await connection.add_listener(channel, _forward(handle))
            self._on_gap()
            self.listening.set()
            while not await _within(ended, PULSE_SECONDS):
                await connection.execute("SELECT 1", timeout=PATIENCE)  # a half-open connection is silent otherwise
        finally:
            self.listening.clear()
            await connection.close(timeout=1)


async def _within(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False


def _forward(handle: Callable[[str], None]) -> Callable[..., None]:
    def receive(_connection: object, _pid: int, _channel: str, payload: str) -> None:
        handle(payload)

    return receive
