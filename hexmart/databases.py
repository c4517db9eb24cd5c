"""Where the database is, for each of its three roles; and bringing it up to date."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from core.database.tables import APP_ROLE, PLATFORM_ROLE
from hexmart import embedded
from hexmart.scripts import migrations
from hexmart.settings import Settings

_MIGRATION_LOCK = 7_102_648  # any number that no other program takes in this database


@dataclass(frozen=True, slots=True)
class Databases:
    """URLs of the owner, who migrates, and of the two roles that serve."""

    owner: str
    app: str
    platform: str

    @classmethod
    def of(cls, owner: str, settings: Settings) -> "Databases":
        """The roles' URLs as they were told, else the owner's with another user and the same password."""
        return cls(
            owner,
            settings.app_database_url or _as_role(owner, APP_ROLE),
            settings.platform_database_url or _as_role(owner, PLATFORM_ROLE),
        )


def _as_role(url: str, role: str) -> str:
    return make_url(url).set(username=role).render_as_string(hide_password=False)


@contextmanager
def available(settings: Settings) -> Iterator[Databases]:
    """The configured database, else the embedded server, running for as long as the block does."""
    if settings.database_url is not None:
        yield Databases.of(settings.database_url, settings)
        return
    home = Path(settings.home).resolve()
    home.mkdir(parents=True, exist_ok=True)
    with embedded.running(home) as url:
        yield Databases.of(url, settings)


async def migrate(owner_url: str) -> None:
    """Bring the database to the newest revision; two processes that try take turns."""
    engine = create_async_engine(owner_url, poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
        await connection.run_sync(_upgrade)
    await engine.dispose()


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations()))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
