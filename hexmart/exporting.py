"""A plugin's rows as files: a folder for each brand, a file for each table, a JSON object a line."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson
from sqlalchemy import Connection, text

from core import clock
from core.database.roles import OWNER_ROLE
from hexmart.migrating import History

AT_ONCE = 1_000  #: rows that are held in memory
TABLES = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
AND starts_with(relname, :prefix) ORDER BY relname
"""
BRANDS = "SELECT id, slug FROM tenant ORDER BY id"
ON = "SELECT 1 FROM tenant_plugin WHERE tenant_id = current_tenant() AND name = :name AND enabled"
Watch = Callable[[str, int], None]  #: is told of each table of a brand, and how many rows it had


@dataclass(frozen=True, slots=True)
class Export:
    """What lies in a folder."""

    folder: Path
    rows: Mapping[str, int]  #: by table, of all brands


def tables_of(connection: Connection, plugin: str) -> Sequence[str]:
    """The tables that a plugin has in a database."""
    return list(connection.scalars(text(TABLES), {"prefix": f"{plugin}_"}))


def brands(connection: Connection) -> Iterator[str]:
    """The slug of each brand, while its rows are to be seen."""
    connection.execute(text(f"SET LOCAL ROLE {OWNER_ROLE}"))  # under row security like everybody
    for tenant_id, slug in connection.execute(text(BRANDS)).all():
        connection.execute(text(f"SET LOCAL app.tenant_id = '{tenant_id:d}'"))
        yield slug


def on_at(connection: Connection, plugin: str) -> list[str]:
    """The brands that have a plugin on."""
    return [slug for slug in brands(connection) if connection.scalar(text(ON), {"name": plugin})]


def export(connection: Connection, history: History, into: Path, watch: Watch) -> Export:
    """Write a plugin's rows down; nobody writes others until the transaction ends."""
    plugin = str(history.plugin)
    tables = tables_of(connection, plugin)
    folder = into / f"{plugin}-{clock.now():%Y%m%d-%H%M%S}"
    folder.mkdir(parents=True)
    rows = dict.fromkeys(tables, 0)
    for slug in brands(connection):
        if tables:
            connection.execute(text(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE"))
        for table in tables:
            written = _write(connection, table, folder / slug)
            rows[table] += written
            watch(f"{slug}: {table}", written)
    manifest = {"plugin": plugin, "revision": history.standing(connection), "at": clock.now(), "rows": rows}
    (folder / "export.json").write_bytes(orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
    return Export(folder, rows)


def _write(connection: Connection, table: str, folder: Path) -> int:
    """One table's rows of the brand that is to be seen; no file where there are none."""
    # a cursor of our own, since it has to be closed before the table can be dropped: the driver keeps its portal open
    asked = f"SELECT to_jsonb(t)::text FROM {table} t WHERE t.tenant_id = current_tenant()"
    connection.execute(text(f"DECLARE exported NO SCROLL CURSOR FOR {asked}"))
    written = 0
    while lines := connection.scalars(text(f"FETCH {AT_ONCE} FROM exported")).all():
        folder.mkdir(exist_ok=True)
        with (folder / f"{table}.jsonl").open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
        written += len(lines)
    connection.execute(text("CLOSE exported"))
    return written
