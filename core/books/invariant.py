"""A sentence that must hold of the books, and the statement that finds what breaks it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from core.database import tables_of


class Scope(StrEnum):
    BRAND = "BRAND"  #: of the rows of one brand, at any moment
    UPKEEP = "UPKEEP"  #: of the same, as long as a worker runs
    PLATFORM = "PLATFORM"  #: of the database itself, whichever brand asks


@dataclass(frozen=True, slots=True)
class Mending:
    """How a number that is derived is worked out anew: for rows that are held, so that nobody changes what it is of."""

    lock: str  #: locks the rows that are wrong, in the order of their keys, and returns those; $1 is the tenant
    change: str  #: works them out anew where they still are wrong; the keys are $2 and on, an array for each column


@dataclass(frozen=True, slots=True, kw_only=True)
class Invariant:
    """What must hold at any moment between two transactions."""

    key: str  #: domain.what, by which it is known
    sentence: str
    broken: str  #: a SELECT of what breaks it, $1 is the tenant: ids, numbers and states, nothing personal
    scope: Scope = Scope.BRAND
    mending: Mending | None = None  #: None: it is a fact, which nobody can work out

    @property
    def domain(self) -> str:
        return self.key.partition(".")[0]


def faults(invariants: Iterable[Invariant]) -> list[str]:
    """A sentence for each fault of these invariants."""
    return [fault for one in invariants for fault in _of(one)]


def _of(one: Invariant) -> Iterator[str]:
    if not one.broken.lstrip().upper().startswith(("SELECT", "WITH")) or "$1" not in one.broken:
        yield f"what finds that {one.key} is broken is a SELECT with $1 for the tenant"
    if tables_of(one.broken).written:
        yield f"what finds that {one.key} is broken writes"
    if one.mending is not None and "FOR " not in one.mending.lock:
        yield f"what mends {one.key} locks no rows first"


def foreign_writes(one: Invariant, plugin: str) -> list[str]:
    """Tables that the mending of a plugin's invariant would write and that are not the plugin's."""
    written = tables_of(one.mending.change).written if one.mending is not None else frozenset()
    return sorted(table for table in written if not table.startswith(f"{plugin}_"))
