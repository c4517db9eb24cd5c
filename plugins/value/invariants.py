"""What must hold of stored value."""

from core.books import Invariant
from plugins.value.paying_out import PAID_OUT
from plugins.value.provider import METHOD
from plugins.value.spending import BONUS_RETURNED, BONUS_SPENT, RETURNED, SPENT
from plugins.value.topping_up import BONUS, PURPOSE, TOPPED_UP


def _posted(*kinds: str) -> str:
    """What transactions of some kinds have moved, by what they come of."""
    named = ", ".join(f"'{kind}'" for kind in kinds)
    return f"""SELECT t.source, sum(p.amount) AS amount FROM ledger_transaction t
    JOIN ledger_posting p ON p.tenant_id = $1 AND p.transaction_id = t.id AND p.amount > 0
    WHERE t.tenant_id = $1 AND t.kind IN ({named}) GROUP BY t.source"""


TAKEN = f"""
SELECT p.id, p.amount, s.source, s.amount AS spent FROM (
    SELECT id, amount FROM payment WHERE tenant_id = $1 AND provider = '{METHOD}' AND status = 'CAPTURED' AND amount > 0
) p FULL JOIN ({_posted(SPENT, BONUS_SPENT)}) s ON s.source = p.id::text
WHERE p.amount IS DISTINCT FROM s.amount
"""
GIVEN_BACK = f"""
SELECT f.id, f.amount, s.source, s.amount AS returned FROM (
    SELECT r.id, r.amount FROM refund r JOIN payment p ON p.tenant_id = $1 AND p.id = r.payment_id
    WHERE r.tenant_id = $1 AND p.provider = '{METHOD}' AND r.status = 'SUCCEEDED'
) f FULL JOIN ({_posted(RETURNED, BONUS_RETURNED)}) s ON s.source = f.id::text
WHERE f.amount IS DISTINCT FROM s.amount
"""
PAID_IN = f"""
SELECT p.id, p.amount, s.source, s.amount AS credited FROM (
    SELECT id, amount FROM payment WHERE tenant_id = $1 AND purpose = '{PURPOSE}' AND status = 'CAPTURED'
) p FULL JOIN ({_posted(TOPPED_UP)}) s ON s.source = p.id::text
WHERE p.amount IS DISTINCT FROM s.amount
"""
BONUS_GIVEN = f"""
SELECT t.payment_id, t.amount, t.bonus, s.source, s.amount AS given FROM (
    SELECT payment_id, amount, bonus FROM value_top_up WHERE tenant_id = $1 AND credited_at IS NOT NULL AND bonus > 0
) t FULL JOIN ({_posted(BONUS)}) s ON s.source = t.payment_id::text
WHERE t.bonus IS DISTINCT FROM s.amount
"""
PAID_BACK = f"""
SELECT f.id, f.amount, s.source, s.amount AS taken FROM (
    SELECT r.id, r.amount FROM refund r JOIN payment p ON p.tenant_id = $1 AND p.id = r.payment_id
    WHERE r.tenant_id = $1 AND p.purpose = '{PURPOSE}'
) f FULL JOIN ({_posted(PAID_OUT)}) s ON s.source = f.id::text
WHERE f.amount IS DISTINCT FROM s.amount
"""

INVARIANTS = [
    Invariant(key="value.paid_in", sentence="What was paid in is credited, once.", broken=PAID_IN),
    Invariant(key="value.bonus", sentence="A bonus is what was promised with what was paid in.", broken=BONUS_GIVEN),
    Invariant(
        key="value.paid_out", sentence="What is paid back of what was paid in is nobody's any more.", broken=PAID_BACK
    ),
    Invariant(key="value.taken", sentence="What was paid with stored value is what was spent of it.", broken=TAKEN),
    Invariant(
        key="value.given_back",
        sentence="What was paid back as stored value is what has come back of it.",
        broken=GIVEN_BACK,
    ),
]
