"""Exceptions as they stand in a log: their kinds and the places they passed, without their words.

Those quote what could not be used, a phone number or a password as well as anything else. What an exception says in
words that are fixed, as the name of a constraint, stays.
"""

import os
from collections.abc import Iterator
from traceback import format_tb
from types import TracebackType

import asyncpg

from core.errors import DomainError

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]

_CAUSED = "\nThe above exception was the direct cause of the following exception:\n\n"
_MEANWHILE = "\nDuring handling of the above exception, another exception occurred:\n\n"


def without_words(exc_info: ExcInfo) -> str:
    """A traceback as Python writes it, but for what the exceptions say."""
    return "".join(_written(exc_info[1], set())).rstrip("\n")


def kind_of(error: BaseException) -> str:
    """What an exception is, in one line, with what of its words is fixed."""
    return f"{type(error).__module__}.{type(error).__qualname__}{_facts(error)}"


def _written(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in seen:
        yield from _written(before, seen)
        yield _CAUSED if error.__cause__ else _MEANWHILE
    if error.__traceback__ is not None:
        yield "Traceback (most recent call last):\n"
        yield from format_tb(error.__traceback__)
    yield f"{kind_of(error)}\n"
    for part in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield from _written(part, seen)


def _facts(error: BaseException) -> str:
    """What is not the caller's."""
    if isinstance(error, DomainError):
        return f": {error.code}"
    if isinstance(error, OSError) and isinstance(error.errno, int):
        return f": {os.strerror(error.errno)}"
    if isinstance(error, asyncpg.PostgresError):
        named = {"table": error.table_name, "column": error.column_name, "constraint": error.constraint_name}
        return f": {error.sqlstate}" + "".join(f", {what} {name}" for what, name in named.items() if name)
    return ""
