"""What the commands say to a person, and the database that they say it of."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from asyncpg import PostgresError
from pydantic import ValidationError
from rich.console import Console
from sqlalchemy.exc import DBAPIError

from core.errors import DomainError
from hexmart import embedded
from hexmart.databases import Databases
from hexmart.demo.load_plan import TooFew
from hexmart.embedded import EmbeddedPostgresError
from hexmart.manifests import ManifestWrong
from hexmart.plugins import NameRefused, PluginsBroken
from hexmart.server import PortTaken
from hexmart.settings import Settings
from hexmart.stock_files import SnapshotWrong
from hexmart.till_files import TillFileWrong

console = Console(stderr=True)


class NotRunning(Exception):
    """Why there is no database to speak to."""


#: what says in a sentence what a person can put right
_SAID = (
    DomainError,
    EmbeddedPostgresError,
    ManifestWrong,
    NameRefused,
    NotRunning,
    PluginsBroken,
    PortTaken,
    SnapshotWrong,
    TillFileWrong,
    TooFew,
)


_NOT_MIGRATED = "The database has not been prepared: run `hexmart migrate` first."
#: by SQLSTATE, what PostgreSQL says of a database that nobody has prepared, or that is not the one that was meant
_OF_POSTGRESQL = {
    "22023": _NOT_MIGRATED,  # SET ROLE to one that is not there
    "42P01": _NOT_MIGRATED,  # no such table
    "28000": "The database does not let this user in: see HEXMART_DATABASE_URL.",
    "28P01": "The database refuses this password: see HEXMART_DATABASE_URL.",
    "3D000": "There is no database of this name: see HEXMART_DATABASE_URL.",
}


@contextmanager
def one_sentence() -> Iterator[None]:
    """Whatever a person can put right ends in one sentence, not in a traceback."""
    try:
        yield
    except _SAID as error:
        console.print(str(error), style="red", highlight=False, markup=False, soft_wrap=True)
        raise typer.Exit(1) from None
    except (ConnectionRefusedError, DBAPIError, PostgresError) as error:
        said = _of_database(error)
        if said is None:
            raise
        console.print(said, style="red", highlight=False, markup=False, soft_wrap=True)
        raise typer.Exit(1) from None
    except ValidationError as error:
        for problem in error.errors(include_url=False, include_input=False):
            name = "HEXMART_" + "__".join(str(part).upper() for part in problem["loc"])
            console.print(f"{name}: {problem['msg']}", style="red", highlight=False, soft_wrap=True)
        raise typer.Exit(1) from None


def _of_database(error: ConnectionRefusedError | DBAPIError | PostgresError) -> str | None:
    if isinstance(error, ConnectionRefusedError):
        return f"The database cannot be reached: {error.strerror}."
    return _OF_POSTGRESQL.get(getattr(getattr(error, "orig", error), "sqlstate", None) or "")


def running_databases(settings: Settings) -> Databases:
    """The configured database, else that of the demo, which has to run already."""
    url = settings.database_url or embedded.join(settings.home.resolve())
    if url is None:
        raise NotRunning("The demo is not running: start it with `make demo`.")
    return Databases.of(url, settings)
