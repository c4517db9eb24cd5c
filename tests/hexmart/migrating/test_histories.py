"""Each history is its own: core's goes on alone, and no plugin's touches what is another's."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from core.models import metadata
from hexmart.migrating import CORE, History, history_of, migrate, version_tables
from hexmart.migrating.catalog import others
from hexmart.migrating.comparing import differences
from hexmart.migrating.running import in_turn, remove
from hexmart.plugins import PluginsBroken
from tests.architecture.source import ROOT
from tests.hexmart.migrating.conftest import Install, look
from tests.hexmart.migrating.parcel import FIRST, LABEL, parcel, script

pytestmark = pytest.mark.anyio
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
HEAD = CORE.head


def tables(connection: Connection) -> set[str]:
    return set(connection.scalars(text(TABLES)))


async def test_alembic_alone_migrates_core_alone(scratch: str) -> None:
    told = os.environ | {"HEXMART_DATABASE_URL": scratch}
    command = [str(Path(sys.executable).with_name("alembic")), "upgrade", "head"]
    await asyncio.to_thread(subprocess.run, command, cwd=ROOT, env=told, check=True, capture_output=True)
    found: Any = await look(scratch, tables)
    assert found == {name for name in found if not name.startswith(("coupons_", "alembic_version_"))}
    assert await look(scratch, CORE.standing) == HEAD


async def test_core_goes_first_and_a_plugin_follows_by_its_own_count(scratch: str, install: Install) -> None:
    plugin = install(parcel(upto=1))
    assert (await migrate(scratch, [plugin])).moved == {"core": HEAD, "parcel": "0001"}
    assert (await migrate(scratch, [plugin])).moved == {}
    assert (await migrate(scratch, [install(parcel())])).moved == {"parcel": "0002"}
    found: Any = await look(scratch, tables)
    assert {"parcel_label", "parcel_stamp", "alembic_version_parcel"} <= found
    assert await look(scratch, CORE.standing) == HEAD, "core has a 0001 and a 0002 as well"


async def test_what_is_not_installed_any_more_keeps_its_tables_and_stops_nothing(
    scratch: str, install: Install
) -> None:
    await migrate(scratch, [install(parcel())])
    report = await migrate(scratch, [])
    assert (report.moved, report.left_over) == ({}, ["parcel"])
    found: Any = await look(scratch, tables)
    assert "parcel_label" in found


async def test_two_processes_that_migrate_take_turns(scratch: str, install: Install) -> None:
    plugin = install(parcel())
    reports = await asyncio.gather(*(migrate(scratch, [plugin]) for _ in range(3)))
    assert sorted(len(one.moved) for one in reports) == [0, 0, 2]


TRESPASSES = {
    'op.execute("ALTER TABLE cart ADD COLUMN weight int")': "cart",
    'op.execute("CREATE INDEX mine ON cart (tenant_id, version)")': "cart",
    'op.execute("ALTER TABLE cart DISABLE ROW LEVEL SECURITY")': "cart",
    'op.execute("CREATE POLICY all_of_it ON cart USING (true)")': "cart",
    'op.execute("GRANT TRUNCATE ON cart TO hexmart_app")': "cart",
    'op.execute("CREATE RULE never AS ON DELETE TO cart DO INSTEAD NOTHING")': "cart",
    'op.execute("TRUNCATE turn")': "turn",
    'op.execute("UPDATE platform_clock SET offset_seconds = 7")': "platform_clock",
    'op.create_table("rumour", sa.Column("id", sa.Integer()))': "rumour",
    'op.execute("DROP TABLE idempotency_key")': "idempotency_key",
    'op.execute("CREATE OR REPLACE FUNCTION app_now() RETURNS timestamptz STABLE RETURN now()")': "app_now",
    'op.execute("ALTER FUNCTION current_tenant() VOLATILE")': "current_tenant",
    'op.execute("ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO hexmart_app")': "default rights",
}


@pytest.mark.parametrize("deed", TRESPASSES)
async def test_a_migration_that_changes_what_is_not_its_own_is_refused_and_undone(
    settled: str, install: Install, deed: str
) -> None:
    plugin = install(parcel(upto=1) | {FIRST: script("0001", None, f"{LABEL}\n{deed}")})
    with pytest.raises(PluginsBroken) as refused:
        await migrate(settled, [plugin])
    assert refused.value.faults == [f"parcel: its migration 0001 changes {TRESPASSES[deed]}, which is not its own"]
    found: Any = await look(settled, tables)
    assert "parcel_label" not in found
    assert "outbox" in found


OPEN = {
    "no policy": 'op.create_table("parcel_open", sa.Column("tenant_id", sa.BigInteger(), primary_key=True))',
    "not forced": f"{LABEL}\nop.execute('ALTER TABLE parcel_label NO FORCE ROW LEVEL SECURITY')",
    "another policy": f"{LABEL}\nop.execute('CREATE POLICY more ON parcel_label USING (true)')",
    "another key": f"{LABEL}\nop.execute('ALTER TABLE parcel_label DROP CONSTRAINT pk_parcel_label')",
}


@pytest.mark.parametrize("way", OPEN)
async def test_a_table_that_does_not_keep_brands_apart_is_refused(settled: str, install: Install, way: str) -> None:
    plugin = install(parcel(upto=1) | {FIRST: script("0001", None, OPEN[way])})
    with pytest.raises(PluginsBroken, match=r"parcel: parcel_(open|label) does not keep brands apart"):
        await migrate(settled, [plugin])


async def test_a_migration_of_core_that_is_not_there_is_named(scratch: str, install: Install) -> None:
    with pytest.raises(PluginsBroken, match="parcel: it needs core's migration 9999, which this release does not have"):
        await migrate(scratch, [install(parcel(more="core_revision='9999'"))])
    assert (await migrate(scratch, [install(parcel(more=f"core_revision='{HEAD}'"))])).moved["parcel"] == "0002"


async def test_a_migration_that_fails_says_whose_it_is(scratch: str, install: Install) -> None:
    plugin = install(parcel(upto=1) | {FIRST: script("0001", None, "op.execute('SELECT 1/0')")})
    with pytest.raises(PluginsBroken, match=r"parcel: its migrations fail: .*division by zero"):
        await migrate(scratch, [plugin])
    assert await look(scratch, CORE.standing) is None, "all or nothing"


async def test_an_older_wheel_than_the_tables_says_so(scratch: str, install: Install) -> None:
    await migrate(scratch, [install(parcel())])
    with pytest.raises(PluginsBroken, match="parcel: its migrations fail: CommandError: Can't locate revision"):
        await migrate(scratch, [install(parcel(upto=1))])


async def test_removing_a_plugin_leaves_everything_else_as_it_was(scratch: str, install: Install) -> None:
    await migrate(scratch)  # with those that are really installed
    before = await look(scratch, lambda connection: others(connection, "parcel"))
    plugin = install(parcel())
    history = history_of(plugin)
    assert history is not None
    await migrate(scratch, [plugin])
    await in_turn(scratch, lambda connection: remove(connection, history))
    assert await look(scratch, lambda connection: others(connection, "parcel")) == before
    found: Any = await look(scratch, tables)
    assert not {name for name in found if "parcel" in name}
    assert "parcel" not in await look(scratch, lambda connection: list(version_tables(connection)))  # type: ignore[operator]


async def test_each_history_compares_its_own_tables_alone(scratch: str, install: Install) -> None:
    plugin = install(parcel())
    history = history_of(plugin)
    assert history is not None
    await migrate(scratch, [plugin])

    async def found(one: History) -> list[str]:
        return [str(change) for change in await look(scratch, lambda c: differences(c, one, metadata))]  # type: ignore[attr-defined]

    assert await found(CORE) == []
    assert await found(history) == []
    metadata.remove(metadata.tables["parcel_stamp"])
    assert await found(CORE) == [], "a plugin's table is nothing that core lacks, nor has too much"
    [change] = await found(history)
    assert "remove_table" in change
    assert "parcel_stamp" in change
