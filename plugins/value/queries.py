"""Reads of what members have."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core import ledger
from core.ledger import EntryRow, Unit
from core.money import Money
from core.work import Work

COUNT = """
SELECT m.id, count(DISTINCT p.transaction_id) FROM unnest($2::uuid[]) AS m(id)
JOIN ledger_account o ON o.tenant_id = $1 AND o.member_id = m.id AND o.unit IN ('VALUE', 'BONUS')
JOIN ledger_account a ON a.tenant_id = $1 AND (a.id = o.id OR a.successor_id = o.id)
JOIN ledger_posting p ON p.tenant_id = $1 AND p.account_id = a.id GROUP BY m.id
"""


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """What a member can spend."""

    available: Money
    bonus: Money


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of a statement."""

    entry: EntryRow
    currency: str
    bonus: bool

    @property
    def kind(self) -> str:
        return self.entry.kind

    @property
    def amount(self) -> Money:
        return Money(self.entry.amount, self.currency)

    @property
    def note(self) -> str | None:
        return self.entry.note

    @property
    def at(self) -> datetime:
        return self.entry.at


async def balances(work: Work, member_ids: Sequence[UUID]) -> dict[UUID, BalanceRow]:
    """What members have, by the member."""
    value, bonus = [await ledger.balances(work, unit, member_ids) for unit in (Unit.VALUE, Unit.BONUS)]
    currency = work.brand.currency
    return {
        key: BalanceRow(Money(value[key].available, currency), Money(bonus[key].available, currency))
        for key in member_ids
    }


async def statement(work: Work, member_id: UUID, *, after: UUID | None, limit: int) -> list[LineRow]:
    """What came and went, the newest first, bonus among the rest."""
    lines = [
        LineRow(entry, work.brand.currency, unit is Unit.BONUS)
        for unit in (Unit.VALUE, Unit.BONUS)
        for entry in await ledger.statement(work, unit, member_id, after=after, limit=limit)
    ]
    return sorted(lines, key=lambda line: line.entry.id, reverse=True)[:limit]


async def counts(work: Work, member_ids: Sequence[UUID]) -> list[int]:
    """How many lines the statements have."""
    found = {row["id"]: row["count"] for row in await work.fetch(COUNT, list(member_ids))}
    return [found.get(key, 0) for key in member_ids]
