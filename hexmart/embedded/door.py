"""The three things one can ask of the embedded server."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL

from hexmart.embedded import cluster, postmaster
from hexmart.embedded.errors import EmbeddedPostgresError, explained
from hexmart.embedded.postmaster import Postmaster
from hexmart.embedded.signals import ignored, unwinding
from hexmart.embedded.users import User, arrived


@contextmanager
def running(home: Path) -> Iterator[str]:
    """Start or join the server of this home; the last process to leave stops it, and so does Ctrl-C there."""
    home = home.resolve()
    with unwinding(), arrived(home) as user:
        try:
            yield _url(_start(home, user))
        finally:
            with ignored():
                _leave(home, user)


def join(home: Path) -> str | None:
    """The URL of the server that runs for this home already, if one does; whoever runs it decides how long."""
    with explained(home):
        data = cluster.data_of(home.resolve())
        found = postmaster.find_settled(data) if data else None
    return _url(found) if found else None


def erase(home: Path) -> None:
    """Throw the data away, wherever it lies; refused while somebody else uses the server."""
    home = home.resolve()
    with arrived(home) as user, explained(home), user.alone_at_the_switch():
        if not user.is_last():
            raise EmbeddedPostgresError(f"The data in {home} is in use: stop the processes that use it first.")
        _stop(home)
        cluster.erase(home)


def _start(home: Path, user: User) -> Postmaster:
    with explained(home), user.alone_at_the_switch():
        return cluster.ensure_running(home, cluster.data_of(home) or cluster.create(home))


def _leave(home: Path, user: User) -> None:
    with explained(home), user.alone_at_the_switch():
        if user.is_last():
            _stop(home)


def _stop(home: Path) -> None:
    data = cluster.data_of(home)
    if data and (found := postmaster.find_settled(data)):
        found.stop()


def _url(server: Postmaster) -> str:
    query = {"host": str(server.sockets), "port": str(postmaster.PORT)}
    url = URL.create("postgresql+asyncpg", username="postgres", database=cluster.DATABASE, query=query)
    return url.render_as_string(hide_password=False)
