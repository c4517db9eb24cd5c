"""A history of migrations: where its scripts lie, and which table says how far it has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from hexmart.plugins import Installed
from hexmart.scripts import migrations

VERSION_TABLE = "alembic_version"
VERSION_TABLES = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
AND starts_with(relname, 'alembic_version_') ORDER BY relname
"""


@dataclass(frozen=True, slots=True)
class History:
    """Core's where there is no plugin; all of them share one env.py."""

    plugin: str | None
    scripts: Path

    @property
    def version_table(self) -> str:
        return f"{VERSION_TABLE}_{self.plugin}" if self.plugin else VERSION_TABLE

    def config(self, connection: Connection | None = None) -> Config:
        """What Alembic has to be told."""
        made = Config()
        made.set_main_option("script_location", _escaped(migrations()))
        made.set_main_option("path_separator", "newline")  # a path may hold anything else
        made.set_main_option("version_locations", _escaped(self.scripts))
        made.attributes["connection"] = connection
        made.attributes["history"] = self
        return made

    @property
    def revisions(self) -> list[str]:
        """The latest first."""
        return [script.revision for script in ScriptDirectory.from_config(self.config()).walk_revisions()]

    @property
    def head(self) -> str | None:
        """Where it leads to; None where there is nothing to migrate."""
        return ScriptDirectory.from_config(self.config()).get_current_head()

    def standing(self, connection: Connection) -> str | None:
        """How far it has come in a database."""
        if not connection.scalar(text("SELECT to_regclass(:name)"), {"name": f"public.{self.version_table}"}):
            return None
        found: str | None = connection.scalar(text(f"SELECT version_num FROM {self.version_table}"))
        return found


CORE = History(None, migrations() / "versions")


def history_of(plugin: Installed) -> History | None:
    """A plugin's own; None for one that keeps no tables."""
    folder = plugin.folder / "migrations"
    return History(plugin.name, folder) if folder.is_dir() else None


def version_tables(connection: Connection) -> Sequence[str]:
    """The plugins that have tables in a database, installed or not."""
    return [name.removeprefix(f"{VERSION_TABLE}_") for name in connection.scalars(text(VERSION_TABLES))]


def _escaped(path: Path) -> str:
    return str(path).replace("%", "%%")
