"""Who is at the other end of a connection that stays: asked again for everything that is told to them."""

import os
from collections.abc import Mapping

from structlog.contextvars import bind_contextvars

from core import identity
from core.errors import BadRequest, DomainError
from hexmart.callers import Callers, Headers
from schema.context import Info
from tenants import TenantSuspended

_KEPT = (b"host", b"x-tenant", b"authorization", b"accept-language")  #: all that says who calls whom


class Caller:
    """What somebody has said of themselves when they came."""

    __slots__ = ("_address", "_callers", "_headers")

    def __init__(self, callers: Callers, headers: Headers, address: str) -> None:
        self._callers = callers
        self._headers = {name: headers[name] for name in _KEPT if name in headers}
        self._address = address

    async def info(self) -> Info:
        """What travels with one more request of theirs, with what they may do now."""
        request_id = os.urandom(16).hex()
        bind_contextvars(request_id=request_id)
        return await self._callers.info(self._headers, request_id, self._address)

    async def refusal(self) -> DomainError | None:
        """Why they are not let in any more, if so; who only asks too much may stay."""
        try:
            tenant = await self._callers.standing(self._headers)
        except DomainError as refused:
            return refused
        return TenantSuspended(name=tenant.name) if tenant.suspended else None

    def seconds_left(self) -> float | None:
        """How long their token lasts; None for who has none."""
        token = self._headers.get(b"authorization", b"").partition(b" ")[2].strip()
        return max(identity.seconds_left(token.decode()), 0) if token else None


def introduced(headers: Headers, said: Mapping[str, object]) -> Headers:
    """Headers, with those that a browser cannot send with a WebSocket and says in its first message instead."""
    found = dict(headers)
    for name, value in said.items():
        key = name.lower().encode()
        if key not in _KEPT[1:]:
            continue
        if not isinstance(value, str) or not value.isascii():
            raise BadRequest(reason=f"{name} is a text.")
        if found.get(key, value.encode()) != value.encode() and key != b"accept-language":
            raise BadRequest(reason=f"{name} is said twice, and not the same.")
        found[key] = value.encode()
    return found
