"""What is asked of the ledger: an amount that goes from one account to another, once."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, TypeAlias
from uuid import UUID


class Unit(StrEnum):
    """What an account counts."""

    POINTS = "POINTS"
    VALUE = "VALUE"  #: stored value, in minor units
    BONUS = "BONUS"  #: given on top of stored value, in minor units: spent as that is, and never paid out
    COMMISSION = "COMMISSION"  #: in minor units

    @property
    def may_owe(self) -> bool:
        """Whether a member can owe it: what was earned can be taken back, what was paid in cannot."""
        return self not in (Unit.VALUE, Unit.BONUS)


class Own(StrEnum):
    """The accounts of the brand itself, one of each for a unit."""

    ISSUED = "ISSUED"  #: what was earned comes from here, and goes back where it is taken back
    SPENT = "SPENT"
    EXPIRED = "EXPIRED"
    ADJUSTED = "ADJUSTED"  #: by people
    PAID_IN = "PAID_IN"
    PAID_OUT = "PAID_OUT"


Party: TypeAlias = UUID | Own  #: a member, or the brand


class Key(NamedTuple):
    """By what a transfer is known: the same kind for the same source is posted once."""

    kind: str  #: domain.what
    source: str  #: what it comes of


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """An amount of a unit that one party gives another."""

    key: Key
    unit: Unit
    amount: int
    giver: Party
    taker: Party
    pending: bool = False  #: it cannot be spent yet
    available_at: datetime | None = None  #: since when it can, where it is pending; None: whenever ripen() says
    expires_at: datetime | None = None  #: of what is given back: not before that
    owing: bool = False  #: the giver owes what it has not
    of: Key | None = None  #: taken of what that transfer gave, be it pending, before anything else
    undoes: Key | None = None  #: of what that transfer took, which goes back to where it came from
    note: str | None = None


class Posted(NamedTuple):
    """The transaction that a transfer has become."""

    transaction_id: UUID
    new: bool = True  #: False: it was posted before, and nothing was done


class Short(NamedTuple):
    """Why nothing was posted: this is all that the giver could have given."""

    available: int


Answer: TypeAlias = Posted | Short
