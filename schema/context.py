"""What travels with one request through its resolvers."""

import asyncio
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass, field

from core.actors import Actor
from core.errors import Busy, RateLimited
from core.work import Work
from tenants import Platform, Tenant


@dataclass(slots=True)
class Info:
    """The request: who asks which brand, in which language; and its one read transaction."""

    platform: Platform
    tenant: Tenant
    viewer: Actor
    language: str
    request_id: str
    loaders: dict[object, object] = field(default_factory=dict)
    _work: Work | None = None
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock)  # sibling loaders ask for it at the same time
    _open: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def work(self) -> Work:
        """The read Work of this operation; resolvers find it open."""
        assert self._work is not None, "a resolver ran outside the executor"
        return self._work

    async def reading(self) -> Work:
        """Open the read Work at its first use: a snapshot for the whole operation."""
        async with self._opening:
            if self._work is None:
                entered = self.platform.open_work(self.tenant, self.viewer, language=self.language, read_only=True)
                try:
                    self._work = await self._open.enter_async_context(entered)
                except Busy as error:
                    raise RateLimited from error
            return self._work

    def writing(self) -> AbstractAsyncContextManager[Work]:
        """A transaction of its own, for a mutation."""
        return self.platform.open_work(self.tenant, self.viewer, language=self.language)

    async def close(self) -> None:
        """End the read transaction; the response is encoded after it."""
        await self._open.aclose()
        self._work = None
