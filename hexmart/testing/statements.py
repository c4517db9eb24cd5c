"""Hears every statement that goes to PostgreSQL, BEGIN and COMMIT among them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
import pytest

from tenants.doorbell import NOTIFY

METHODS = ("execute", "executemany", "fetch", "fetchrow", "fetchval", "prepare", "cursor", "copy_records_to_table")


@contextmanager
def listening(*, doorbell: bool = False) -> Iterator[list[str]]:
    """The statements that are sent while the block runs, on any connection of this process.

    Those of the doorbell come when they come: they are heard where they are asked for.
    """
    sent: list[str] = []

    def heard(original: Any) -> Any:
        def send(self: Any, query: str, *arguments: Any, **options: Any) -> Any:
            if doorbell or query != NOTIFY:
                sent.append(query)
            return original(self, query, *arguments, **options)

        return send

    with pytest.MonkeyPatch.context() as patch:
        for name in METHODS:
            patch.setattr(asyncpg.Connection, name, heard(getattr(asyncpg.Connection, name)))
        yield sent
