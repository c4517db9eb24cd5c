"""Proving the books: every invariant is asked, in one snapshot."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from core.books.invariant import Invariant, Scope
from core.database import tables_of
from core.work import Work

MOST = 10  #: rows that are shown of what breaks an invariant

# Books are gone through whole, a large brand's too; what requests are planned with would look up row after row.
PLANNED_FOR_THIS_BRAND = """
SELECT set_config('plan_cache_mode', 'force_custom_plan', true) WHERE $1::bigint IS NOT NULL
"""
TENANT_TABLES = """
SELECT relname FROM pg_class WHERE $1::bigint IS NOT NULL AND relnamespace = 'public'::regnamespace
AND relname = any($2::text[]) AND relrowsecurity ORDER BY relname
"""


@dataclass(frozen=True, slots=True)
class Breach:
    """An invariant that does not hold."""

    invariant: Invariant
    count: int  #: rows that break it
    rows: Sequence[Mapping[str, Any]] = ()  #: some of them
    failed: str | None = None  #: why it could not be asked


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of asking."""

    asked: Sequence[Invariant]
    rows: int  #: that the tables hold which were read
    breaches: Sequence[Breach]


async def prove(work: Work, *scopes: Scope) -> Proof:
    """Ask every invariant of these scopes; the Work only reads, so that it sees one moment."""
    await work.fetch(PLANNED_FOR_THIS_BRAND)
    asked = [one for one in work.hooks.invariants if one.scope in scopes]
    found = [await _ask(work, one) for one in asked]
    return Proof(asked, await _rows(work, asked), [breach for breach in found if breach is not None])


async def _ask(work: Work, invariant: Invariant) -> Breach | None:
    """One that cannot be asked (a table is missing) keeps no other from being asked."""
    try:
        async with work.savepoint():
            rows = await work.fetch(_some_of(invariant.broken))
    except asyncpg.PostgresError as error:
        return Breach(invariant, 0, failed=type(error).__name__)
    if not rows:
        return None
    shown = [{name: value for name, value in row.items() if name != "how_many"} for row in rows]
    return Breach(invariant, rows[0]["how_many"], shown)


def _some_of(broken: str) -> str:
    return f"SELECT count(*) OVER () AS how_many, b.* FROM ({broken}) AS b LIMIT {MOST}"


async def _rows(work: Work, asked: Iterable[Invariant]) -> int:
    """How much the brand has of what was read: a proof about nothing is none."""
    read = {table for one in asked for table in tables_of(one.broken).read}
    tables = [row["relname"] for row in await work.fetch(TENANT_TABLES, sorted(read))]
    if not tables:
        return 0
    counts = (f"(SELECT count(*) FROM {table} WHERE tenant_id = $1)" for table in tables)
    return int(await work.value(f"SELECT {' + '.join(counts)}"))
