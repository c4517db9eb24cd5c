"""What one process holds: engines, registry, plugins, secret; and the one maker of Works."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from functools import lru_cache
from uuid import UUID

import asyncpg
import pluggy
import structlog
from joserfc.jwk import OKPKey
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine

from core import clock, identity
from core.actors import Actor
from core.database import Transaction, begin
from core.errors import Busy, RateLimited
from core.extensions import Breakers
from core.hookset import HookSet
from core.identity import Claims, IdentityRules
from core.rules import RuleBook, Rules
from core.vault import Vault, owner_of
from core.work import Opening, Work, Works
from tenants.batches import Bounds
from tenants.bulletin import Bulletin
from tenants.changes import CHANNEL as CHANGES
from tenants.changes import WHOLE, Changes
from tenants.checkouts import Checkouts
from tenants.choices import Choices, Chosen, choices
from tenants.doorbell import Doorbell, notify
from tenants.installed import installed
from tenants.registry import CHANNEL as TENANTS
from tenants.registry import Registry, Tenant
from tenants.scans import Scans
from tenants.standings import DECISIVE, Standings
from tenants.throttle import Guard, Throttle

ANNOUNCE = "SELECT pg_notify($2, $3) WHERE $1::bigint IS NOT NULL"
RULES = "rule_version"  #: any answer may be made by them: who sets one tells that the whole brand has changed
log = structlog.get_logger("plugins")


class Platform:
    """Made once a process by the shell and handed to whatever opens Works."""

    def __init__(
        self,
        *,
        app: AsyncEngine,
        platform: AsyncEngine,
        plugins: pluggy.PluginManager,
        secret: bytes,
        rules: Mapping[type[Rules], Rules] | None = None,
        first_plugins: frozenset[str] = frozenset(),
        throttle: Throttle | None = None,
        checkout: Bounds | None = None,
        scan: Bounds | None = None,
    ) -> None:
        self.app = app
        self.platform = platform
        self.plugins = plugins  #: core's domains and whatever is installed
        self.breakers = Breakers()
        self.first_plugins = first_plugins  #: what a new tenant starts with
        self.registry = Registry(platform, self._judge)
        self.doorbell = Doorbell(platform)
        self.changes = Changes(self.doorbell)
        self.changes.subscribe(self.registry)
        self.bulletin = Bulletin(self.doorbell)
        self.standings = Standings(self, self.changes)
        self.throttle = throttle or Throttle()
        self.checkouts = Checkouts(self.open_work, checkout or Bounds())
        self.scans = Scans(self.open_work, scan or Bounds())
        self.rules = RuleBook(rules)  #: what holds where a brand has decided nothing
        self.vault = lru_cache(maxsize=4096)(lambda tenant_id: Vault(secret, tenant_id))
        self._secret = secret
        self.hooks = lru_cache(maxsize=4096)(lambda enabled: HookSet(plugins, enabled, self.breakers))

    def _judge(self, tenant_id: int, rows: Iterable[Chosen]) -> Choices:
        """What comes of the plugins that a tenant has chosen."""
        judged = choices(installed(self.plugins), self.vault(tenant_id), rows)
        if judged.off:
            log.warning("plugins are off that were switched on", tenant=tenant_id, plugins=judged.off)
        return judged

    async def owner_of(self, address: UUID) -> Tenant | None:
        """The tenant that an address was made for, suspended or not."""
        tenant_id = owner_of(self._secret, address)
        return None if tenant_id is None else await self.registry.by_id(tenant_id)

    def works(self, tenant: Tenant, actor: Actor) -> Works:
        """A maker of Works for one tenant and actor, for code that needs several."""
        return lambda: self.open_work(tenant, actor)

    @asynccontextmanager
    async def open_work(
        self, tenant: Tenant, actor: Actor, *, language: str | None = None, read_only: bool = False
    ) -> AsyncIterator[Work]:
        """One transaction: it commits when the block ends well, and leaves nothing when it does not."""
        work: Work | None = None
        announced = False
        try:
            async with self._begin(tenant, read_only=read_only) as transaction:
                work = self.work(transaction, tenant, actor, language=language)
                yield work
                announced = await self._announce(work)
                await work.commit()
        finally:  # a COMMIT that was cancelled may have come to pass; it has or has not once the connection is back
            if work is not None and work.committing:
                self._tell(work, announced=announced)

    async def _announce(self, work: Work) -> bool:
        """What decides about access is told by the transaction itself: it cannot commit and nobody hear of it."""
        await work.flush()
        if DECISIVE.isdisjoint(work.written_tables) and RULES not in work.written_tables:
            return False
        with suppress(asyncpg.InFailedSQLTransactionError):  # which the commit will say
            await work.value(ANNOUNCE, CHANGES, self.changes.announcement(work.brand.slug, _told(work)))
        return True

    def _tell(self, work: Work, *, announced: bool) -> None:
        """Say what a Work has written and what events it leaves."""
        if work.written_tables:
            self.changes.wrote(work.brand.slug, _told(work), announced=announced)
        if work.emitted:
            self.doorbell.ring(work.brand.slug)
        if followed := work.followed:
            self.bulletin.tell(work.brand.slug, followed)

    @asynccontextmanager
    async def _begin(self, tenant: Tenant, *, read_only: bool) -> AsyncIterator[Transaction]:
        async with AsyncExitStack() as stack:
            opened = begin(self.app, tenant_id=tenant.id, clock_offset=clock.offset_seconds(), read_only=read_only)
            try:
                transaction = await stack.enter_async_context(opened)
            except PoolTimeout as error:  # every connection was lent out for too long
                raise Busy from error
            yield transaction

    def reading(self, stack: AsyncExitStack, tenant: Tenant, actor: Actor, *, language: str | None = None) -> Work:
        """A Work that reads: one snapshot from its first statement on, until the stack is closed."""

        async def opening() -> Transaction:
            try:
                return await stack.enter_async_context(self._begin(tenant, read_only=True))
            except Busy as error:  # a reader has no userErrors to be told in
                raise RateLimited from error

        return self.work(opening, tenant, actor, language=language)

    def work(
        self, transaction: Transaction | Opening, tenant: Tenant, actor: Actor, *, language: str | None = None
    ) -> Work:
        """A Work over a transaction that is bound to the tenant, or will be."""
        return Work(
            transaction,
            brand=tenant,
            actor=actor,
            language=language or tenant.locale,
            rules=self.rules_of(tenant),
            hooks=self.hooks(tenant.plugins),
            vault=self.vault(tenant.id),
        )

    def rules_of(self, tenant: Tenant) -> RuleBook:
        """The rules in force at a brand now."""
        return tenant.decided.over(self.rules, clock.now())

    def attempt(
        self, tenant: Tenant, address: str, guard: Guard, subject: str = ""
    ) -> AbstractAsyncContextManager[None]:
        """Do the block as one attempt at what is guarded; raises RateLimited where there were too many.

        The subject is what is guessed at (an e-mail address, a phone, a client's id), the address where from.
        """
        known = self.vault(tenant.id).index(subject.strip().casefold(), guard.name).hex() if subject else ""
        return self.throttle.attempt(tenant, address, guard, known)

    def token_keys(self, tenant: Tenant) -> dict[str, OKPKey]:
        """The keys whose tokens a brand takes, by their `kid`."""
        return {str(number): self.vault(tenant.id).token_key(number) for number in tenant.token_generations}

    def claims_of(self, tenant: Tenant, token: str) -> Claims:
        """What an access token says that is good at a brand now; raises Unauthenticated."""
        longest = self.rules_of(tenant)(IdentityRules).access_minutes
        return identity.verify(token, self.token_keys(tenant), tenant.slug, longest)

    async def tell_changed(self, slug: str) -> None:
        """Have this process and every other read the tenant anew, and give no answer of what it was."""
        self.registry.forget(slug)
        self.changes.tenant_changed(slug)
        await notify(self.platform, TENANTS, slug)

    async def close(self) -> None:
        """Give back every connection."""
        await self.checkouts.close()
        await self.scans.close()
        await self.doorbell.close()
        await self.throttle.close()
        await self.app.dispose()
        await self.platform.dispose()


def _told(work: Work) -> frozenset[str]:
    """What is told of a Work that has written."""
    more = {WHOLE} if RULES in work.written_tables else set()
    return frozenset(work.written_tables | more)
