"""The ledger as it is read."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(slots=True)
class BalanceRow:
    """What a member has of a unit."""

    available: int = 0
    pending: int = 0
    debt: int = 0


@dataclass(slots=True)
class ExpiryRow:
    """How much expires next, and when."""

    amount: int
    at: datetime


@dataclass(slots=True)
class EntryRow:
    """A line of an account's statement."""

    id: UUID
    kind: str
    source: str
    amount: int
    note: str | None
    at: datetime
