"""Reads of the ledger."""

from collections.abc import Collection, Sequence
from uuid import UUID

from core.ledger.rows import BalanceRow, EntryRow, ExpiryRow
from core.ledger.transfer import Own, Unit
from core.work import Work

# What has expired since the last sweep is gone, whatever the row says.
BALANCES = """
SELECT a.member_id, (a.available - coalesce(gone.amount, 0))::bigint, a.pending, a.debt
FROM ledger_account a LEFT JOIN LATERAL (
    SELECT sum(l.size - l.spent) AS amount FROM ledger_lot l WHERE l.tenant_id = $1 AND l.account_id = a.id
    AND l.spent < l.size AND NOT l.pending AND l.expires_at <= (SELECT app_now())) gone ON true
WHERE a.tenant_id = $1 AND a.unit = $2 AND a.kind = 'MEMBER' AND a.member_id = any($3::uuid[])
"""
EXPIRIES = """
SELECT a.member_id, sum(l.size - l.spent)::bigint, l.expires_at
FROM ledger_account a CROSS JOIN LATERAL (
    SELECT l.size, l.spent, l.expires_at FROM ledger_lot l WHERE l.tenant_id = $1 AND l.account_id = a.id
    AND l.spent < l.size AND NOT l.pending AND l.expires_at > (SELECT app_now())
    ORDER BY l.expires_at FETCH FIRST ROW WITH TIES) l
WHERE a.tenant_id = $1 AND a.unit = $2 AND a.kind = 'MEMBER' AND a.member_id = any($3::uuid[])
GROUP BY a.member_id, l.expires_at
"""
#: a member's account, and those that have gone into it
ACCOUNTS = """
SELECT a.id FROM ledger_account a WHERE a.tenant_id = $1 AND a.unit = $2 AND (a.member_id = $3 OR a.successor_id IN (
    SELECT m.id FROM ledger_account m WHERE m.tenant_id = $1 AND m.unit = $2 AND m.member_id = $3))
"""
STATEMENT = """
SELECT t.id, t.kind, t.source, e.amount, t.note, t.at FROM (
    SELECT p.transaction_id, sum(p.amount)::bigint AS amount FROM ledger_posting p
    WHERE p.tenant_id = $1 AND p.account_id = any($2::uuid[]) AND p.transaction_id < $3
    GROUP BY p.transaction_id HAVING sum(p.amount) <> 0 ORDER BY p.transaction_id DESC LIMIT $4
) e JOIN ledger_transaction t ON t.tenant_id = $1 AND t.id = e.transaction_id ORDER BY t.id DESC
"""
#: of one account postings lie in the order of its transactions: this reads no further than the page
ONE = STATEMENT.replace("any($2::uuid[])", "$2::uuid")
COUNT = """
SELECT count(*) FROM (
    SELECT FROM ledger_posting p WHERE p.tenant_id = $1 AND p.account_id = any($2::uuid[])
    GROUP BY p.transaction_id HAVING sum(p.amount) <> 0) e
"""
OWN = """
SELECT coalesce(sum(p.amount), 0)::bigint FROM ledger_account a
JOIN ledger_posting p ON p.tenant_id = $1 AND p.account_id = a.id
WHERE a.tenant_id = $1 AND a.unit = $2 AND a.kind = $3 AND a.member_id IS NULL
"""
LAST = UUID(int=(1 << 128) - 1)


async def balances(work: Work, unit: Unit, member_ids: Collection[UUID]) -> dict[UUID, BalanceRow]:
    """What members have of a unit; who never had any has nothing."""
    rows = await work.fetch(BALANCES, unit, list(member_ids)) if member_ids else ()
    return {key: BalanceRow() for key in member_ids} | {row[0]: BalanceRow(*tuple(row)[1:]) for row in rows}


async def expiries(work: Work, unit: Unit, member_ids: Collection[UUID]) -> dict[UUID, ExpiryRow]:
    """What expires next of what members can spend; of those of whom something does."""
    return {row[0]: ExpiryRow(*tuple(row)[1:]) for row in await work.fetch(EXPIRIES, unit, list(member_ids))}


async def statement(
    work: Work, unit: Unit, member_id: UUID, *, after: UUID | None = None, limit: int
) -> Sequence[EntryRow]:
    """The lines of a member's account, the newest first."""
    ids = [row["id"] for row in await work.fetch(ACCOUNTS, unit, member_id)]
    if len(ids) == 1:
        return await work.rows(EntryRow, ONE, ids[0], after or LAST, limit)
    return await work.rows(EntryRow, STATEMENT, ids, after or LAST, limit) if ids else []


async def count(work: Work, unit: Unit, member_id: UUID) -> int:
    """How many lines that statement has."""
    ids = [row["id"] for row in await work.fetch(ACCOUNTS, unit, member_id)]
    return int(await work.value(COUNT, ids)) if ids else 0


async def total(work: Work, unit: Unit, account: Own) -> int:
    """What an account of the brand's own has come to."""
    return int(await work.value(OWN, unit, account))
