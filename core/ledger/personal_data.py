"""What the ledger knows of members, and how two accounts become one: by postings, so that both histories stay."""

from core.personal import KEPT_AS_IT_IS, STAYS, Outcome, PersonalData

_OF_MEMBER = """t.account_id IN (
    SELECT a.id FROM ledger_account a LEFT JOIN ledger_account s ON s.tenant_id = $1 AND s.id = a.successor_id
    WHERE a.tenant_id = $1 AND $2 IN (a.member_id, s.member_id))"""
_OF_POSTINGS = f"t.id IN (SELECT t.transaction_id FROM ledger_posting t WHERE t.tenant_id = $1 AND {_OF_MEMBER})"
#: accounts of the one who goes whose unit the one who stays has an account of too
_PAIRS = """ledger_account a JOIN ledger_account b
    ON b.tenant_id = $1 AND b.member_id = $3 AND b.unit = a.unit AND a.tenant_id = $1 AND a.member_id = $2"""


def _made(of: str) -> str:
    """An id that can be worked out again within the transaction, and sorts by its moment as all do."""
    moment = "lpad(to_hex((extract(epoch FROM app_now()) * 1000)::bigint), 12, '0')"
    chance = f"md5('merged' || {of})"
    return f"({moment} || '7' || substr({chance}, 1, 3) || '8' || substr({chance}, 4, 15))::uuid"


LOCK = """
SELECT 1 FROM ledger_account WHERE tenant_id = $1 AND member_id IN ($2, $3) ORDER BY id FOR UPDATE
"""
ADOPT = """
UPDATE ledger_account a SET member_id = $3 WHERE a.tenant_id = $1 AND a.member_id = $2 AND NOT EXISTS (
    SELECT FROM ledger_account b WHERE b.tenant_id = $1 AND b.member_id = $3 AND b.unit = a.unit)
"""
TRANSACTION = f"""
INSERT INTO ledger_transaction (tenant_id, id, unit, kind, source, actor, at)
SELECT $1, {_made("a.id")}, a.unit, 'ledger.merged', a.id::text, 'system:merging', app_now() FROM {_PAIRS}
WHERE a.available + a.pending + a.debt > 0
"""
# What is taken back later is found by what it was given for. All of it waits for a moment: then debts are paid first.
LOTS = f"""
INSERT INTO ledger_lot (tenant_id, id, account_id, transaction_id, size, pending, available_at, expires_at)
SELECT $1, {_made("l.id")}, b.id, l.transaction_id, l.size - l.spent, true,
    CASE WHEN l.pending THEN l.available_at ELSE app_now() END, l.expires_at
FROM {_PAIRS} JOIN ledger_lot l ON l.tenant_id = $1 AND l.account_id = a.id AND l.spent < l.size
"""
POSTINGS = f"""
INSERT INTO ledger_posting (tenant_id, transaction_id, position, account_id, lot_id, amount)
SELECT $1, {_made("s.of")}, row_number() OVER (PARTITION BY s.of) - 1, s.account_id, s.lot_id, s.amount FROM (
    SELECT a.id AS of, side.account_id, side.lot_id, side.amount
    FROM {_PAIRS} JOIN ledger_lot l ON l.tenant_id = $1 AND l.account_id = a.id AND l.spent < l.size
    CROSS JOIN LATERAL (VALUES (a.id, l.id, l.spent - l.size), (b.id, {_made("l.id")}, l.size - l.spent))
        AS side(account_id, lot_id, amount)
    UNION ALL SELECT a.id, side.account_id, NULL::uuid, side.amount
    FROM {_PAIRS} CROSS JOIN LATERAL (VALUES (a.id, a.debt), (b.id, -a.debt)) AS side(account_id, amount)
    WHERE a.debt > 0
) s
"""
SPENT = f"""
UPDATE ledger_lot l SET spent = CASE WHEN l.account_id = p.going THEN l.size ELSE l.spent END,
    pending = l.account_id <> p.going OR l.pending,
    available_at = CASE WHEN l.account_id <> p.going AND NOT l.pending THEN app_now() ELSE l.available_at END
FROM (SELECT a.id AS going, b.id AS staying FROM {_PAIRS}) p
WHERE l.tenant_id = $1 AND l.account_id IN (p.going, p.staying) AND l.spent < l.size
"""
GROW = f"""
UPDATE ledger_account s SET available = 0, debt = s.debt + p.debt,
    pending = s.available + s.pending + p.available + p.pending
FROM (SELECT a.available, a.pending, a.debt, b.id AS staying FROM {_PAIRS}) p
WHERE s.tenant_id = $1 AND s.id = p.staying
"""
FOLLOW = f"""
UPDATE ledger_account f SET successor_id = p.staying FROM (SELECT a.id AS going, b.id AS staying FROM {_PAIRS}) p
WHERE f.tenant_id = $1 AND f.successor_id = p.going
"""
CLOSE = f"""
UPDATE ledger_account c SET kind = 'MERGED', member_id = NULL, successor_id = p.staying,
    available = 0, pending = 0, debt = 0
FROM (SELECT a.id AS going, b.id AS staying FROM {_PAIRS}) p WHERE c.tenant_id = $1 AND c.id = p.going
"""

_MERGING = Outcome(
    "Both balances are one, debts paid first; each lot is good for as long as before, and both histories stay.",
    [LOCK, ADOPT, TRANSACTION, LOTS, POSTINGS, SPENT, GROW, FOLLOW, CLOSE],
)


def _part(table: str, holds: str, whose: str = _OF_MEMBER) -> PersonalData:
    return PersonalData(table=table, holds=holds, members=(), whose=whose, merging=STAYS, erasing=KEPT_AS_IT_IS)


PERSONAL_DATA = [
    PersonalData(
        table="ledger_account",
        holds="Points, stored value and commission",
        merging=_MERGING,
        erasing=KEPT_AS_IT_IS,
    ),
    _part("ledger_lot", "What was given at once, and until when it is good"),
    _part("ledger_posting", "How it came and went"),
    _part("ledger_transaction", "Why it came and went", _OF_POSTINGS),
]
