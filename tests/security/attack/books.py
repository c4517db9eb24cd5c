"""Every row of a brand, read past the application: to see whether one has changed, and which words stand in it."""

import re
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from sqlalchemy import String, Table

from core.models import metadata
from tests.tenants.rows import Connection, be_tenant

TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attname = 'tenant_id' ORDER BY 1
"""
PRINT = "SELECT '{0}' AS name, md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) AS sum FROM {0} t WHERE {1}"
MARK = "SELECT '{0}' AS name, count(*) || ' ' || coalesce(sum(xmin::text::bigint), 0) AS sum FROM {0} WHERE {1}"
ROWS = "SELECT t::text AS row FROM {} t WHERE tenant_id = $1"
OBJECTS = "SELECT to_jsonb(t)::text AS row FROM {} t WHERE tenant_id = $1"
COPY = "INSERT INTO {0} SELECT * FROM jsonb_populate_recordset(null::{0}, $1::jsonb)"
REGISTRY = ("tenant", "id = {}")
WORD = re.compile(r"[\w-]{8,}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d)?|\d{1,9}")
FREE_TEXTS = {"name", "name_en", "label", "note", "reason", "address", "city", "description", "placement"}

Sums = Mapping[str, str]  #: by table


class Watch:
    """Sees that no row changes of those who are watched, or none that mentions one of some keys."""

    def __init__(self, owner: Connection, watched: Mapping[str, int], about: Collection[UUID] = ()) -> None:
        self._owner = owner
        self._watched = watched  #: tenants, by what they are called here
        self._mentions = f" AND t::text ~ '{'|'.join(map(str, about))}'" if about else ""
        self._marks: dict[str, Sums] = {name: {} for name in watched}
        self._seen: dict[str, dict[str, str]] = {name: {} for name in watched}

    async def changed(self) -> list[str]:
        """The tables that have changed since it was asked last."""
        found = []
        for name, tenant in self._watched.items():
            async with self._owner.transaction():
                await be_tenant(self._owner, tenant)
                now = await self._stirred(name, await _wheres(self._owner, tenant))
            seen = self._seen[name]
            found += [f"{table} of {name}" for table in now if seen.get(table, now[table]) != now[table]]
            seen.update(now)
        return found

    async def _stirred(self, name: str, wheres: Mapping[str, str]) -> Sums:
        """What the tables say whose rows were written by other transactions than before: to read all takes long."""
        marks, before = await _sums(self._owner, MARK, wheres), self._marks[name]
        self._marks[name] = marks
        stirred = {table: wheres[table] + self._mentions for table in marks if marks[table] != before.get(table)}
        return await _sums(self._owner, PRINT, stirred) if stirred else {}


async def _wheres(owner: Connection, tenant: int) -> dict[str, str]:
    """Every table, and which rows of it are a brand's."""
    wheres = {row["relname"]: f"tenant_id = {tenant:d}" for row in await owner.fetch(TABLES)}
    return wheres | {REGISTRY[0]: REGISTRY[1].format(tenant)}


async def _sums(owner: Connection, query: str, wheres: Mapping[str, str]) -> Sums:
    parts = [query.format(name, where) for name, where in wheres.items()]
    return {row["name"]: row["sum"] for row in await owner.fetch(" UNION ALL ".join(parts))}


async def words(owner: Connection, tenant: int) -> set[str]:
    """Every word with a digit that stands in a row of a brand, dates left out: ids, codes, numbers."""
    found: set[str] = set()
    async with owner.transaction():
        await be_tenant(owner, tenant)
        for table in [row["relname"] for row in await owner.fetch(TABLES)]:
            for row in await owner.fetch(ROWS.format(table), tenant):
                found.update(WORD.findall(row["row"]))
    return {word for word in found if any(map(str.isdecimal, word)) and not MOMENT.fullmatch(word)}


async def words_about(owner: Connection, tenant: int, keys: Collection[UUID]) -> set[str]:
    """The words of a brand's rows that mention one of these keys, as far as they stand in no other row."""
    told: set[str] = set()
    untold: set[str] = set()
    async with owner.transaction():
        await be_tenant(owner, tenant)
        for table in [row["relname"] for row in await owner.fetch(TABLES)]:
            for row in await owner.fetch(ROWS.format(table), tenant):
                (told if any(str(key) in row["row"] for key in keys) else untold).update(WORD.findall(row["row"]))
    return _telling(told - untold)


def _telling(found: set[str]) -> set[str]:
    """Those that stand nowhere by chance: they have a digit, and are no dates."""
    return {word for word in found if any(map(str.isdecimal, word)) and not MOMENT.fullmatch(word)}


async def clone(owner: Connection, tenant: int, twin: int, mark: str) -> None:
    """Make of a brand the twin of another: the very same ids and keys in every table, and other words in its texts."""
    tables = [
        table for table in metadata.sorted_tables if "tenant_id" in table.columns and table.name != "tenant_domain"
    ]
    async with owner.transaction():
        await be_tenant(owner, tenant)
        rows = {table.name: await owner.fetch(OBJECTS.format(table.name), tenant) for table in tables}
        await be_tenant(owner, twin)
        for table in reversed(tables):
            await owner.execute(f"DELETE FROM {table.name} WHERE tenant_id = $1", twin)
        for table in tables:
            copies = [_copy(orjson.loads(row["row"]), twin, _free(table), mark) for row in rows[table.name]]
            await owner.execute(COPY.format(table.name), orjson.dumps(copies).decode())


def _free(table: Table) -> set[str]:
    """The columns in which anything may be written."""
    texts = [column for column in table.columns if isinstance(column.type, String) and column.name in FREE_TEXTS]
    return {column.name for column in texts if not column.primary_key and not column.foreign_keys}


def _copy(row: dict[str, Any], twin: int, free: set[str], mark: str) -> dict[str, Any]:
    texts = {name: f"{row[name]} {mark}" for name in free if isinstance(row[name], str)}
    return row | texts | {"tenant_id": twin}


async def connect(url: str) -> Connection:
    """A connection past the application, whose role sees a tenant's rows once it is bound to it."""
    connection: Connection = await asyncpg.connect(url)
    return connection
