"""What stands behind the small schema instead of a platform."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

from schema.context import Info


class Stage:
    """The platform and every Work of it: what a test gives, and what was done."""

    def __init__(self, given: Any) -> None:
        self.given = given
        self.numbers: list[int] = []  #: that mutations have added
        self.read_tables: set[str] = set()

    def reading(self, *_: object, **__: object) -> "Stage":
        """A Work that reads."""
        return self

    @asynccontextmanager
    async def open_work(self, *_: object, **__: object) -> AsyncIterator["Stage"]:
        """A Work that writes."""
        yield self

    async def commit(self) -> None:
        """Keep nothing."""


def stage_of(info: Info) -> Stage:
    """The stage of a request."""
    return cast("Stage", info.platform)
