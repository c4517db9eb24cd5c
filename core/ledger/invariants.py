"""What must hold of the ledger."""

from core.books import Invariant, Mending, Scope, written_once

ZERO = """
SELECT t.id, t.kind, coalesce(sum(p.amount), 0) AS sum, count(p.amount) AS postings FROM ledger_transaction t
LEFT JOIN ledger_posting p ON p.tenant_id = $1 AND p.transaction_id = t.id
WHERE t.tenant_id = $1 GROUP BY t.id, t.kind HAVING coalesce(sum(p.amount), 0) <> 0 OR count(p.amount) < 2
"""
#: what the lots and the postings of a member's account come to
COME_TO = """
SELECT a.id, coalesce(l.available, 0)::bigint AS available, coalesce(l.pending, 0)::bigint AS pending,
    coalesce(p.owed, 0)::bigint AS debt
FROM ledger_account a
LEFT JOIN (
    SELECT account_id, sum(size - spent) FILTER (WHERE NOT pending) AS available,
        sum(size - spent) FILTER (WHERE pending) AS pending
    FROM ledger_lot WHERE tenant_id = $1 GROUP BY account_id
) l ON l.account_id = a.id
LEFT JOIN (
    SELECT account_id, -sum(amount) AS owed FROM ledger_posting
    WHERE tenant_id = $1 AND lot_id IS NULL GROUP BY account_id
) p ON p.account_id = a.id
WHERE a.tenant_id = $1 AND (a.member_id IS NOT NULL OR a.successor_id IS NOT NULL)
"""
BALANCE = f"""
SELECT a.id, a.unit, a.available, a.pending, a.debt, c.available AS lots, c.pending AS pending_lots, c.debt AS owed
FROM ledger_account a JOIN ({COME_TO}) c ON c.id = a.id
WHERE a.tenant_id = $1 AND (a.available, a.pending, a.debt) IS DISTINCT FROM (c.available, c.pending, c.debt)
"""
LOCK_BALANCE = f"""
SELECT a.id FROM ledger_account a JOIN ({BALANCE}) b ON b.id = a.id WHERE a.tenant_id = $1 ORDER BY a.id FOR UPDATE OF a
"""
COUNT_BALANCE = f"""
UPDATE ledger_account a SET available = c.available, pending = c.pending, debt = c.debt FROM ({COME_TO}) c
WHERE a.tenant_id = $1 AND a.id = any($2::uuid[]) AND c.id = a.id
    AND c.available >= 0 AND c.pending >= 0 AND (c.debt = 0 OR (c.debt > 0 AND a.may_owe AND c.available = 0))
    AND (a.available, a.pending, a.debt) IS DISTINCT FROM (c.available, c.pending, c.debt)
"""
LOTS = """
SELECT l.id, l.size, l.spent, p.given, p.taken FROM ledger_lot l LEFT JOIN (
    SELECT lot_id, sum(amount) FILTER (WHERE amount > 0) AS given, -sum(amount) FILTER (WHERE amount < 0) AS taken
    FROM ledger_posting WHERE tenant_id = $1 AND lot_id IS NOT NULL GROUP BY lot_id
) p ON p.lot_id = l.id
WHERE l.tenant_id = $1
    AND (l.size <> coalesce(p.given, 0) OR l.spent <> coalesce(p.taken, 0) OR l.spent NOT BETWEEN 0 AND l.size)
"""
BELOW = """
SELECT id, unit, kind, available, pending, debt FROM ledger_account
WHERE tenant_id = $1 AND (available < 0 OR pending < 0 OR debt < 0 OR (debt > 0 AND (available > 0 OR NOT may_owe)))
"""
UNDONE = """
SELECT o.id, taken.amount AS taken, sum(p.amount) AS back FROM ledger_transaction o
JOIN ledger_transaction u ON u.tenant_id = $1 AND u.undoes_id = o.id
JOIN ledger_posting p ON p.tenant_id = $1 AND p.transaction_id = u.id AND p.amount > 0
CROSS JOIN LATERAL (
    SELECT -sum(amount) AS amount FROM ledger_posting t
    WHERE t.tenant_id = $1 AND t.transaction_id = o.id AND t.amount < 0
) taken
WHERE o.tenant_id = $1 GROUP BY o.id, taken.amount HAVING sum(p.amount) > taken.amount
"""
SETTLED = """
SELECT id, account_id, available_at, expires_at FROM ledger_lot WHERE tenant_id = $1 AND spent < size
    AND CASE WHEN pending THEN available_at ELSE expires_at END < (SELECT app_now()) - interval '1 hour'
"""

INVARIANTS = [
    Invariant(key="ledger.zero_sum", sentence="The postings of a transaction sum to zero.", broken=ZERO),
    Invariant(
        key="ledger.balance",
        sentence="A balance is what its lots have left, and what is owed is what no lot has paid.",
        broken=BALANCE,
        mending=Mending(LOCK_BALANCE, COUNT_BALANCE),
    ),
    Invariant(
        key="ledger.lots", sentence="No more of a lot is spent than it had, and all of that was posted.", broken=LOTS
    ),
    Invariant(
        key="ledger.below", sentence="Nobody has less than nothing, nor owes what may not be owed.", broken=BELOW
    ),
    Invariant(key="ledger.undone", sentence="No more goes back than was taken.", broken=UNDONE),
    Invariant(
        key="ledger.settled",
        sentence="What is due of lots is done within the hour.",
        broken=SETTLED,
        scope=Scope.UPKEEP,
    ),
    written_once("ledger.transactions", "ledger_transaction", "A transaction stays as it was written."),
    written_once("ledger.postings", "ledger_posting", "A posting stays as it was written."),
]
