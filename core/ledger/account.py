"""A member's account while it is held: lots that are spent first to expire first, what is pending, what is owed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from core.ledger.transfer import Short, Unit

NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True)
class Lot:
    """What was given at once, and how much of it is spent."""

    id: UUID
    account_id: UUID
    transaction_id: UUID
    size: int
    spent: int
    pending: bool
    available_at: datetime | None
    expires_at: datetime | None
    was_spent: int | None = None  #: as it is written; None: it is new
    was_pending: bool = False

    @property
    def left(self) -> int:
        return self.size - self.spent

    @property
    def turn(self) -> tuple[datetime, UUID]:
        """The first to expire is spent first, and of several the oldest."""
        return self.expires_at or NEVER, self.id

    def expired(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now

    def ripe(self, now: datetime) -> bool:
        return self.available_at is not None and self.available_at <= now


class Part(NamedTuple):
    """How much of an amount is of one lot; of none is what is owed."""

    lot: Lot | None
    amount: int


@dataclass(slots=True)
class Account:
    """The balance of a member, and as many of its lots as are needed."""

    id: UUID
    unit: Unit
    available: int
    pending: int
    debt: int
    lots: dict[UUID, Lot] = field(default_factory=dict)
    was: tuple[int, int, int] = field(init=False)  #: as it is written

    def __post_init__(self) -> None:
        self.was = self.available, self.pending, self.debt

    @property
    def change(self) -> tuple[int, int, int]:
        """By how much available, pending and debt differ from what is written."""
        available, pending, debt = self.was
        return self.available - available, self.pending - pending, self.debt - debt

    def ripen(self, now: datetime) -> Iterator[Lot]:
        """Make available what has waited until now."""
        for lot in self._in_turn(pending=True):
            if lot.ripe(now):
                self._shift(lot)
                yield lot

    def expire(self, now: datetime) -> Iterator[Part]:
        """Take away what was not spent in time."""
        for lot in self._in_turn():
            if lot.expired(now):
                yield self._spend(lot, lot.left)

    def settle_debt(self, lot: Lot) -> int:
        """Pay what is owed out of what has become available; returns how much that was."""
        paid = min(self.debt, lot.left) if not lot.pending else 0
        if paid:
            self._spend(lot, paid)
            self.debt -= paid
        return paid

    def take(self, amount: int, *, owing: bool, first: Sequence[Lot] = ()) -> list[Part] | Short:
        """Take an amount out of lots in turn; what is not there is owed, or nothing is taken."""
        lots = [*first, *(lot for lot in self._in_turn() if lot not in first)]
        there = self.available + sum(lot.left for lot in first if lot.pending)
        if there < amount and not (owing and self.unit.may_owe):
            return Short(there)
        parts = list(self._spend_in_turn(lots, amount))
        owed = amount - sum(part.amount for part in parts)
        if owed and there >= amount:
            raise RuntimeError(f"account {self.id} has {there}, and its lots have not")
        self.debt += owed
        return [*parts, Part(None, owed)] if owed else parts

    def add(self, lot: Lot) -> None:
        """Have one more lot."""
        self.lots[lot.id] = lot
        if lot.pending:
            self.pending += lot.left
        else:
            self.available += lot.left

    def _in_turn(self, *, pending: bool = False) -> list[Lot]:
        found = [lot for lot in self.lots.values() if lot.left and lot.pending == pending]
        return sorted(found, key=lambda lot: lot.turn)

    def _spend_in_turn(self, lots: Sequence[Lot], amount: int) -> Iterator[Part]:
        for lot in lots:
            taken = min(lot.left, amount)
            if taken:
                amount -= taken
                yield self._spend(lot, taken)

    def _spend(self, lot: Lot, amount: int) -> Part:
        lot.spent += amount
        if lot.pending:
            self.pending -= amount
        else:
            self.available -= amount
        return Part(lot, amount)

    def _shift(self, lot: Lot) -> None:
        lot.pending = False
        self.pending -= lot.left
        self.available += lot.left
