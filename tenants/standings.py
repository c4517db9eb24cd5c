"""Where callers stand: what they may do and whether they still are signed in, remembered until that is written."""

from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from core import identity
from core.actors import Actor, ActorKind, Origin, system
from core.errors import Unauthenticated
from core.identity import Claims
from tenants.changes import WHOLE, Change, Changes
from tenants.registry import Tenant

if TYPE_CHECKING:
    from tenants.platform import Platform

#: tables that decide who may do what; a Work that writes one of them tells every process in its own transaction
DECISIVE = frozenset(
    {"staff", "role", "role_permission", "role_assignment", "region", "store", "ended_session", "partner_app"}
    | {"tenant_plugin"}  # permissions come and go with their plugin
)
LIFETIME = 60.0  #: seconds; nobody tells of what is written by hand
MOST = 100_000  #: of all tenants together; whoever comes after begins the memory anew

Value = TypeVar("Value")
Reading = Callable[[], Awaitable[Value]]


@dataclass(frozen=True, slots=True)
class _Known:
    value: object
    until: float


class Standings:
    """A subscriber of Changes: what it remembers is as new as what was heard, and without hearing it asks anew."""

    def __init__(self, platform: "Platform", changes: Changes) -> None:
        self._platform = platform
        self._changes = changes
        self._known: dict[str, dict[Hashable, _Known]] = {}  #: by tenant
        self._size = self._moment = 0
        changes.subscribe(self)

    async def actor(self, tenant: Tenant, claims: Claims, origin: Origin) -> Actor:
        """Who calls with a token that says this, if their session goes on."""
        if claims.session in await self._remember(tenant, "ended", lambda: self._ended(tenant)):
            raise Unauthenticated(reason="this session was ended: sign in again.")
        if claims.kind == ActorKind.MEMBER:
            return Actor(ActorKind.MEMBER, claims.id, session=claims.session, origin=origin)
        known = await self._remember(tenant, claims, lambda: self._read(tenant, claims))
        return known.coming_from(origin)

    def drop(self, change: Change) -> None:
        """Let go of a tenant's callers when what decides about them was written."""
        if WHOLE in change.tables or not DECISIVE.isdisjoint(change.tables):
            self._moment += 1
            self._size -= len(self._known.pop(change.slug, ()))

    def clear(self) -> None:
        """Let go of everybody."""
        self._moment += 1
        self._known.clear()
        self._size = 0

    async def _remember(self, tenant: Tenant, key: Hashable, reading: Reading[Value]) -> Value:
        known = self._known.get(tenant.slug, {}).get(key)
        if known is not None and known.until > monotonic() and self._changes.hearing():
            return known.value  # type: ignore[return-value]  # a key is always of the same kind of value
        moment, until = self._moment, monotonic() + LIFETIME
        value = await reading()
        # what was read while a change was told of may be older than the change: nobody would tell of it again
        if moment == self._moment:
            self._keep(tenant.slug, key, _Known(value, until))
        return value

    def _keep(self, slug: str, key: Hashable, known: _Known) -> None:
        if self._size >= MOST:
            self.clear()
        of_tenant = self._known.setdefault(slug, {})
        self._size += key not in of_tenant
        of_tenant[key] = known

    async def _ended(self, tenant: Tenant) -> frozenset[object]:
        async with self._platform.open_work(tenant, system("identity"), read_only=True) as work:
            return frozenset(await identity.ended(work))

    async def _read(self, tenant: Tenant, claims: Claims) -> Actor:
        async with self._platform.open_work(tenant, system("identity"), read_only=True) as work:
            return await identity.actor_of(work, claims)
