"""What a statement reads and writes is found in its text; PostgreSQL's own locks say the same."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, text, update
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from core.actors import system
from core.books.proving import PLANNED_FOR_THIS_BRAND
from core.catalog.models import Variant
from core.database import Transaction, tables_of
from core.database.statements import LONGEST_KEPT, _known
from core.ids import new_id
from core.models import metadata
from core.pricing import prices
from core.stores.models import Region
from core.work import Work
from hexmart.databases import Databases
from hexmart.testing import Client, World
from tenants import Platform, doorbell
from tests.architecture.source import files, functions, name_of, parsed
from tests.architecture.test_statements import FOLDERS, INSERT, REFERENCE, constants, pieces, tenant_tables
from tests.schema.shop import act, buy_delivered

ACTOR = system("test")
STATEMENT = re.compile(r"\s*(WITH|SELECT|INSERT|UPDATE|DELETE|MERGE)\s(?!\{)")
NAMES_NO_TABLE = {
    doorbell.NOTIFY,
    PLANNED_FOR_THIS_BRAND,
    "SELECT pg_notify($2, $3) WHERE $1::bigint IS NOT NULL",
}
#: read by migrations, and to prove what the database promises
CATALOGUE = {
    *("pg_attrdef", "pg_attribute", "pg_class", "pg_constraint", "pg_extension", "pg_index", "pg_namespace"),
    *("pg_policies", "pg_proc", "pg_rewrite", "pg_roles", "pg_trigger"),
}
LOCKS = """
SELECT c.relname, l.mode = 'RowExclusiveLock' AS written FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
WHERE l.pid = pg_backend_pid() AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
AND l.mode IN ('AccessShareLock', 'RowExclusiveLock')
"""
#: what would read or write behind a statement's back
HIDDEN = """
SELECT tgname::text FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT relname FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace
UNION ALL SELECT rulename FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
UNION ALL SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    AND p.proname NOT IN ('current_tenant', 'app_now')
"""


@pytest.mark.parametrize(
    ("sql", "read", "written"),
    [
        ("SELECT 1 FROM cart c JOIN store s ON s.id = c.store_id", "cart store", ""),
        (
            "SELECT key FROM a, b x, (SELECT 1 FROM c, d WHERE e IN (f, g)) y, h JOIN i ON true, j",
            "a b c d h i j",
            "",
        ),
        ("SELECT 1 FROM unnest($1, $2) AS u(x, y) CROSS JOIN LATERAL (SELECT 1 FROM cart) l, store", "cart store", ""),
        ("SELECT 1 FROM ONLY public.cart, ONLY (store)", "cart store", ""),
        ('SELECT 1 FROM "Cart" WHERE a IS DISTINCT FROM b', "Cart", ""),
        ("SELECT 1 FROM cart FOR UPDATE", "cart", ""),
        ("SELECT 1 FROM cart c FOR NO KEY UPDATE OF c SKIP LOCKED", "cart", ""),
        ("SELECT (SELECT 1 FROM cart), 2 UNION SELECT 1 FROM store", "cart store", ""),
        ("SELECT 'FROM a' /* FROM b */ -- FROM c\nFROM $t$ FROM d $t$ cart", "cart", ""),
        ("INSERT INTO cart (id, store_id) SELECT 1, 2 FROM store", "store", "cart"),
        ("INSERT INTO cart(id) VALUES (1) ON CONFLICT (id, a) DO UPDATE SET a = 1, b = 2", "", "cart"),
        ("UPDATE cart c SET a = s.key, b = 1 FROM store s, region WHERE c.id = s.id", "region store", "cart"),
        ("DELETE FROM ONLY cart USING store, region WHERE true", "region store", "cart"),
        ("WITH m AS (UPDATE cart SET a = 1 RETURNING id, a) INSERT INTO store SELECT * FROM m", "m", "cart store"),
        ("WITH m AS (DELETE FROM cart RETURNING id) SELECT id FROM m, region", "m region", "cart"),
        ("MERGE INTO cart c USING store s ON true WHEN MATCHED THEN UPDATE SET a = 1", "store", "cart"),
        ("TRUNCATE TABLE cart, store", "", "cart store"),
        ("SELECT 1 FROM cart c JOIN store s USING (id), region", "cart region store", ""),
        ("DELETE FROM cart USING (SELECT id FROM store) s WHERE true", "store", "cart"),
        ("DISCARD PLANS", "", ""),
        (") SELECT 1 FROM cart", "cart", ""),
        (f"SELECT {'a, ' * LONGEST_KEPT} a FROM cart", "cart", ""),
    ],
)
def test_tables_are_found_wherever_they_may_stand(sql: str, read: str, written: str) -> None:
    found = tables_of(sql)
    assert (found.read, found.written) == (frozenset(read.split()), frozenset(written.split()))


def unknown(sql: str) -> list[str]:
    """Names that stand for a table and are none's: neither a table's nor a CTE's."""
    tables = set(metadata.tables) | CATALOGUE
    names = sorted(tables_of(sql).read | tables_of(sql).written)
    return [name for name in names if name not in tables and not re.search(rf"\b{name} AS (MATERIALIZED )?\(", sql)]


def missed(sql: str) -> list[str]:
    """Tables that another way of reading finds."""
    found, tables = tables_of(sql), tenant_tables()
    read = [name for name, _ in REFERENCE.findall(sql) if name in tables]
    written = [name for name, _ in INSERT.findall(sql) if name in tables]
    return [name for name in read if name not in found.read | found.written] + [
        name for name in written if name not in found.written
    ]


