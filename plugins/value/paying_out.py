"""Paying back what was paid in and is not spent; of the bonus that came with it its share, as far as it is there."""

from uuid import UUID

from core import audit, idempotency, ledger, payments
from core.errors import NotFound
from core.idempotency import Request
from core.ids import new_id
from core.ledger import Key, Own, Posted, Short, Transfer, Unit
from core.money import Money
from core.payments import InsufficientValue, PaymentRow
from core.work import Work
from plugins.value import queries
from plugins.value.permissions import REFUND
from plugins.value.queries import TopUpRow
from plugins.value.topping_up import BONUS, TOPPED_UP

PAID_OUT, BONUS_TAKEN = "value.paid_out", "value.bonus_taken"


async def pay_out(work: Work, payment_id: UUID | None, amount: int, reason: str, key: str) -> UUID:
    """Pay some of a top-up back to where it came from; returns the refund's id, again for the same key."""
    found = (await queries.top_ups_by_ids(work, [payment_id]))[0] if payment_id is not None else None
    if found is None or work.actor.stores(REFUND.name) is not None:
        raise NotFound(what="top-up", path=("input", "topUpId"))
    top_up, request = found, Request("valueRefund", work.actor.label, key, [str(found.id), amount, reason])

    async def perform(refund_id: UUID) -> None:
        payment = (await payments.by_ids(work, [top_up.id]))[0]
        assert payment is not None, "a top-up without its payment"
        await payments.refund_bill(work, payment, amount, reason, refund_id)
        await _take(work, top_up, payment, amount, refund_id)
        facts = {"refund": refund_id, "amount": amount, "reason": reason}
        await audit.record_if_staff(work, "value.refunded", "Member", top_up.member_id, store_id=None, after=facts)

    return await idempotency.once(work, request, new_id(), perform)


async def _take(work: Work, top_up: TopUpRow, payment: PaymentRow, amount: int, refund_id: UUID) -> None:
    """Take it out of the member's account before the provider is asked, or refuse."""
    [answer] = await ledger.post(work, [_transfer(Unit.VALUE, PAID_OUT, top_up, amount, refund_id)])
    if isinstance(answer, Short):
        there, wanted = Money(answer.available, payment.currency).amount, Money(amount, payment.currency).amount
        facts = {"available": there, "wanted": wanted, "currency": payment.currency}
        raise InsufficientValue(path=("input", "amount"), **facts)
    bonus = top_up.bonus_minor * amount // top_up.minor
    if bonus:
        await _take_bonus(work, top_up, bonus, refund_id)


async def _take_bonus(work: Work, top_up: TopUpRow, bonus: int, refund_id: UUID) -> None:
    [answer] = await ledger.post(work, [_transfer(Unit.BONUS, BONUS_TAKEN, top_up, bonus, refund_id)])
    assert isinstance(answer, Posted | Short)
    if isinstance(answer, Short) and answer.available:
        await ledger.post(work, [_transfer(Unit.BONUS, BONUS_TAKEN, top_up, answer.available, refund_id)])


def _transfer(unit: Unit, kind: str, top_up: TopUpRow, amount: int, refund_id: UUID) -> Transfer:
    taker, given = (Own.PAID_OUT, TOPPED_UP) if unit is Unit.VALUE else (Own.ISSUED, BONUS)
    return Transfer(
        key=Key(kind, str(refund_id)),
        unit=unit,
        amount=amount,
        giver=top_up.member_id,
        taker=taker,
        of=Key(given, str(top_up.id)),
    )
