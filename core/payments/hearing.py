"""What providers tell of their own accord: written down once, and gone by once it has been looked at."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from core import clock, orders
from core.ids import new_id
from core.money import Money
from core.payments.capturing import credit, mismatch
from core.payments.events import NoticeArrived, NoticeRefused
from core.payments.paying_back import settle
from core.payments.provider import Refunded, Started
from core.payments.queries import by_ids, refunds_by_ids
from core.payments.rows import NoticeRow, PaymentRow, RefundRow
from core.work import Work, Works

KEEP = """
INSERT INTO payment_notice (tenant_id, id, provider, notification_id, kind, subject_id, succeeded, reference, amount,
    currency, account, arrived_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (tenant_id, provider, notification_id) DO NOTHING
"""
OPEN = """
SELECT id, provider, kind, subject_id, succeeded, reference, amount, currency, account FROM payment_notice
WHERE tenant_id = $1 AND id = $2 AND verdict IS NULL FOR UPDATE
"""
JUDGED = "UPDATE payment_notice SET verdict = $3, judged_at = $4 WHERE tenant_id = $1 AND id = $2 AND verdict IS NULL"
TAKEN = """
SELECT 1 FROM payment WHERE tenant_id = $1 AND provider = $2 AND provider_reference = $3 AND id <> $4
"""


class Kind(StrEnum):
    PAYMENT = "PAYMENT"
    REFUND = "REFUND"


class Verdict(StrEnum):
    """What became of a notice; nothing is credited but by the first."""

    CREDITED = "CREDITED"  #: its payment is captured, or its refund settled, as it says
    KNOWN = "KNOWN"  #: it says what was known
    UNKNOWN = "UNKNOWN"  #: there is no such payment or refund here
    OTHER_ACCOUNT = "OTHER_ACCOUNT"  #: of another provider, merchant or app
    OTHER_MONEY = "OTHER_MONEY"  #: another amount or currency
    OTHER_REFERENCE = "OTHER_REFERENCE"  #: the provider's own number is another payment's, or another than before


_GOOD = frozenset({Verdict.CREDITED, Verdict.KNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """What a provider has told, once it is certain that it was the provider."""

    provider: str
    id: str  #: the provider's own, the same however often it is told
    kind: Kind
    subject_id: UUID | None  #: of the payment or refund, as the provider was given it; None where it was no such id
    succeeded: bool
    reference: str | None
    amount: Money
    account: str | None = None


async def hear(works: Works, told: Notification) -> bool:
    """Write a notification down; False where it had come before. What it says is looked at from the outbox."""
    async with works() as work:
        notice_id = new_id()
        told_of = (str(told.kind), told.subject_id, told.succeeded, told.reference)
        money = (told.amount.minor, told.amount.currency, told.account)
        fresh = await work.execute(KEEP, notice_id, told.provider, told.id, *told_of, *money, clock.now())
        if fresh:
            work.emit(NoticeArrived(notice_id=notice_id))
    return bool(fresh)


async def judge(work: Work, event: NoticeArrived) -> None:
    """Go by what a provider has told, if it fits what it was asked for; else have people look."""
    notice = await work.row(NoticeRow, OPEN, event.notice_id)
    if notice is None:
        return
    verdict = await (_of_payment if notice.kind == Kind.PAYMENT else _of_refund)(work, notice)
    await work.execute(JUDGED, notice.id, str(verdict), clock.now())
    if verdict not in _GOOD:
        work.emit(NoticeRefused(notice_id=notice.id, cause=str(verdict)))


async def _of_payment(work: Work, notice: NoticeRow) -> Verdict:
    payment = await _locked(work, notice.subject_id)
    if payment is None:
        return Verdict.UNKNOWN
    if _is_others(notice, payment):
        return Verdict.OTHER_ACCOUNT
    if not notice.succeeded:
        return Verdict.KNOWN  # a provider tells of money that came; what did not come is asked about
    if await work.value(TAKEN, notice.provider, notice.reference, payment.id):
        return Verdict.OTHER_REFERENCE
    return await _capture(work, notice, payment)


async def _locked(work: Work, payment_id: UUID | None) -> PaymentRow | None:
    """A payment, as it stands while nobody else can pay its order or pay it back."""
    found = (await by_ids(work, [payment_id]))[0] if payment_id is not None else None
    if found is None:
        return None
    if found.order_id is not None:
        await orders.lock(work, found.order_id)
    return (await by_ids(work, [found.id]))[0]


async def _capture(work: Work, notice: NoticeRow, payment: PaymentRow) -> Verdict:
    said = Started(captured=True, reference=notice.reference, amount=notice.money, account=notice.account)
    if payment.status == "CAPTURED":
        if mismatch(payment, said):
            return Verdict.OTHER_MONEY
        return Verdict.KNOWN if payment.provider_reference == notice.reference else Verdict.OTHER_REFERENCE
    outcome = await credit(work, payment, said)
    return Verdict.CREDITED if outcome.payment.status == "CAPTURED" else Verdict.OTHER_MONEY


async def _of_refund(work: Work, notice: NoticeRow) -> Verdict:
    refund = (await refunds_by_ids(work, [notice.subject_id]))[0] if notice.subject_id is not None else None
    if refund is None:
        return Verdict.UNKNOWN
    payment = (await by_ids(work, [refund.payment_id]))[0]
    assert payment is not None, "a refund without its payment"
    if _is_others(notice, payment):
        return Verdict.OTHER_ACCOUNT
    if notice.money != refund.amount:
        return Verdict.OTHER_MONEY
    return await _settle(work, notice, refund)


async def _settle(work: Work, notice: NoticeRow, refund: RefundRow) -> Verdict:
    settled = await settle(work, refund, Refunded(succeeded=notice.succeeded, reference=notice.reference))
    return Verdict.CREDITED if settled else Verdict.KNOWN


def _is_others(notice: NoticeRow, payment: PaymentRow) -> bool:
    return notice.provider != payment.provider or notice.account != payment.account
