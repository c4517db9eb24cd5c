"""What transactions have taken, and how much of that has gone back since: the last that was taken goes first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from core.ledger.account import Lot, Part
from core.ledger.holding import LOT
from core.ledger.transfer import Short
from core.work import Work

TAKEN = f"""
SELECT {LOT}, p.transaction_id AS taken_by, -p.amount AS amount
FROM ledger_posting p JOIN ledger_lot l ON l.tenant_id = $1 AND l.id = p.lot_id
WHERE p.tenant_id = $1 AND p.transaction_id = any($2::uuid[]) AND p.amount < 0
ORDER BY p.transaction_id, p.position DESC
"""
GONE_BACK = """
SELECT t.undoes_id, sum(p.amount)::bigint AS amount FROM ledger_transaction t
JOIN ledger_posting p ON p.tenant_id = $1 AND p.transaction_id = t.id AND p.amount > 0
WHERE t.tenant_id = $1 AND t.undoes_id = any($2::uuid[]) GROUP BY t.undoes_id
"""


@dataclass(slots=True)
class Taken:
    """What one transaction took, lot by lot."""

    parts: list[Part] = field(default_factory=list)
    gone_back: int = 0

    def back(self, amount: int) -> list[Part] | Short:
        """The lots that an amount goes back to, if it was taken and has not gone back yet."""
        left = sum(part.amount for part in self.parts) - self.gone_back
        if left < amount:
            return Short(left)
        parts = list(self._between(self.gone_back, self.gone_back + amount))
        self.gone_back += amount
        return parts

    def _between(self, start: int, end: int) -> Iterator[Part]:
        at = 0
        for part in self.parts:
            amount = min(at + part.amount, end) - max(at, start)
            at += part.amount
            if amount > 0:
                yield Part(part.lot, amount)


async def read_taken(work: Work, transaction_ids: Sequence[UUID]) -> dict[UUID, Taken]:
    """What each of these took; asked while the accounts are held."""
    if not transaction_ids:
        return {}
    taken = {key: Taken() for key in transaction_ids}
    for *lot, taken_by, amount in await work.fetch(TAKEN, list(transaction_ids)):
        taken[taken_by].parts.append(Part(Lot(*lot), amount))
    for undone, amount in await work.fetch(GONE_BACK, list(transaction_ids)):
        taken[undone].gone_back = amount
    return taken
