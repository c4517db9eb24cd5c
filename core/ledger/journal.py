"""What a turn at the ledger has come to, written in one message."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from core.ledger.account import Account, Lot, Part
from core.ledger.transfer import Key, Unit
from core.work import Work

TRANSACTIONS = """
INSERT INTO ledger_transaction (tenant_id, id, unit, kind, source, undoes_id, note, actor, at)
SELECT $1, t.*, $8, $9 FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::text[]) AS t
"""
LOTS = """
INSERT INTO ledger_lot (tenant_id, id, account_id, transaction_id, size, spent, pending, available_at, expires_at)
SELECT $1, l.* FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::bigint[], $6::bigint[], $7::boolean[],
    $8::timestamptz[], $9::timestamptz[]) AS l
"""
POSTINGS = """
INSERT INTO ledger_posting (tenant_id, transaction_id, position, account_id, lot_id, amount)
SELECT $1, p.* FROM unnest($2::uuid[], $3::bigint[], $4::uuid[], $5::uuid[], $6::bigint[]) AS p
"""
BALANCES = """
UPDATE ledger_account a
SET available = a.available + d.available, pending = a.pending + d.pending, debt = a.debt + d.debt
FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[]) AS d(id, available, pending, debt)
WHERE a.tenant_id = $1 AND a.id = d.id AND a.available + d.available >= 0 AND a.pending + d.pending >= 0
"""
SPENT = """
UPDATE ledger_lot l SET spent = l.spent + d.spent, pending = d.pending
FROM unnest($2::uuid[], $3::bigint[], $4::boolean[]) AS d(id, spent, pending)
WHERE l.tenant_id = $1 AND l.id = d.id AND l.spent + d.spent <= l.size
"""


class Row(NamedTuple):
    """A transaction as it is written."""

    id: UUID
    unit: Unit
    kind: str
    source: str
    undoes_id: UUID | None
    note: str | None


class Side(NamedTuple):
    """What a transaction is to an account, of one lot or of none."""

    account_id: UUID
    lot_id: UUID | None
    amount: int


@dataclass(slots=True)
class Journal:
    """Transactions, in turn, with their postings."""

    rows: list[Row] = field(default_factory=list)
    postings: list[tuple[UUID, int, UUID, UUID | None, int]] = field(default_factory=list)

    def post(
        self,
        transaction_id: UUID,
        unit: Unit,
        key: Key,
        sides: Sequence[Side],
        *,
        undoes: UUID | None = None,
        note: str | None = None,
    ) -> None:
        """Have a transaction; its sides sum to zero."""
        if sum(side.amount for side in sides) or not sides:
            raise RuntimeError(f"the sides of {key} do not sum to zero: {sides}")
        self.rows.append(Row(transaction_id, unit, *key, undoes, note))
        self.postings += [(transaction_id, position, *side) for position, side in enumerate(sides)]

    def write(self, work: Work, now: datetime, accounts: Iterable[Account]) -> None:
        """Write what was posted, and what has become of accounts and of their lots."""
        lots = [lot for account in accounts for lot in account.lots.values()]
        if self.rows:
            work.write(TRANSACTIONS, *_columns(self.rows), work.actor.label, now)
        _write_new(work, [lot for lot in lots if lot.was_spent is None])
        if self.postings:
            work.write(POSTINGS, *_columns(self.postings))
        _write_balances(work, accounts)
        _write_changed(work, [lot for lot in lots if lot.was_spent is not None])


def sides_of(account_id: UUID, parts: Iterable[Part], sign: int) -> list[Side]:
    """The parts of an amount as sides of one account."""
    return [Side(account_id, part.lot.id if part.lot is not None else None, sign * part.amount) for part in parts]


def _write_new(work: Work, lots: Sequence[Lot]) -> None:
    if lots:
        work.write(LOTS, *_columns([_row(lot) for lot in lots]))


def _row(lot: Lot) -> tuple[object, ...]:
    until = (lot.pending, lot.available_at, lot.expires_at)
    return (lot.id, lot.account_id, lot.transaction_id, lot.size, lot.spent, *until)


def _write_balances(work: Work, accounts: Iterable[Account]) -> None:
    changed = [(one.id, *one.change) for one in accounts if any(one.change)]
    if changed:
        below = RuntimeError("an account that was held has changed, or would fall below zero")
        work.write(BALANCES, *_columns(changed), rows=len(changed), otherwise=below)


def _write_changed(work: Work, lots: Sequence[Lot]) -> None:
    changed = [
        (lot.id, lot.spent - (lot.was_spent or 0), lot.pending)
        for lot in lots
        if lot.spent != lot.was_spent or lot.pending != lot.was_pending
    ]
    if changed:
        overspent = RuntimeError("a lot whose account was held has changed")
        work.write(SPENT, *_columns(changed), rows=len(changed), otherwise=overspent)


def _columns(rows: Sequence[tuple[object, ...]]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]
