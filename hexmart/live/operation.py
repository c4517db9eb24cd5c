"""One operation that came over a connection that stays: answered once, or followed."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

import structlog
from structlog.contextvars import get_contextvars

from core.errors import DomainError, NotFound, RateLimited
from core.orders import TooLongAway, Topic
from core.orders.following import MOST
from hexmart.live.caller import Caller
from hexmart.live.marks import Mark
from hexmart.requests import Asked
from hexmart.trusting import document_of
from schema.context import Info
from schema.engine import GraphQLRequest, NotFollowed, internal, refused
from tenants.bulletin import milliseconds

if TYPE_CHECKING:
    from hexmart.live.live import Live

REST = 0.1  #: seconds between two rounds: what is told of an order meanwhile is one result
RETRY = 1.0  #: seconds after which to ask again what could not be answered
STALLED = 60.0  #: seconds in which somebody has to take a result; else they are let go
INTERNAL = "INTERNAL"
log = structlog.get_logger("live")


class Outlet(Protocol):
    """Where results go; each call returns when there is room for another."""

    async def followed(self) -> None: ...
    async def next(self, response: dict[str, Any]) -> None: ...
    async def refuse(self, errors: list[dict[str, Any]]) -> None: ...
    async def complete(self) -> None: ...


class Operation:
    """Holds an order's id for what it still has to tell, and neither result nor transaction while nobody takes them."""

    __slots__ = (
        "_asked", "_caller", "_live", "_outlet", "_over", "_read_only", "_running", "_seen", "_since", "_tasks",
        "_waiting", "began", "slug", "topic",
    )  # fmt: skip

    def __init__(
        self, live: "Live", caller: Caller, asked: Asked, outlet: Outlet, since: Mark | None, *, read_only: bool = False
    ) -> None:
        self.slug = ""
        self.topic: Topic | None = None
        self.began = milliseconds()
        self._live = live
        self._caller = caller
        self._asked = asked
        self._outlet = outlet
        self._since = since
        self._read_only = read_only
        self._seen = since.digest if since is not None else ""
        self._waiting: dict[UUID, int] = {}  #: orders to be told of, and since when
        self._tasks: set[asyncio.Task[None]] = set()
        self._running = self._over = False

    def begin(self) -> None:
        """Find out what is asked, and answer it, or follow it."""
        self._spawn(self._begin())

    def tell(self, order_id: UUID, at: int) -> None:
        """Something was told of an order; the result will be of the moment when there is room for it."""
        if self._over:
            return
        self._waiting.setdefault(order_id, at)
        if len(self._waiting) > MOST:
            self.lose(TooLongAway())
        elif not self._running:
            self._running = True
            self._spawn(self._run())

    def lose(self, error: DomainError) -> None:
        """Have it end, and say why."""
        if not self._over:
            self.stop()
            self._spawn(self._end({"data": None, "errors": [refused(error)]}))

    def stop(self) -> None:
        """End without a word."""
        self._over = True
        self._waiting.clear()
        self._live.following.discard(self)
        for task in self._tasks:
            task.cancel()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _begin(self) -> None:
        try:
            info = await self._caller.info()
            self.slug = info.tenant.slug
            request = await self._request(info)
            self.topic = await self._live.engine.follow(request, info)
            if self.topic is not None:
                self._live.following.add(self)
                await self._catch_up(self.topic)
                return
            response = await self._live.engine.execute(replace(request, counted=True), await self._caller.info())
        except NotFollowed as refusal:
            await self._refuse(refusal.errors)
        except DomainError as refusal:
            await self._refuse([refused(refusal)])
        except Exception:
            log.exception("an operation failed")
            await self._refuse([internal(str(get_contextvars().get("request_id", "")))])
        else:
            await self._end(response)

    async def _request(self, info: Info) -> GraphQLRequest:
        asked, document = self._asked, await document_of(self._asked, info)
        return GraphQLRequest(document, asked.variables, asked.operation_name, self._read_only, live=True)

    async def _catch_up(self, topic: Topic) -> None:
        """Begin with what an order or an inbox is now, or with the orders of a store that were missed."""
        if topic.one is not None:
            self.tell(topic.one, milliseconds())
        elif self._since is not None:
            for order_id in await self._live.following.missed(self.slug, topic, self._since.moment):
                self.tell(order_id, milliseconds())
        if not self._running:
            await self._send(self._outlet.followed())

    async def _run(self) -> None:
        try:
            while self._waiting:
                until = monotonic() + REST
                for order_id in list(self._waiting):
                    if (since := self._waiting.pop(order_id, None)) is not None:  # unless it is over
                        await self._show(order_id, since)
                await asyncio.sleep(until - monotonic())
        finally:
            self._running = False

    async def _show(self, order_id: UUID, since: int) -> None:
        """Read an order, and tell what it is; what could not be read just now is read again later."""
        at = milliseconds()
        try:
            async with self._live.turns.turn(self.slug):
                response = await self._execute(order_id)
        except DomainError as refusal:
            response = {"data": None, "errors": [refused(refusal)]}
        except Exception as error:  # noqa: BLE001 - the database is away, say: what it is must be told all the same
            log.warning("a change has to wait", error=type(error).__name__)
            response = {"data": None, "errors": [refused(RateLimited())]}
        code = response["errors"][0]["extensions"]["code"] if response["data"] is None else None
        if code == RateLimited.code:
            self._waiting.setdefault(order_id, since)
            await asyncio.sleep(RETRY)
        elif code == NotFound.code and self._follows_store:
            return  # it is another store's now
        elif code is not None and code != INTERNAL:  # it is not for them any more
            await self._end(response)
        else:
            await self._next(response, Mark.of(at, response["data"]), since)

    @property
    def _follows_store(self) -> bool:
        return self.topic is not None and self.topic.store_id is not None

    async def _execute(self, order_id: UUID) -> dict[str, Any]:
        info = await self._caller.info()
        info.changed = order_id
        return await self._live.engine.execute(replace(await self._request(info), counted=True), info)

    async def _next(self, response: dict[str, Any], mark: Mark, since: int) -> None:
        if not self._follows_store and mark.digest == self._seen:
            return  # they have seen it
        self._seen = mark.digest
        response.setdefault("extensions", {})["eventId"] = str(mark)
        await self._send(self._outlet.next(response))
        self._live.told(milliseconds() - since)

    async def _refuse(self, errors: list[dict[str, Any]]) -> None:
        self._leave()
        await self._send(self._outlet.refuse(errors))

    async def _end(self, last: dict[str, Any]) -> None:
        """Tell the last result, and that it was the last."""
        self._leave()
        await self._send(self._outlet.next(last))
        await self._send(self._outlet.complete())

    def _leave(self) -> None:
        self._over = True
        self._waiting.clear()
        self._live.following.discard(self)

    async def _send(self, sending: Coroutine[Any, Any, None]) -> None:
        with suppress(OSError):  # they have gone, which the connection will notice
            await sending