@pytest.mark.parametrize("path", files(*FOLDERS), ids=name_of)
def test_every_statement_of_ours_names_known_tables(path: Path) -> None:
    whole = [one for one in constants(path) if STATEMENT.match(one) and one not in NAMES_NO_TABLE]
    parts = [piece for function in functions(parsed(path)) for piece in pieces(function)]
    assert not [sql for sql in whole if not any(tables_of(sql))]
    assert not {sql: unknown(sql) for sql in whole if unknown(sql)}
    assert not {sql: missed(sql) for sql in [*whole, *parts] if missed(sql)}


def test_an_unknown_and_a_missed_table_would_be_found() -> None:
    assert unknown("SELECT 1 FROM cartt JOIN store ON true") == ["cartt"]
    assert missed("SELECT 1 /* hidden */ FROM '' cart") == []
    assert missed("INSERT INTO\ncart (tenant_id) SELECT 1 FROM store") == []
    assert missed("SELECT 'FROM cart'") == ["cart"]


async def hidden(databases: Databases, planted: str = "SELECT 1") -> list[str]:
    """Triggers, views, rules and functions that do more than their name in a statement tells; nothing planted stays."""

    def look(connection: Connection) -> list[str]:
        connection.execute(text(planted))
        return list(connection.scalars(text(HIDDEN)))

    engine = create_async_engine(databases.owner, poolclass=NullPool)
    async with engine.connect() as connection:
        found = await connection.run_sync(look)
    await engine.dispose()
    return found


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("planted", "names"),
    [
        ("SELECT 1", []),
        ("CREATE VIEW all_carts AS SELECT * FROM cart", ["all_carts"]),
        ("CREATE FUNCTION touch() RETURNS void LANGUAGE sql AS 'UPDATE cart SET version = 2'", ["touch"]),
        ("CREATE RULE quiet AS ON DELETE TO cart DO INSTEAD NOTHING", ["quiet"]),
    ],
)
async def test_nothing_reads_or_writes_behind_a_statements_back(
    databases: Databases, planted: str, names: list[str]
) -> None:
    assert await hidden(databases, planted) == names


@pytest.mark.anyio
@pytest.mark.parametrize("way", ["sql", "flush", "at the commit", "update", "delete", "text"])
async def test_a_work_knows_what_it_has_written_in_whatever_way(platform: Platform, world: World, way: str) -> None:
    ways: dict[str, Callable[[Work], Awaitable[object]]] = {
        "sql": lambda work: work.execute("UPDATE region SET name = name WHERE tenant_id = $1"),
        "flush": lambda work: work.session.flush(),
        "at the commit": lambda work: work.value("SELECT $1::bigint"),
        "update": lambda work: work.session.execute(update(Region).values(name="x")),
        "delete": lambda work: work.session.execute(delete(Region)),
        "text": lambda work: work.session.execute(text("UPDATE region SET name = 'x'")),
    }
    async with platform.open_work(world.tenant, ACTOR) as work:
        if way in {"flush", "at the commit"}:
            work.add(*[Region(id=new_id(), name=name) for name in ("a", "b")])
        await ways[way](work)
        assert work.written_tables == (set() if way == "at the commit" else {"region"})
    assert work.written_tables == {"region"}


@pytest.mark.anyio
async def test_a_work_knows_what_it_has_read(platform: Platform, world: World) -> None:
    async with platform.open_work(world.tenant, ACTOR, read_only=True) as work:
        await prices(work, None, list(world.variant_keys.values()))
        assert (work.read_tables, work.written_tables) == ({"variant", "shelf"}, set())
        await work.session.get(Variant, (world.tenant.id, world.variant_keys["BREAD"]))
        await work.session.get(Region, (world.tenant.id, new_id()))
    assert (work.read_tables, work.written_tables) == ({"variant", "shelf", "region"}, set())


@pytest.mark.anyio
async def test_postgresql_locks_no_table_that_a_work_does_not_know_of(
    client: Client, world: World, run_worker: Callable[[], Awaitable[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[set[str], set[str], set[str], set[str]]] = []
    commit = Work.commit

    async def compare(work: Work) -> None:
        if work._session is not None:
            await work._session.flush()
        if isinstance(work._transaction, Transaction):
            locks = await work._transaction.driver.fetch(LOCKS)
            written = {row["relname"] for row in locks if row["written"]}
            touched = {row["relname"] for row in locks}
            seen.append((written, work.written_tables.copy(), touched, work.read_tables | work.written_tables))
        await commit(work)

    monkeypatch.setattr(Work, "commit", compare)
    order = await buy_delivered(await client.member("13800000001"), world)
    clerk, courier = await client.staff(world.email("clerk")), await client.staff(world.email("courier"))
    for who, step in ((clerk, "orderAccept"), (clerk, "orderReady"), (courier, "orderDispatch")):
        await act(who, step, order)
    await run_worker()
    assert not [one for one in seen if not one[0] <= one[1] or not one[2] <= one[3]]
    assert len(set.union(*(one[0] for one in seen))) > 12
    assert len(set.union(*(one[2] for one in seen))) > 20


def test_a_statement_is_read_once_however_often_it_is_sent() -> None:
    sql = f"SELECT 1 FROM cart /* {new_id()} */"
    before = _known.cache_info().misses
    assert all(tables_of(sql) is tables_of(sql) for _ in range(1_000))
    assert _known.cache_info().misses == before + 1
