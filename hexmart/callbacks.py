"""POST /callbacks/{plugin}/{address}: a provider calls, and the plugin that the address was made for answers."""

import re
from collections import Counter
from uuid import UUID

import structlog
from fastapi import Request, Response
from starlette.exceptions import HTTPException
from structlog.contextvars import bind_contextvars

from core import callbacks
from core.actors import system
from core.callbacks import Callback, CallbackRoute, EndpointRow, Reply
from core.extensions import Nonsense
from hexmart.worker.care import OutOfTime, Part, in_time
from tenants import Platform, Tenant

WITHIN = 2.0  #: seconds for an answer; providers give up after five
UNKNOWN = "unknown"
_ADDRESS = re.compile(r"[0-9a-f]{32}")
_ACTOR = system("callbacks")
log = structlog.get_logger("callbacks")


class Callbacks:
    """Answers for every brand and plugin, and counts what came of it."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self.tally: Counter[tuple[str, str]] = Counter()  #: by plugin and outcome

    async def answer(self, request: Request, plugin: str, address: str) -> Response:
        """What the plugin says; whose address it is not, whose plugin is off or whose brand rests, is told the same."""
        found = await self._find(plugin, address)
        if found is None:
            self.tally[UNKNOWN, UNKNOWN] += 1
            raise HTTPException(404)
        tenant, endpoint, route = found
        bind_contextvars(tenant=tenant.slug)
        reply = await self._ask(plugin, route, await self._read(request, tenant, endpoint))
        return Response(reply.body, reply.status, media_type=reply.media_type)

    async def _find(self, plugin: str, address: str) -> tuple[Tenant, EndpointRow, CallbackRoute] | None:
        if not _ADDRESS.fullmatch(address):
            return None
        tenant = await self._platform.owner_of(UUID(address))
        if tenant is None or plugin not in tenant.plugins:  # one that is suspended has none
            return None
        async with self._platform.open_work(tenant, _ACTOR, read_only=True) as work:
            endpoint = await callbacks.find(work, UUID(address))
        if endpoint is None or endpoint.plugin != plugin:
            return None
        route = self._platform.hooks(tenant.plugins).callbacks.get((plugin, endpoint.route))
        return None if route is None else (tenant, endpoint, route)

    async def _read(self, request: Request, tenant: Tenant, endpoint: EndpointRow) -> Callback:
        return Callback(
            endpoint=endpoint.id,
            subject=endpoint.subject,
            body=await request.body(),  # the door holds it to a length and a time
            headers={name: ", ".join(request.headers.getlist(name)) for name in request.headers},
            query=request.url.query,
            works=self._platform.works(tenant, _ACTOR),
        )

    async def _ask(self, plugin: str, route: CallbackRoute, callback: Callback) -> Reply:
        try:
            reply = await in_time(Part(route.name, plugin, plugin), WITHIN, route.handle, callback)
            if not isinstance(reply, Reply):
                raise Nonsense("Reply is wanted")
        except Exception as error:  # a plugin may fail in any way, and whoever calls is told none of it
            outcome = "late" if isinstance(error, OutOfTime) else "failed"
            self.tally[plugin, outcome] += 1
            log.warning("a callback failed", plugin=plugin, route=route.name, outcome=outcome, exc_info=error)
            return Reply(500)
        self.tally[plugin, "answered"] += 1
        return reply
