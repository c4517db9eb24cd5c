"""Paying in: begun with any provider, credited once by the money's own word, with the bonus that was promised."""

from collections.abc import Mapping
from uuid import UUID

from core import clock, ledger, payments
from core.errors import Invalid
from core.ledger import Key, Own, Transfer, Unit
from core.money import Money
from core.payments import Bill, PaymentRow
from core.work import Work, Works
from plugins.value import queries
from plugins.value.rules import ValueRules

PURPOSE = "value.top_up"
TOPPED_UP, BONUS = "value.topped_up", "value.bonus"
_AMOUNT = ("input", "amount")

NOTE = """
INSERT INTO value_top_up (tenant_id, payment_id, member_id, amount, bonus, begun_at) VALUES ($1, $2, $3, $4, $5, $6)
"""
# Who begins several at once begins them one after the other.
LOCK = "SELECT 1 FROM member WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE"
AWAITED = """
SELECT coalesce(sum(t.amount), 0)::bigint FROM value_top_up t
JOIN payment p ON p.tenant_id = $1 AND p.id = t.payment_id AND p.status = 'PENDING'
WHERE t.tenant_id = $1 AND t.member_id = $2 AND t.credited_at IS NULL AND t.begun_at > app_now() - interval '1 hour'
"""
CREDIT = """
UPDATE value_top_up SET credited_at = $3 WHERE tenant_id = $1 AND payment_id = $2 AND credited_at IS NULL
RETURNING member_id, bonus
"""


class TopUps:
    """Hands over what was paid in."""

    name = PURPOSE

    async def paid(self, work: Work, payment: PaymentRow) -> None:
        """Credit a payment and its bonus; the ledger knows both by the payment."""
        [found] = await work.fetch(CREDIT, payment.id, clock.now())
        given = [(Unit.VALUE, TOPPED_UP, Own.PAID_IN, payment.minor), (Unit.BONUS, BONUS, Own.ISSUED, found["bonus"])]
        transfers = [
            Transfer(key=Key(kind, str(payment.id)), unit=unit, amount=many, giver=own, taker=found["member_id"])
            for unit, kind, own, many in given
            if many
        ]
        await ledger.post(work, transfers)


async def start(
    works: Works, member_id: UUID, amount: Money, provider: str, key: str, details: Mapping[str, object]
) -> payments.Outcome:
    """Begin to pay in; the same key goes on with the same payment."""

    async def note(work: Work, payment_id: UUID) -> None:
        rules = work.rules(ValueRules)
        await _check(work, rules, member_id, amount)
        bonus = amount.minor // rules.bonus_every * rules.bonus
        await work.execute(NOTE, payment_id, member_id, amount.minor, bonus, clock.now())

    bill = Bill(purpose=PURPOSE, member_id=member_id, amount=amount, provider=provider, key=key, details=details)
    return await payments.start_bill(works, bill, note)


async def _check(work: Work, rules: ValueRules, member_id: UUID, amount: Money) -> None:
    least, most = [Money(minor, amount.currency).amount for minor in (rules.least_top_up, rules.most_top_up)]
    if not rules.least_top_up <= amount.minor <= rules.most_top_up:
        raise Invalid(reason=f"Between {least} and {most} {amount.currency} are paid in at once.", path=_AMOUNT)
    await work.value(LOCK, member_id)
    held = (await queries.balances(work, [member_id]))[member_id].available.minor
    if held + int(await work.value(AWAITED, member_id)) + amount.minor > rules.most_held:
        up_to = Money(rules.most_held, amount.currency).amount
        raise Invalid(reason=f"Stored value goes up to {up_to} {amount.currency}.", path=_AMOUNT)
