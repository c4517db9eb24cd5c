"""Turns to ask the database: a few at a time, and tenants one after the other."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """A crowd that follows one brand's orders takes neither all connections nor all turns."""

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._queues: dict[str, deque[asyncio.Future[None]]] = {}  #: by tenant; whose turn is next stands first

    @asynccontextmanager
    async def turn(self, slug: str) -> AsyncIterator[None]:
        """Wait for one, and have it for as long as the block lasts."""
        if self._free:
            self._free -= 1
        else:
            await self._wait(slug)
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, slug: str) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._queues.setdefault(slug, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # it was ours already
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        while self._queues:
            slug, queue = next(iter(self._queues.items()))
            del self._queues[slug]
            turn = queue.popleft()
            if queue:
                self._queues[slug] = queue
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1
