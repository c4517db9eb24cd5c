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
MOST = 20  #: top-ups that are shown
TOP_UP = "t.payment_id, t.member_id, t.amount, t.bonus, p.currency, t.begun_at, t.credited_at"
TOP_UPS = f"""
SELECT {TOP_UP} FROM value_top_up t JOIN payment p ON p.tenant_id = $1 AND p.id = t.payment_id
WHERE t.tenant_id = $1 AND t.payment_id = any($2::uuid[])
"""
OF_MEMBERS = f"""
SELECT t.* FROM unnest($2::uuid[]) AS m(id) CROSS JOIN LATERAL (
    SELECT {TOP_UP} FROM value_top_up t JOIN payment p ON p.tenant_id = $1 AND p.id = t.payment_id
    WHERE t.tenant_id = $1 AND t.member_id = m.id ORDER BY t.payment_id DESC LIMIT $3) t
"""


@dataclass(slots=True)
class TopUpRow:
    """What was paid in, or is to be."""

    id: UUID
    member_id: UUID
    minor: int
    bonus_minor: int
    currency: str
    begun_at: datetime
    credited_at: datetime | None

    @property
    def amount(self) -> Money:
        return Money(self.minor, self.currency)

    @property
    def bonus(self) -> Money:
        return Money(self.bonus_minor, self.currency)


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


async def top_ups_by_ids(work: Work, payment_ids: Sequence[UUID]) -> list[TopUpRow | None]:
    """Top-ups in the order of their payments' ids."""
    found = {row.id: row for row in await work.rows(TopUpRow, TOP_UPS, list(set(payment_ids)))}
    return [found.get(key) for key in payment_ids]


async def top_ups_of(work: Work, member_ids: Sequence[UUID]) -> dict[UUID, list[TopUpRow]]:
    """The latest top-ups of each member."""
    groups: dict[UUID, list[TopUpRow]] = {key: [] for key in member_ids}
    for row in await work.rows(TopUpRow, OF_MEMBERS, list(member_ids), MOST):
        groups[row.member_id].append(row)
    return groups
