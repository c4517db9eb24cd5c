"""The registry: tenants as immutable snapshots, read as `platform` and renewed when they change."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from core import clock
from core.database import begin
from core.extensions import Settings
from core.rulebook import stored
from core.rules import Schedule
from core.work import Quotas
from tenants.changes import WHOLE, Change
from tenants.choices import Choices, Chosen
from tenants.errors import TenantUnknown
from tenants.memory import Memory
from tenants.plans import STANDARD, plan_of

RULING = frozenset({WHOLE, "rule_version", "store"})  #: tables that a snapshot has its rules from
MOST_TENANTS = 10_000
MOST_DOCUMENTS = 1_000  #: of all tenants together
PLATFORM_SLUG = "platform"  #: the operator's own tenant; it sells nothing
CHANNEL = "hexmart_tenants"  #: NOTIFY with a slug: whoever holds a snapshot of it must read it again

BY_SLUG = """
SELECT id, slug, name, currency, time_zone, locale, status, trusted_only, plan, token_generation, previous_token_until
FROM tenant WHERE slug = $1
"""
BY_ID = "SELECT slug FROM tenant WHERE id = $1"
BY_HOST = "SELECT t.slug FROM tenant_domain d JOIN tenant t ON t.id = d.tenant_id WHERE d.host = $1"
ACTIVE = "SELECT slug FROM tenant WHERE status = 'ACTIVE' ORDER BY id"
PLUGINS = "SELECT name, enabled, settings::text FROM tenant_plugin WHERE tenant_id = $1"
ORIGINS = "SELECT origin FROM tenant_origin WHERE tenant_id = $1"
Judge = Callable[[int, Iterable[Chosen]], Choices]  #: what comes of the rows of a tenant


@dataclass(frozen=True, slots=True)
class Tenant:
    """A brand as it stood when it was last read."""

    id: int
    slug: str
    name: str
    currency: str  #: ISO 4217
    time_zone: str  #: IANA
    locale: str  #: BCP 47
    status: str
    plugins: frozenset[str] = frozenset()  #: that are on; none where the brand is suspended
    settings: Mapping[type[Settings], Settings] = field(default_factory=dict, compare=False, repr=False)
    trusted_only: bool = False  #: whether it answers to registered documents alone
    plan: str = STANDARD
    origins: frozenset[str] = frozenset()  #: of its web shops
    token_generation: int = 1  #: of the key that signs
    previous_token_until: datetime | None = None  #: until when the key before it is good as well
    decided: Schedule = field(default_factory=Schedule, compare=False, repr=False)  #: of the rules

    @property
    def suspended(self) -> bool:
        return self.status == "SUSPENDED"

    @property
    def quotas(self) -> Quotas:
        """How many of everything its plan allows."""
        return plan_of(self.plan).quotas

    @property
    def token_generations(self) -> list[int]:
        """Of the keys whose tokens are good now."""
        until = self.previous_token_until
        previous = until is not None and until > clock.now()
        return [self.token_generation, *([self.token_generation - 1] if previous else [])]


class Registry:
    """Tenants by slug and by host; a snapshot is kept until somebody says that it changed."""

    def __init__(self, engine: AsyncEngine, judge: Judge) -> None:
        self._engine = engine
        self._judge = judge
        self._tenants = Memory[Tenant](MOST_TENANTS)
        self.documents = Memory[str | None](MOST_DOCUMENTS)  #: trusted ones by slug and id
        self._hosts: dict[str, str] = {}
        self._slugs: dict[int, str] = {}  #: none ever has another

    async def by_slug(self, slug: str) -> Tenant:
        """The tenant of that slug, suspended or not."""
        return self._tenants.find((slug,)) or await self._tenants.fill((slug,), self._read(slug))

    async def by_host(self, host: str) -> Tenant | None:
        """The tenant that a host name of its own belongs to, if any."""
        if host not in self._hosts:
            async with begin(self._engine, tenant_id=0, clock_offset=0, read_only=True) as transaction:
                slug = await transaction.driver.fetchval(BY_HOST, host)
            if slug is None:
                return None
            self._hosts[host] = slug
        return await self.by_slug(self._hosts[host])

    async def by_id(self, tenant_id: int) -> Tenant | None:
        """The tenant of that number, if there is one."""
        if tenant_id not in self._slugs:
            async with begin(self._engine, tenant_id=0, clock_offset=0, read_only=True) as transaction:
                slug = await transaction.driver.fetchval(BY_ID, tenant_id)
            if slug is None:
                return None
            self._slugs[tenant_id] = slug
        return await self.by_slug(self._slugs[tenant_id])

    async def active(self) -> list[Tenant]:
        """Every tenant whose timers and events are to be run."""
        async with begin(self._engine, tenant_id=0, clock_offset=0, read_only=True) as transaction:
            slugs = [row["slug"] for row in await transaction.driver.fetch(ACTIVE)]
        return [await self.by_slug(slug) for slug in slugs]

    def forget(self, slug: str) -> None:
        """Drop a snapshot and documents, so that the next request reads the tenant anew."""
        self._tenants.forget(slug)
        self.documents.forget(slug)
        self._hosts = {host: known for host, known in self._hosts.items() if known != slug}

    def drop(self, change: Change) -> None:
        """Drop a snapshot whose rules were set, or whose stores may have moved to where other rules hold."""
        if not change.tables.isdisjoint(RULING):
            self.forget(change.slug)

    def clear(self) -> None:
        """Drop everything; something may have changed unheard."""
        self._tenants.forget_all()
        self.documents.forget_all()
        self._hosts.clear()

    async def _read(self, slug: str) -> Tenant:
        async with begin(self._engine, tenant_id=0, clock_offset=0, read_only=True) as transaction:
            found = await transaction.driver.fetchrow(BY_SLUG, slug)
        if found is None:
            raise TenantUnknown(name=slug)
        rows, origins, decided = await self._chosen(found["id"])
        chosen = self._judge(found["id"], rows) if found["status"] == "ACTIVE" else Choices()
        return Tenant(**found, plugins=chosen.plugins, settings=chosen.settings, origins=origins, decided=decided)

    async def _chosen(self, tenant_id: int) -> tuple[list[Chosen], frozenset[str], Schedule]:
        """What a tenant has in tables of its own: its plugins, its origins and its rules."""
        async with begin(self._engine, tenant_id=tenant_id, clock_offset=0, read_only=True) as transaction:
            plugins = [Chosen(**row) for row in await transaction.driver.fetch(PLUGINS, tenant_id)]
            origins = await transaction.driver.fetch(ORIGINS, tenant_id)
            decided = await stored(lambda sql, *given: transaction.driver.fetch(sql, tenant_id, *given))
        return plugins, frozenset(row["origin"] for row in origins), decided
