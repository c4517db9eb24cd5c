"""Being paid for something that is no order: begun like any payment, told to whoever it is for, and paid back."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from core import clock, idempotency
from core.errors import Invalid
from core.idempotency import Request
from core.ids import new_id
from core.money import Money
from core.payments.asking import ask
from core.payments.capturing import Outcome, capture, refusal_of, refuse
from core.payments.charging import charge_of
from core.payments.errors import PaymentRefused
from core.payments.events import RefundRequested
from core.payments.machine import REQUESTED
from core.payments.provider import HasAccounts, PaymentProvider, SettlesWithin
from core.payments.queries import PAYMENT, by_ids
from core.payments.rows import PaymentRow
from core.work import Work, Works

INSERT = f"""
INSERT INTO payment (tenant_id, id, provider, amount, currency, status, started_at, account, purpose, member_id,
    look_at)
VALUES ($1, $2, $3, $4, $5, 'PENDING', $6, $7, $8, $9, app_now() + interval '1 minute') RETURNING {PAYMENT}
"""
REFUND = f"""
INSERT INTO refund (tenant_id, id, payment_id, amount, currency, reason, status, requested_at)
VALUES ($1, $2, $3, $4, $5, $6, '{REQUESTED.to}', $7)
"""
LOCK = "SELECT amount FROM payment WHERE tenant_id = $1 AND id = $2 AND status = 'CAPTURED' FOR UPDATE"
BACK = "SELECT coalesce(sum(amount), 0)::bigint FROM refund WHERE tenant_id = $1 AND payment_id = $2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What a member is to pay, with whom."""

    purpose: str
    member_id: UUID
    amount: Money
    provider: str
    key: str
    details: Mapping[str, object] = field(default_factory=dict)


async def start_bill(works: Works, bill: Bill, note: Callable[[Work, UUID], Awaitable[None]]) -> Outcome:
    """Begin to be paid for something, which is noted by the payment's id; asked again it goes on where it was."""
    async with works() as work:
        provider = _provider(work, bill.provider)
        payment = await _once(work, bill, provider, note)
    if payment.status != "PENDING":
        outcome, refusal = Outcome(payment, None), refusal_of(payment, None)
        if refusal is not None:
            raise refusal
        return outcome
    started = await ask(work, provider, replace(charge_of(works, payment, None), details=bill.details))
    if started.refused_because is not None:
        async with works() as work:
            await refuse(work, payment, started.refused_because)
        raise PaymentRefused(reason=started.refused_because, path=("input", "provider"))
    outcome = await capture(works, payment, started) if started.captured else Outcome(payment, None)
    return replace(outcome, client_parameters=started.client_parameters)


async def refund_bill(work: Work, payment: PaymentRow, amount: int, reason: str, refund_id: UUID) -> None:
    """Pay some of it back; no more than is left of the payment, which is locked until the transaction ends."""
    paid = await work.value(LOCK, payment.id)
    rest = (paid or 0) - int(await work.value(BACK, payment.id))
    if not 0 < amount <= rest:
        raise Invalid(reason=f"Between 1 and {rest} minor units can go back.", path=("input", "amount"))
    await work.execute(REFUND, refund_id, payment.id, amount, payment.currency, reason, clock.now())
    work.emit(RefundRequested(refund_id=refund_id, order_id=None))


def _provider(work: Work, name: str) -> PaymentProvider:
    """One who takes money from elsewhere: what lies in the brand's books is not paid in twice."""
    known = {key: one for key, one in work.hooks.payment_providers.items() if not isinstance(one, SettlesWithin)}
    if name not in known:
        names = ", ".join(sorted(known)) or "none"
        raise Invalid(reason=f"There is no such way to pay here; there is: {names}.", path=("input", "provider"))
    return known[name]


async def _once(
    work: Work, bill: Bill, provider: PaymentProvider, note: Callable[[Work, UUID], Awaitable[None]]
) -> PaymentRow:
    request = Request(bill.purpose, work.actor.label, bill.key, [bill.provider, bill.amount.minor])

    async def insert(payment_id: UUID) -> None:
        account = provider.account(work, None) if isinstance(provider, HasAccounts) else None
        money, whose = (bill.amount.minor, bill.amount.currency), (bill.purpose, bill.member_id)
        await work.rows(PaymentRow, INSERT, payment_id, provider.name, *money, clock.now(), account, *whose)
        await note(work, payment_id)

    payment_id = await idempotency.once(work, request, new_id(), insert)
    payment = (await by_ids(work, [payment_id]))[0]
    assert payment is not None, "an idempotency key without its payment"
    return payment
