"""Spending stored value, then bonus, and giving back what was spent: bonus, then stored value."""

from uuid import UUID

from core import ledger
from core.ledger import Key, Own, Posted, Short, Transfer, Unit
from core.money import Money
from core.payments import InsufficientValue
from core.work import Work

SPENT, BONUS_SPENT = "value.spent", "value.bonus_spent"
RETURNED, BONUS_RETURNED = "value.returned", "value.bonus_returned"
KINDS = {Unit.VALUE: (SPENT, RETURNED), Unit.BONUS: (BONUS_SPENT, BONUS_RETURNED)}


async def spend(work: Work, member_id: UUID, payment_id: UUID, amount: Money) -> None:
    """Spend an amount of a member's for a payment, once, or refuse it all. The balances are locked from here on."""
    there = await _post(work, _spending(Unit.VALUE, member_id, payment_id, amount.minor))
    if there is None:
        return
    rest = amount.minor - there
    if there:
        await _post(work, _spending(Unit.VALUE, member_id, payment_id, there))
    bonus = await _post(work, _spending(Unit.BONUS, member_id, payment_id, rest))
    if bonus is not None:
        available = Money(there + bonus, amount.currency).amount
        facts = {"available": available, "wanted": amount.amount, "currency": amount.currency}
        raise InsufficientValue(path=("input", "amount"), **facts)


async def give_back(work: Work, member_id: UUID, payment_id: UUID, refund_id: UUID, amount: int) -> None:
    """Give back an amount of what was spent for a payment, once: what was spent last goes back first."""
    bonus = await _post(work, _returning(Unit.BONUS, member_id, payment_id, refund_id, amount))
    if bonus is None:
        return
    if bonus:
        await _post(work, _returning(Unit.BONUS, member_id, payment_id, refund_id, bonus))
    short = await _post(work, _returning(Unit.VALUE, member_id, payment_id, refund_id, amount - bonus))
    if short is not None:
        raise RuntimeError(f"refund {refund_id} is of more than payment {payment_id} has taken")


async def _post(work: Work, transfer: Transfer) -> int | None:
    """How much could have been posted; None: it is posted, now or before."""
    [answer] = await ledger.post(work, [transfer])
    assert isinstance(answer, Posted | Short)
    return answer.available if isinstance(answer, Short) else None


def _spending(unit: Unit, member_id: UUID, payment_id: UUID, amount: int) -> Transfer:
    key = Key(KINDS[unit][0], str(payment_id))
    return Transfer(key=key, unit=unit, amount=amount, giver=member_id, taker=Own.SPENT)


def _returning(unit: Unit, member_id: UUID, payment_id: UUID, refund_id: UUID, amount: int) -> Transfer:
    spent, returned = KINDS[unit]
    return Transfer(
        key=Key(returned, str(refund_id)),
        unit=unit,
        amount=amount,
        giver=Own.SPENT,
        taker=member_id,
        undoes=Key(spent, str(payment_id)),
    )
