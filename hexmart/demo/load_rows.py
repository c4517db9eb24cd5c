"""Rows by the hundred: one statement for many, since the ORM would take minutes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

import orjson
from sqlalchemy import text

from core.work import Work

ROWS_AT_ONCE = 20_000

Item = TypeVar("Item")


async def insert(work: Work, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows that name their columns; the table itself says of which type each is."""
    for part in parts(rows, ROWS_AT_ONCE):
        columns = ", ".join(part[0])
        await work.execute(
            f"INSERT INTO {table} (tenant_id, {columns}) "
            f"SELECT $1, {columns} FROM jsonb_populate_recordset(NULL::{table}, $2::jsonb)",
            orjson.dumps(part, default=_as_text).decode(),
        )


async def ids(work: Work, sql: str, *arguments: list[str]) -> dict[str, UUID]:
    """The ids of what is there, by the name that the statement selects before the id."""
    return {row[0]: row[1] for row in await work.fetch(sql, *arguments)}


async def replan(work: Work) -> None:
    """Have foreign keys checked by plans that suit the tables as they are now.

    PostgreSQL keeps a plan it made while a table was small and had no statistics; it may then read all of a tenant's
    rows for each new one. Only the owner may ANALYZE, and nobody sees these rows before they are committed.
    """
    await work.session.execute(text("DISCARD PLANS"))


def parts(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """The items in order, so many at a time."""
    return (items[start : start + size] for start in range(0, len(items), size))


def _as_text(value: object) -> str:
    """What JSON lacks, as PostgreSQL reads it: bytes, and the ids that asyncpg read, which are a UUID of its own."""
    return f"\\x{value.hex()}" if isinstance(value, bytes) else str(value)
