"""A sweep: what the worker does for each tenant again and again."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.work import Work


@dataclass(frozen=True, slots=True)
class Job:
    """A bounded step over one tenant's due rows; it returns how many it did, and is repeated while that is not 0."""

    name: str  #: domain.verb_object
    every: timedelta
    run: Callable[["Work"], Awaitable[int]]
