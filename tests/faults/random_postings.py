"""Somebody who posts at random, in any order, and remembers what was acknowledged."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from core import clock
from core.ids import new_id
from core.ledger import Answer, Posted, Transfer
from tests.ledgers import clawed_back, earned, gift, given_back, spent


@dataclass
class Poster:
    """Transfers between the same members as others make at the same time."""

    members: Sequence[UUID]
    seed: int
    acknowledged: list[UUID] = field(default_factory=list)
    refused: int = 0
    unknown: list[Sequence[Transfer]] = field(default_factory=list)  #: nobody has said what became of them
    _chance: random.Random = field(init=False)
    _earned: list[tuple[UUID, str]] = field(default_factory=list)
    _spent: list[tuple[UUID, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)

    def several(self) -> list[Transfer]:
        """What goes into one transaction."""
        return [self._one() for _ in range(self._chance.randint(1, 4))]

    def heard(self, answers: Sequence[Answer]) -> None:
        """The transaction was committed."""
        posted = [one.transaction_id for one in answers if isinstance(one, Posted)]
        self.acknowledged += posted
        self.refused += len(answers) - len(posted)

    def _one(self) -> Transfer:
        who, amount, name = self._chance.choice(self.members), self._chance.randint(1, 20), str(new_id())
        what = self._chance.random()
        if what < 0.3:
            self._earned.append((who, name))
            until = clock.now() + timedelta(days=self._chance.randint(1, 30))
            return earned(who, amount, name, expires_at=until, pending=what < 0.05)
        if what < 0.7:
            self._spent.append((who, name))
            return spent(who, amount, name)
        if what < 0.8 and self._spent:
            of, spending = self._chance.choice(self._spent)
            return given_back(of, amount, spending)
        if what < 0.9 and self._earned:
            of, earning = self._chance.choice(self._earned)
            return clawed_back(of, amount, earning)
        other = self._chance.choice([one for one in self.members if one != who])
        return gift(who, other, amount)
