"""What every plugin promises, as tests that its own take over.

`from hexmart.testing.contract import *` in a module that says of which plugin: `PLUGIN = "gift_wrap"`.
"""

from collections.abc import AsyncIterator
from functools import cache

import pytest
from alembic import command
from graphql import parse, print_ast
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from core.database.tables import APP_ROLE
from hexmart.databases import Databases
from hexmart.migrating import history_of, remove
from hexmart.migrating.comparing import faults as faults_of_tables
from hexmart.plugins import Installed, discover, plugin_manager, surface
from schema.compose import ComposedSchema
from schema.contributions import faults
from schema.snapshot import printed_of

__all__ = [
    "owner",
    "plugin",
    "test_its_invariants_are_asked_and_find_nothing_in_an_empty_brand",
    "test_its_migrations_can_be_taken_back_and_run_again",
    "test_its_migrations_make_what_its_models_say",
    "test_its_names_descriptions_and_costs_are_as_they_have_to_be",
    "test_its_part_of_the_schema_is_the_printed_one",
    "test_its_tables_show_a_brand_no_other_brands_rows",
    "test_its_tables_take_no_row_for_another_brand",
]
HERE, ELSEWHERE = 1_000_001, 1_000_002  #: brands that are nobody's
#: values that a column of a type takes; what refers to something else is left out of the planting
PLANTED = {"bool": "f", "date": "today", "inet": "127.0.0.1", "interval": "1 s", "jsonb": "{}", "timestamptz": "now"}
NUMBERS = {"int2", "int4", "int8", "float4", "float8", "numeric"}

COLUMNS = """
SELECT c.relname AS table, a.attname AS column, t.typname AS type FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND starts_with(c.relname, :prefix)
ORDER BY c.relname, a.attnum
"""
CONSTRAINTS = """
SELECT conname FROM pg_constraint WHERE conrelid = CAST(:table AS regclass) AND contype IN ('c', 'f')
"""
Columns = dict[str, str]  #: types by name


@pytest.fixture
def plugin(request: pytest.FixtureRequest) -> Installed:
    """The plugin that the module says it is about."""
    name = getattr(request.module, "PLUGIN", None)
    found = {one.name: one for one in discover()}
    assert name in found, f"PLUGIN says which plugin is meant: {name!r} is not one of {sorted(found)}"
    return found[name]


@pytest.fixture
async def owner(databases: Databases) -> AsyncIterator[AsyncConnection]:
    """A connection of the database's owner, in a transaction of which nothing stays."""
    engine = create_async_engine(databases.owner, poolclass=NullPool)
    async with engine.connect() as connection:
        transaction = await connection.begin()
        yield connection
        await transaction.rollback()
    await engine.dispose()


def test_its_names_descriptions_and_costs_are_as_they_have_to_be(plugin: Installed) -> None:
    assert list(faults(_whole().graphql.type_map, plugin.plugin)) == []


def test_its_part_of_the_schema_is_the_printed_one(plugin: Installed) -> None:
    brought = printed_of(_whole(), plugin.name)
    snapshot = plugin.folder / "schema.graphql"
    kept = snapshot.read_text(encoding="utf-8") if snapshot.exists() else ""
    said = f"look at what has changed, then: hexmart plugin schema {plugin.name} > {snapshot}"
    assert _definitions(brought) == _definitions(kept), said


async def test_its_migrations_make_what_its_models_say(plugin: Installed, owner: AsyncConnection) -> None:
    assert await owner.run_sync(lambda connection: list(faults_of_tables(connection, plugin))) == []


async def test_its_migrations_can_be_taken_back_and_run_again(plugin: Installed, owner: AsyncConnection) -> None:
    history = history_of(plugin)
    if history is None:
        return
    before = await _tables(owner, plugin)

    def run_again(connection: Connection) -> None:
        command.upgrade(history.config(connection), "head")

    await owner.run_sync(lambda connection: remove(connection, history))
    assert await _tables(owner, plugin) == {}
    await owner.run_sync(run_again)
    assert await _tables(owner, plugin) == before


async def test_its_tables_show_a_brand_no_other_brands_rows(plugin: Installed, owner: AsyncConnection) -> None:
    for table, columns in (await _tables(owner, plugin)).items():
        await _unbind(owner, table)
        await _become(owner, HERE)
        await owner.execute(text(_planting(table, columns)), {"tenant": HERE})
        for tenant, rows in ((HERE, 1), (ELSEWHERE, 0)):
            await _become(owner, tenant)
            found = await owner.scalar(text(f"SELECT count(*) FROM {table}"))
            assert found == rows, f"{table}: {rows} of a brand's rows are to be seen, and {found} were"
        await owner.execute(text("RESET ROLE"))


async def test_its_tables_take_no_row_for_another_brand(plugin: Installed, owner: AsyncConnection) -> None:
    for table, columns in (await _tables(owner, plugin)).items():
        await _become(owner, HERE)
        with pytest.raises(Exception, match="row-level security policy"):
            async with owner.begin_nested():
                await owner.execute(text(_planting(table, columns)), {"tenant": ELSEWHERE})
        await owner.execute(text("RESET ROLE"))


async def test_its_invariants_are_asked_and_find_nothing_in_an_empty_brand(
    plugin: Installed, owner: AsyncConnection
) -> None:
    await _become(owner, HERE)
    for one in getattr(plugin.module, "register_invariants", list)():
        assert one.key.startswith(f"{plugin.name}."), f"{one.key} has to begin with {plugin.name}."
        broken = (await owner.exec_driver_sql(one.broken, (HERE,))).all()
        assert broken == [], f"{one.key} is broken although there is nothing: {broken}"
        if one.mending is not None:
            held = await owner.exec_driver_sql(one.mending.lock, (HERE,))
            changed = await owner.exec_driver_sql(one.mending.change, (HERE, *[[]] * len(held.keys())))
            assert changed.rowcount == 0, f"what mends {one.key} changes rows that it was not given"


@cache
def _whole() -> ComposedSchema:
    """The schema with every plugin in it; made at all, it has found nothing wrong with any."""
    return surface(plugin_manager())


def _definitions(printed: str) -> list[str]:
    """What is defined, in any order."""
    return sorted(print_ast(one) for one in parse(printed).definitions) if printed.strip() else []


async def _tables(owner: AsyncConnection, plugin: Installed) -> dict[str, Columns]:
    """The plugin's tables with their columns, as the database has them."""
    found: dict[str, Columns] = {}
    for table, column, kind in await owner.execute(text(COLUMNS), {"prefix": f"{plugin.name}_"}):
        found.setdefault(table, {})[column] = kind
    return found


async def _unbind(owner: AsyncConnection, table: str) -> None:
    """Let the table take any row, until the transaction is over."""
    for name in (await owner.scalars(text(CONSTRAINTS), {"table": table})).all():
        await owner.execute(text(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"'))


async def _become(owner: AsyncConnection, tenant: int) -> None:
    """Serve a brand, as a process of Hexmart does."""
    await owner.execute(text(f"SET LOCAL ROLE {APP_ROLE}"))
    await owner.execute(text(f"SET LOCAL app.tenant_id = '{tenant}'"))


def _planting(table: str, columns: Columns) -> str:
    """A statement that adds a row of anything to a table."""
    values = {name: _value(kind) for name, kind in columns.items()} | {"tenant_id": ":tenant"}
    return f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(values.values())})"


def _value(kind: str) -> str:
    if kind == "uuid":
        return "gen_random_uuid()"
    if kind in NUMBERS:
        return "1"
    return "'{}'" if kind.startswith("_") else f"'{PLANTED.get(kind, 'x')}'"
