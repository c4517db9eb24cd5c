"""Work: one transaction for one tenant and one actor, handed to everything that touches data."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from uuid import UUID

import asyncpg
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.util import await_only

from core import events
from core.actors import Actor
from core.database import Tables, TenantScoped, Transaction, Write, Writes, tables_of
from core.events import Event, EventStorm
from core.extensions import Settings, acting_plugin, check_writes, refuse_plugins
from core.rules import RuleBook
from core.vault import Vault

if TYPE_CHECKING:
    from core.hookset import HookSet

Row = TypeVar("Row")
Chosen = TypeVar("Chosen", bound=Settings)
MOST_EVENTS = 1_000  #: of one plugin in one transaction, and of core: none takes another's
Opening = Callable[[], Awaitable[Transaction]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotas:
    """How many a brand may have; None is as many as it likes."""

    stores: int | None = None
    staff: int | None = None
    orders_per_day: int | None = None


class Brand(Protocol):
    """What the business needs to know of the tenant it works for."""

    @property
    def id(self) -> int: ...
    @property
    def slug(self) -> str: ...
    @property
    def currency(self) -> str: ...
    @property
    def time_zone(self) -> str: ...
    @property
    def locale(self) -> str: ...
    @property
    def token_generation(self) -> int: ...
    @property
    def quotas(self) -> Quotas: ...
    @property
    def settings(self) -> Mapping[type[Settings], Settings]: ...  # of the plugins that it has on


class Work:
    """A transaction bound to a tenant; reads by SQL whose $1 is that tenant, writes by SQL or the ORM."""

    def __init__(
        self,
        transaction: Transaction | Opening,
        *,
        brand: Brand,
        actor: Actor,
        language: str,
        rules: RuleBook,
        hooks: "HookSet",
        vault: Vault,
    ) -> None:
        self.brand = brand
        self.language = language  #: what names and descriptions are read in, where the brand gave a translation
        self.actor = actor
        self.rules = rules
        self.hooks = hooks
        self.vault = vault
        self.read_tables: set[str] = set()  #: that its statements have named so far
        self.written_tables: set[str] = set()
        self._transaction = transaction if isinstance(transaction, Transaction) else None
        self._opening = transaction  #: how to begin at the first statement, unless it was begun already
        self._session: AsyncSession | None = None
        self._writes = Writes()  #: that wait for the next statement
        self._emitted: list[Event] = []
        self._tellers: list[str | None] = []  #: the plugin that tells of each; None: core
        self._savepoints: list[bool] = []  #: that are open, the innermost last: whether it was sent
        self._turn = asyncio.Lock()  # asyncpg refuses two queries at once; sibling loaders wait here
        self._over = False

    @property
    def tenant_id(self) -> int:
        return self.brand.id

    def settings(self, kind: type[Chosen]) -> Chosen:
        """What the brand has set for a plugin that it has on; what it has not set stands at its default."""
        found = self.brand.settings.get(kind)
        if found is None:
            raise LookupError(f"{kind.__name__} belongs to no plugin that {self.brand.slug} has on")
        return found  # type: ignore[return-value]  # keyed by its own type

    async def fetch(self, sql: str, *arguments: Any) -> list["asyncpg.Record"]:
        """Run a statement and return its records; $1 in it is the tenant."""
        self._note(sql)
        async with self._turn:
            return await (await self._driver()).fetch(sql, self.tenant_id, *arguments)

    async def rows(self, kind: Callable[..., Row], sql: str, *arguments: Any) -> list[Row]:
        """Run a statement and make an object of each record, column by column."""
        return [kind(*record) for record in await self.fetch(sql, *arguments)]

    async def row(self, kind: Callable[..., Row], sql: str, *arguments: Any) -> Row | None:
        """The first of rows(), or None."""
        found = await self.rows(kind, sql, *arguments)
        return found[0] if found else None

    async def value(self, sql: str, *arguments: Any) -> Any:
        """The first column of the first record, or None."""
        self._note(sql)
        async with self._turn:
            return await (await self._driver()).fetchval(sql, self.tenant_id, *arguments)

    async def execute(self, sql: str, *arguments: Any) -> int:
        """Run a statement that returns nothing and say how many rows it touched."""
        self._note(sql)
        async with self._turn:
            status = await (await self._driver()).execute(sql, self.tenant_id, *arguments)
        return int(status.rsplit(" ", 1)[-1])

    def write(self, sql: str, *arguments: Any, rows: int | None = None, otherwise: Exception | None = None) -> None:
        """Have an INSERT, UPDATE or DELETE run before the next statement or the commit, with others in one message.

        For what is not asked about any more. `otherwise` is raised there, where it touches another number of rows.
        """
        if self._over:
            raise RuntimeError("this Work is over")
        self._writes.add(Write(sql, arguments, rows, otherwise), self._note(sql))

    def _note(self, sql: str) -> Tables:
        """Record the tables that a statement reads and writes, whatever comes of it."""
        tables = tables_of(sql)
        if tables.written:
            check_writes(tables.written)
        self.read_tables |= tables.read
        self.written_tables |= tables.written
        return tables

    async def _driver(self) -> "asyncpg.Connection[asyncpg.Record]":
        """The connection, in its transaction; called in turn, so that only one statement begins it."""
        if self._over:  # a loader may outlive the request that was cancelled; its connection is somebody else's now
            raise RuntimeError("this Work is over")
        if self._transaction is None:
            assert not isinstance(self._opening, Transaction)
            self._transaction = await self._opening()
        driver = self._transaction.driver
        wanted = [f"SAVEPOINT s{depth}" for depth, sent in enumerate(self._savepoints) if not sent]
        if wanted:
            await driver.execute("; ".join(wanted))
            self._savepoints = [True] * len(self._savepoints)
        await self._writes.send(driver, self.tenant_id)
        return driver

    async def _send_writes(self) -> None:
        if self._writes:
            async with self._turn:
                await self._driver()

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """What fails inside leaves nothing, and the transaction goes on; one in which nothing is run costs nothing."""
        await self._send_writes()
        depth, emitted = len(self._savepoints), len(self._emitted)
        self._savepoints.append(False)
        try:
            yield
            await self._send_writes()
        except BaseException:
            self._writes.drop()
            del self._emitted[emitted:], self._tellers[emitted:]
            await self._leave(depth, f"ROLLBACK TO SAVEPOINT s{depth}")
            raise
        await self._leave(depth, f"RELEASE SAVEPOINT s{depth}")

    async def _leave(self, depth: int, sql: str) -> None:
        sent = self._savepoints[depth]
        del self._savepoints[depth:]
        if sent and self._transaction is not None:
            async with self._turn:
                await self._transaction.driver.execute(sql)

    @property
    def session(self) -> AsyncSession:
        """The ORM over the same transaction, for writes of core that are not hot."""
        refuse_plugins()
        assert self._transaction is not None, "a Work that writes was begun by whoever opened it"
        if not all(self._savepoints):
            raise RuntimeError("inside a savepoint write by SQL: the ORM would write before it")
        if self._session is None:
            connection = self._transaction.connection
            # not after_flush: what is executed past the unit of work, update(...) or text, has to be seen as well
            event.listen(connection.sync_connection, "before_cursor_execute", self._note_cursor)
            self._session = AsyncSession(bind=connection, expire_on_commit=False)
        return self._session

    def _note_cursor(self, _connection: object, _cursor: object, sql: str, *_: object) -> None:
        assert self._transaction is not None, "the ORM without a transaction"
        await_only(self._writes.send(self._transaction.driver, self.tenant_id))
        self._note(sql)

    def add(self, *instances: TenantScoped) -> None:
        """Hand new rows of this tenant to the ORM."""
        for instance in instances:
            instance.tenant_id = self.tenant_id
        self.session.add_all(instances)

    def emit(self, event: Event) -> None:
        """Record a fact; it is delivered if and only if this transaction commits."""
        plugin = acting_plugin()
        if len(self._tellers) >= MOST_EVENTS and self._tellers.count(plugin) >= MOST_EVENTS:
            raise EventStorm(f"{plugin or 'core'} tells of more than {MOST_EVENTS} events in one transaction")
        self._emitted.append(event)
        self._tellers.append(plugin)

    async def flush(self) -> None:
        """Send what the ORM holds back, so that `written_tables` is whole."""
        if self._session is not None:
            await self._session.flush()

    async def commit(self) -> None:
        """End the transaction well. Called by whoever opened the Work, and by nobody else."""
        await self.flush()
        if self._emitted:
            events.append(self, self._emitted)
        await self._send_writes()
        async with self._turn:
            self._over = True
            if self._transaction is not None:
                await self._transaction.commit()

    @property
    def committing(self) -> bool:
        """Whether COMMIT was sent; it may have come to pass even where its answer was lost."""
        return self._over

    @property
    def cut_off(self) -> bool:
        """Whether its connection is gone, and the transaction with it."""
        return self._transaction is not None and self._transaction.driver.is_closed()

    @property
    def emitted(self) -> bool:
        """Whether this Work has recorded facts."""
        return bool(self._emitted)

    @property
    def followed(self) -> set[UUID]:
        """The orders and inboxes that its facts are about: whoever follows one of them is told."""
        named = [getattr(event, name, None) for event in self._emitted for name in ("order_id", "inbox_id")]
        return {key for key in named if isinstance(key, UUID)}


#: opens a transaction, for what must not happen inside of one
Works = Callable[[], AbstractAsyncContextManager[Work]]


def place_of(table: str, column: str, row_id: UUID) -> str:
    """Where a sealed value stands; it opens nowhere else."""
    return f"{table}.{column}:{row_id}"
