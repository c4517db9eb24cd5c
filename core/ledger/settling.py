"""What time does to lots: they become available, pay what is owed, and expire."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from core import clock
from core.ids import new_id
from core.ledger.account import Account, Lot, Part
from core.ledger.holding import hold, read_lots
from core.ledger.journal import Journal, Side, sides_of
from core.ledger.transfer import Key, Own, Unit
from core.work import Work

BATCH = 200  #: lots that are looked for at once
OFFSET = "ledger.offset"  #: of a lot, that what was owed was paid out of it
EXPIRED = "ledger.expired"

IS_DUE = """
SELECT 1 FROM ledger_lot WHERE tenant_id = $1 AND spent < size AND pending AND available_at <= (SELECT app_now())
UNION ALL
SELECT 1 FROM ledger_lot WHERE tenant_id = $1 AND spent < size AND NOT pending AND expires_at <= (SELECT app_now())
"""
DUE = """
WITH due AS (
    (SELECT account_id FROM ledger_lot WHERE tenant_id = $1 AND spent < size AND pending AND available_at <= $2
    ORDER BY available_at LIMIT $3)
    UNION (SELECT account_id FROM ledger_lot WHERE tenant_id = $1 AND spent < size AND NOT pending AND expires_at <= $2
    ORDER BY expires_at LIMIT $3)
)
SELECT a.unit, a.member_id FROM due JOIN ledger_account a ON a.tenant_id = $1 AND a.id = due.account_id
"""
# Whoever makes lots available or spends them holds their accounts first.
LOCK_ACCOUNTS = """
SELECT 1 FROM ledger_account a WHERE a.tenant_id = $1 AND a.id IN (
    SELECT l.account_id FROM unnest($2::text[], $3::text[]) AS r(kind, source)
    JOIN ledger_transaction t ON t.tenant_id = $1 AND t.kind = r.kind AND t.source = r.source
    JOIN ledger_lot l ON l.tenant_id = $1 AND l.transaction_id = t.id)
ORDER BY a.id FOR UPDATE OF a
"""
RIPEN = """
UPDATE ledger_lot l SET available_at = r.at
FROM unnest($2::text[], $3::text[], $4::timestamptz[]) AS r(kind, source, at)
JOIN ledger_transaction t ON t.tenant_id = $1 AND t.kind = r.kind AND t.source = r.source
WHERE l.tenant_id = $1 AND l.transaction_id = t.id AND l.pending
"""


class Ripening(NamedTuple):
    """Since when what a transfer gave can be spent."""

    key: Key
    at: datetime


async def ripen(work: Work, ripenings: Sequence[Ripening]) -> None:
    """Say when what is pending becomes available; what is available already stays so."""
    if ripenings:
        kinds, sources = [one.key.kind for one in ripenings], [one.key.source for one in ripenings]
        await work.fetch(LOCK_ACCOUNTS, kinds, sources)
        work.write(RIPEN, kinds, sources, [one.at for one in ripenings])


async def settle_due(work: Work) -> int:
    """Do what is due of a batch of accounts; returns how many."""
    now = clock.now()
    due = [(Unit(row["unit"]), row["member_id"]) for row in await work.fetch(DUE, now, BATCH)]
    if not due:
        return 0
    held = await hold(work, {*due, *((unit, Own.EXPIRED) for unit, _ in due)}, ())
    journal, accounts = Journal(), held.accounts.values()
    await read_lots(work, held.accounts, {}, now)
    for account in accounts:
        settle(journal, account, held.ids[account.unit, Own.EXPIRED], now)
    journal.write(work, now, accounts)
    return len(due)


def settle(journal: Journal, account: Account, expired: UUID, now: datetime) -> None:
    """Do what is due of an account's lots, as far as they were read."""
    for lot in account.ripen(now):
        offset(journal, account, lot)
    for part in account.expire(now):
        assert part.lot is not None, "what expires is of a lot"
        sides = [*sides_of(account.id, [part], -1), Side(expired, None, part.amount)]
        journal.post(new_id(), account.unit, Key(EXPIRED, str(part.lot.id)), sides)


def offset(journal: Journal, account: Account, lot: Lot) -> None:
    """Have a lot that has become available pay what its account owes."""
    paid = account.settle_debt(lot)
    if paid:
        sides = [*sides_of(account.id, [Part(lot, paid)], -1), Side(account.id, None, paid)]
        # A lot that has become available waits anew where members are merged, and may pay again.
        journal.post(new_id(), account.unit, Key(OFFSET, f"{lot.id}:{lot.spent}"), sides)
