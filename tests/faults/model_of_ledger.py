"""Accounts of members as somebody would keep them on paper; hours stand for time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count

NEVER = 10**9


@dataclass
class Grant:
    """What was given at once."""

    number: int
    left: int
    waiting: bool
    since: int  #: the hour at which it can be spent, if it waits
    until: int


@dataclass
class Purse:
    """One member's."""

    grants: list[Grant] = field(default_factory=list)
    debt: int = 0

    def settle(self, hour: int) -> None:
        """What is due by that hour."""
        for grant in sorted(self.grants, key=lambda one: (one.until, one.number)):
            if grant.waiting and grant.since <= hour:
                grant.waiting = False
                self.pay_debt(grant)
        for grant in self.grants:
            if not grant.waiting and grant.until <= hour:
                grant.left = 0

    def pay_debt(self, grant: Grant) -> None:
        paid = min(self.debt, grant.left)
        grant.left -= paid
        self.debt -= paid

    def spendable(self) -> list[Grant]:
        return sorted((one for one in self.grants if not one.waiting), key=lambda one: (one.until, one.number))

    def seen(self, hour: int) -> tuple[int, int, int]:
        """Available, pending and debt, as a member is told them."""
        available = sum(one.left for one in self.spendable() if one.until > hour)
        return available, sum(one.left for one in self.grants if one.waiting), self.debt


@dataclass
class Spending:
    """What was spent, of what, and how much of it has come back."""

    who: int
    pieces: list[tuple[int, int]]  #: until, amount
    back: int = 0

    @property
    def left(self) -> int:
        return sum(amount for _, amount in self.pieces) - self.back


@dataclass
class Paper:
    """Everybody's, and what has happened so far."""

    purses: Sequence[Purse]
    hour: int = 0
    earnings: list[tuple[int, Grant]] = field(default_factory=list)
    spendings: list[Spending] = field(default_factory=list)
    numbers: Iterable[int] = field(default_factory=count)

    def give(self, who: int, amount: int, *, until: int = NEVER, waits: bool = False, since: int = NEVER) -> Grant:
        grant = Grant(next(iter(self.numbers)), amount, waits, since, until)
        self.purses[who].grants.append(grant)
        if not waits:
            self.purses[who].pay_debt(grant)
        return grant

    def take(self, who: int, amount: int) -> list[tuple[int, int]] | None:
        """The pieces that it was taken of; None: there is not as much."""
        purse = self.purses[who]
        purse.settle(self.hour)
        if sum(one.left for one in purse.spendable()) < amount:
            return None
        return list(_out_of(purse.spendable(), amount))

    def spent(self, who: int, pieces: list[tuple[int, int]]) -> None:
        self.spendings.append(Spending(who, pieces))

    def claw_back(self, earning: int, amount: int) -> None:
        who, grant = self.earnings[earning]
        purse = self.purses[who]
        purse.settle(self.hour)
        others = [one for one in purse.spendable() if one is not grant]
        taken = sum(piece for _, piece in _out_of([grant, *others], amount))
        purse.debt += amount - taken

    def back(self, spending: int, amount: int) -> bool:
        """Whether it comes back; the last that was taken comes first."""
        one = self.spendings[spending]
        if amount > one.left:
            return False
        at = 0
        for until, size in reversed(one.pieces):
            piece = min(at + size, one.back + amount) - max(at, one.back)
            at += size
            if piece > 0:
                self.give(one.who, piece, until=until)
        one.back += amount
        return True


def _out_of(grants: Iterable[Grant], amount: int) -> Iterable[tuple[int, int]]:
    for grant in grants:
        taken = min(grant.left, amount)
        grant.left -= taken
        amount -= taken
        if taken:
            yield grant.until, taken
