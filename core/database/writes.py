"""Writes whose outcome nobody waits for: they wait for each other, and go to PostgreSQL as one statement."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import asyncpg

from core.database.statements import Tables

_PLACEHOLDER = re.compile(r"\$(\d+)")


@dataclass(frozen=True, slots=True)
class Write:
    """An INSERT, UPDATE or DELETE whose $1 is the tenant."""

    sql: str
    arguments: Sequence[Any]
    rows: int | None = None  #: how many it has to touch; None: however many
    otherwise: Exception | None = None  #: raised where it touches another number


class Writes:
    """Those that wait, in turn. What one writes the next may not touch in the same statement: it would not see it."""

    __slots__ = ("_groups", "_written")

    def __init__(self) -> None:
        self._groups: list[list[Write]] = []
        self._written: set[str] = set()  #: by the last group

    def __bool__(self) -> bool:
        return bool(self._groups)

    def add(self, write: Write, tables: Tables) -> None:
        """Have it sent with the last ones, or after them where it touches what they write."""
        if not self._groups or not self._written.isdisjoint(tables.read | tables.written):
            self._groups.append([])
            self._written.clear()
        self._groups[-1].append(write)
        self._written |= tables.written

    def drop(self) -> None:
        """Forget them: what they belong to has failed."""
        self._groups = []

    async def send(self, driver: "asyncpg.Connection[asyncpg.Record]", tenant_id: int) -> None:
        """Run them; raises what a write is to raise that has not touched as many rows as it had to."""
        groups, self._groups = self._groups, []
        for group in groups:
            arguments = [value for write in group for value in write.arguments]
            shapes = tuple((write.sql, len(write.arguments), write.rows is not None) for write in group)
            counts = await driver.fetchval(_together(shapes), tenant_id, *arguments)
            expected = [write for write in group if write.rows is not None]
            for write, count in zip(expected, counts, strict=True):
                if count != write.rows:
                    raise write.otherwise or RuntimeError(f"{count} rows instead of {write.rows}: {write.sql}")


@lru_cache(maxsize=1024)
def _together(shapes: Sequence[tuple[str, int, bool]]) -> str:
    """One statement of several: PostgreSQL checks their foreign keys when all of them are done.

    It returns how many rows those have touched of which that is wanted.
    """
    parts, counts, taken = [], [], 0
    for number, (sql, arguments, counted) in enumerate(shapes):
        parts.append(f"w{number} AS ({_renumbered(sql, taken)}{' RETURNING 1' if counted else ''})")
        counts += [f"(SELECT count(*) FROM w{number})"] if counted else []
        taken += arguments
    return f"WITH {', '.join(parts)} SELECT ARRAY[{', '.join(counts)}]::bigint[]"


def _renumbered(sql: str, taken: int) -> str:
    """With its placeholders after those of the others; $1 is the tenant in all of them."""
    return _PLACEHOLDER.sub(lambda found: found[0] if found[1] == "1" else f"${int(found[1]) + taken}", sql.strip())
