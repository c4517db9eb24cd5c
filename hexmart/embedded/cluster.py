"""The data of one home: made once, started, and left with our database in it."""

import os
import pwd
import shlex
import shutil
import tempfile
import time
from pathlib import Path

from hexmart.embedded import binaries, postmaster
from hexmart.embedded.account import is_root, may_reach, owner_of
from hexmart.embedded.errors import EmbeddedPostgresError, from_output
from hexmart.embedded.postmaster import Postmaster

DATABASE = "hexmart"

CREATE_DATABASE = r"""
    SELECT format('CREATE DATABASE %I', :'name') WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name')
    \gexec
"""

# for speed; fsync, full_page_writes and synchronous_commit stay on, so a commit survives a power cut
SETTINGS = {
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "128MB",
    "max_connections": "200",
    "wal_buffers": "16MB",
    "wal_compression": "on",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",  # compiling costs more than our short queries do
    "max_parallel_workers_per_gather": "0",  # as does starting workers; a container's small /dev/shm is spared too
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_error_statement": "panic",  # statements hold customers' data, which has no place in a log
    "log_error_verbosity": "terse",  # the details of an error quote rows
}


def data_of(home: Path) -> Path | None:
    """The directory of the data, wherever it lies, once there is one."""
    data = home / "postgres"
    return data.resolve() if data.exists() else None


def create(home: Path) -> Path:
    """Make the data, beside its final place first, so that a half-made one is never taken for whole."""
    account = owner_of(None)
    base = _base(home, account)
    fresh, data = base / "postgres.new", base / "postgres"
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        fresh.mkdir(mode=0o700)
        _give(fresh, account)
        _initialise(fresh, account, home)
    except BaseException:
        shutil.rmtree(
            fresh if base == home else base, ignore_errors=True
        )  # on a full disk, what is there is in the way
        raise
    fresh.rename(data)
    if base != home:
        (home / "postgres").unlink(missing_ok=True)  # a link that leads nowhere any more
        (home / "postgres").symlink_to(data)
    return data


def ensure_running(home: Path, data: Path) -> Postmaster:
    """Join the server of this data, or start it."""
    _check_version(data)
    account = owner_of(data)
    running = postmaster.find_settled(data) or _start(home, data, account)
    _ensure_database(home, running, account)
    return running


def erase(home: Path) -> None:
    """Remove the data, and the link that leads to it if it lies outside."""
    data = data_of(home)
    if data is not None:
        shutil.rmtree(data.parent if data.parent.parent == binaries.OUTSIDE else data)
    (home / "postgres").unlink(missing_ok=True)


def _base(home: Path, account: pwd.struct_passwd) -> Path:
    if not is_root() or may_reach(account, home):
        return home
    # below /root, say: the data goes elsewhere, rather than that directory being opened to everyone
    base = Path(tempfile.mkdtemp(dir=binaries.open_outside(), prefix="data-"))
    base.chmod(0o711)
    return base


def _initialise(data: Path, account: pwd.struct_passwd, home: Path) -> None:
    # C.UTF-8 by PostgreSQL itself: sorts alike on every machine, whatever its C library thinks
    collation = ("--locale=C", "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    settings = [f"--set={name}={value}" for name, value in SETTINGS.items()]
    # trust: only the owner passes the directory of the socket, and nothing listens on a network
    options = ("--username=postgres", "--auth=trust", "--no-instructions", *collation, *settings)
    code, said = binaries.run([binaries.programs(account) / "initdb", "-D", data, *options], account)
    if code != 0:
        raise from_output(said, home)


def _check_version(data: Path) -> None:
    version = (data / "PG_VERSION").read_text().strip()
    if version != binaries.MAJOR_VERSION:
        raise EmbeddedPostgresError(
            f"The data in {data} was made by PostgreSQL {version}, and this is {binaries.MAJOR_VERSION}: move it away, "
            f"or serve it with PostgreSQL {version} and set HEXMART_DATABASE_URL."
        )


def _start(home: Path, data: Path, account: pwd.struct_passwd) -> Postmaster:
    _clear_after_a_crash(data)
    sockets = postmaster.socket_directory(data, account)
    _give(sockets, account)
    options = f"-h '' -p {postmaster.PORT} -k {shlex.quote(str(sockets))}"
    said = _launch(data, account, options)
    running = postmaster.find_settled(data)
    if running is None or running.status != "ready":
        raise from_output(said, home)
    return running


def _clear_after_a_crash(data: Path) -> None:
    # no server runs here, but a process that got the old number since would make PostgreSQL believe so
    for name in ("postmaster.pid", f".s.PGSQL.{postmaster.PORT}", f".s.PGSQL.{postmaster.PORT}.lock"):
        (data / name).unlink(missing_ok=True)


def _launch(data: Path, account: pwd.struct_passwd, options: str) -> str:
    """Start, and answer what was said; try for a while if sessions of a killed server are still on their way out."""
    log = data / "log"
    command = (
        binaries.programs(account) / "pg_ctl", "start", "-w", "-t", "60", "-D", data, "-l", log, "-o", options,
    )  # fmt: skip
    for _ in range(50):
        log.unlink(missing_ok=True)
        _, said = binaries.run(command, account)
        logged = log.read_text(errors="replace") if log.exists() else ""
        if "is still in use" not in logged:
            break
        time.sleep(0.1)
    return said + logged


def _ensure_database(home: Path, running: Postmaster, account: pwd.struct_passwd) -> None:
    command = (
        binaries.programs(account) / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-v", f"name={DATABASE}",
        "-h", running.sockets, "-p", str(postmaster.PORT), "-U", "postgres", "-d", "postgres",
    )  # fmt: skip
    code, said = binaries.run(command, account, stdin=CREATE_DATABASE)
    if code != 0:
        raise from_output(said, home)


def _give(directory: Path, account: pwd.struct_passwd) -> None:
    if is_root():
        os.chown(directory, account.pw_uid, account.pw_gid)
