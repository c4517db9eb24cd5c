"""Hears every statement that goes to PostgreSQL, BEGIN and COMMIT among them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
import pytest

METHODS = ("execute", "executemany", "fetch", "fetchrow", "fetchval", "prepare", "cursor", "copy_records_to_table")


@contextmanager
def listening() -> Iterator[list[str]]:
    """The statements that are sent while the block runs, on any connection of this process."""
    sent: list[str] = []

    def heard(original: Any) -> Any:
        def send(self: Any, query: str, *arguments: Any, **options: Any) -> Any:
            sent.append(query)
            return original(self, query, *arguments, **options)

        return send

    with pytest.MonkeyPatch.context() as patch:
        for name in METHODS:
            patch.setattr(asyncpg.Connection, name, heard(getattr(asyncpg.Connection, name)))
        yield sent
