"""Faults that are planted in a transaction of the owner's, in which the books are proven too: nothing of it stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import asyncpg

from core import books
from core.actors import system
from core.books import Mended, Proof, Scope
from core.database.tables import APP_ROLE
from core.work import Work
from tenants import Platform, Tenant

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

TABLES = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relrowsecurity
AND relname <> 'audit_entry' ORDER BY 1
"""
#: of every table, since what is planted is what they are there to prevent
CONSTRAINTS = """
SELECT conrelid::regclass::text AS "table", conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace
AND conrelid::regclass::text = any($1::text[]) AND contype::text = any($2::text[])
"""


@dataclass(frozen=True, slots=True)
class _Open:
    """The part of a Transaction that a Work needs which does not commit."""

    driver: Connection


@dataclass(frozen=True, slots=True)
class Bench:
    """A brand's rows, where any of them may be made wrong."""

    platform: Platform
    tenant: Tenant
    owner: Connection

    async def plant(self, statement: str, *tables: str) -> None:
        """Run a statement whose $1 is the tenant past the conditions, and the keys, of these tables."""
        for kinds in (["c", "f"], ["u"]):
            for row in await self.owner.fetch(CONSTRAINTS, list(tables), kinds):
                await self.owner.execute(f'ALTER TABLE {row["table"]} DROP CONSTRAINT "{row["conname"]}" CASCADE')
        changed = await self.owner.execute(statement, self.tenant.id)
        assert int(changed.rsplit(" ", 1)[-1]), f"nothing was planted by {statement}"

    async def prove(self, *scopes: Scope) -> Proof:
        async with self._serving() as work:
            return await books.prove(work, *scopes)

    async def broken(self, *scopes: Scope) -> list[str]:
        return [one.invariant.key for one in (await self.prove(*(scopes or [Scope.BRAND, Scope.UPKEEP]))).breaches]

    async def mend(self) -> Sequence[Mended]:
        async with self._serving() as work:
            found = await books.prove(work, Scope.BRAND)
            return await books.mend(work, found.breaches)

    async def rows(self) -> dict[str, str]:
        """What every table of the brand holds, in a word for each."""
        found = {}
        for table in [row["relname"] for row in await self.owner.fetch(TABLES)]:
            sql = f"SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) FROM {table} t WHERE tenant_id = $1"
            found[table] = await self.owner.fetchval(sql, self.tenant.id)
        return found

    def _serving(self) -> "_Serving":
        return _Serving(self)


@dataclass(slots=True)
class _Serving:
    """The connection in the role that serves the brand, for as long as the block lasts."""

    bench: Bench

    async def __aenter__(self) -> Work:
        owner, tenant = self.bench.owner, self.bench.tenant
        await owner.execute(f"SET LOCAL ROLE {APP_ROLE}; SET LOCAL app.tenant_id = '{tenant.id:d}'")

        async def opening() -> _Open:
            return _Open(owner)

        return self.bench.platform.work(opening, tenant, system("hexmart audit"))  # type: ignore[arg-type]

    async def __aexit__(self, *_: object) -> None:
        await self.bench.owner.execute("RESET ROLE")
