"""Where the database is, for each of its three roles; and bringing it up to date."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from core.database.tables import APP_ROLE, PLATFORM_ROLE
from hexmart import embedded
from hexmart.migrating import migrate
from hexmart.settings import Settings

__all__ = ["Databases", "available", "migrate"]


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
