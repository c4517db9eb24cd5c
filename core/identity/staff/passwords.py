"""Passwords: which are taken, and the slow hash that is kept of one."""

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TypeVar

from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION

from core.errors import Busy
from core.identity.errors import PasswordWeak

#: the passwords that are tried first: what has eight characters or more of the lists that leaks have made
COMMON = frozenset(Path(__file__).with_name("common_passwords.txt").read_text().split())
LONGEST = 200  #: characters
FEWEST_DIFFERENT = 5  #: characters; a few that are repeated are guessed soon
AT_ONCE = 2  #: hashes under way in a process; each takes 64 MiB and four threads for as long as it lasts
WAITING = 100  #: for their turn; who comes then is asked to come again

Result = TypeVar("Result")


class _Hashing:
    """A few threads that hash, apart from those that the rest of the process needs, and the queue before them."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, "hashing")
        self._there = 0

    async def do(self, work: Callable[..., Result], *given: str | None) -> Result:
        """Hash off the event loop when it is one's turn, or Busy."""
        if self._there >= AT_ONCE + WAITING:
            raise Busy
        self._there += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *given)
        finally:
            self._there -= 1


_hasher = PasswordHasher()
_hashing = _Hashing()


async def hashed(password: str) -> str:
    """A password as it is kept; never to be awaited inside a transaction."""
    return await _hashing.do(hash_password, password)


async def matches(kept: str | None, password: str) -> bool:
    """Whether this is the password that was kept; as slow without one, and never to be awaited in a transaction."""
    return await _hashing.do(verify_password, kept, password)


def hash_password(password: str) -> str:
    """A password as it is kept, slow on purpose (argon2); for commands and demos, which hold up nobody."""
    return _hasher.hash(_normal(password))


def verify_password(kept: str | None, password: str) -> bool:
    """Whether this is the password that was kept; nobody's is verified as slowly as somebody's."""
    nobody = _nobody()
    possible = len(password) <= LONGEST
    try:
        _hasher.verify(kept or nobody, _normal(password) if possible else "")
    except (VerificationError, InvalidHashError):
        return False
    return possible and kept is not None


def is_outdated(kept: str) -> bool:
    """Whether it was hashed with less effort than passwords are today."""
    was = extract_parameters(kept)
    efforts = ("time_cost", "memory_cost", "hash_len", "salt_len")
    older = was.type != _hasher.type or was.version < ARGON2_VERSION
    return older or any(getattr(was, effort) < getattr(_hasher, effort) for effort in efforts)


def check(password: str, *, email: str, shortest: int, path: tuple[str, ...]) -> None:
    """Refuse what would soon be guessed: too short, the person's own address, or one of the commonest."""
    normal = _normal(password[: LONGEST + 1])
    chosen, address = normal.casefold(), email.casefold()
    if not shortest <= len(normal) <= LONGEST or len(password) > LONGEST:
        raise PasswordWeak(reason=f"A password has {shortest} to {LONGEST} characters.", path=path)
    if address in chosen or chosen in address:
        raise PasswordWeak(reason="An e-mail address is no secret: take another password.", path=path)
    if chosen in COMMON or len(set(chosen)) < FEWEST_DIFFERENT:
        raise PasswordWeak(reason="This password is one of those that are tried first: take another.", path=path)


def _normal(password: str) -> str:
    """The same text from every keyboard (NFKC)."""
    return unicodedata.normalize("NFKC", password)


@cache
def _nobody() -> str:
    """Verified when nobody has the address, so that an answer takes as long whether somebody has it or not."""
    return _hasher.hash("nobody")
