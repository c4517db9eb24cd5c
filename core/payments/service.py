"""Paying an order: the provider is asked between two transactions, never inside one."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from core import clock, fulfilment, idempotency, orders
from core.actors import ActorKind
from core.errors import DomainError, Invalid, NotFound
from core.extensions import Asked, Nonsense, PluginFailed, consult, plugin_of
from core.idempotency import Request
from core.ids import new_id
from core.orders import OrderRow, OrderState, ReservationExpired
from core.payments.errors import PaymentRefused
from core.payments.provider import Charge, PaymentProvider, Started
from core.payments.queries import by_ids
from core.payments.refunding import request_refund
from core.payments.rows import PaymentRow
from core.work import Work, Works

INSERT = """
INSERT INTO payment (tenant_id, id, order_id, provider, amount, currency, status, provider_reference, started_at,
    captured_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
CAPTURED = """
UPDATE payment SET status = 'CAPTURED', provider_reference = $3, captured_at = $4
WHERE tenant_id = $1 AND id = $2 AND status = 'PENDING'
"""
FAILED = "UPDATE payment SET status = 'FAILED' WHERE tenant_id = $1 AND id = $2 AND status = 'PENDING'"
_NOTHING_TO_PAY = Started(captured=True)  # discounts cover it all: no provider need be asked


@dataclass(frozen=True, slots=True)
class Outcome:
    """A payment and what the shopper's device needs to go on with it."""

    payment_id: UUID
    order_id: UUID
    client_parameters: Mapping[str, object]


async def start(works: Works, order_id: UUID | None, provider_name: str, key: str) -> Outcome:
    """Begin to pay an order; asked again with the same key it goes on where it was."""
    async with works() as work:
        payment, order, provider = await _begin(work, order_id, provider_name, key)
    if payment.status != "PENDING":
        return Outcome(payment.id, payment.order_id, {})
    charge = Charge(payment.id, order.number, payment.amount)
    started = await _ask(work, provider, charge) if payment.minor else _NOTHING_TO_PAY
    if started.refused_because is not None:
        async with works() as work:
            await work.execute(FAILED, payment.id)
        raise PaymentRefused(reason=started.refused_because, path=("input", "provider"))
    refusal = await capture(works, payment.id, started) if started.captured else None
    if refusal is not None:  # raised after the commit, so that the refund stands
        raise refusal
    return Outcome(payment.id, order.id, started.client_parameters)


async def _ask(work: Work, provider: PaymentProvider, charge: Charge) -> Started:
    """What a provider answers; the Work, which is over, says for whom. One that fails may be asked again."""
    plugin = plugin_of(type(provider).__module__) or provider.name
    asked = Asked(work.brand, plugin, "payment_provider")
    started = await consult(asked, work.hooks.breakers, lambda: provider.start(charge), _well_formed)
    if isinstance(started, PluginFailed):
        raise started
    return started


def _well_formed(answer: object) -> Started:
    if not isinstance(answer, Started):
        raise Nonsense("Started is wanted")
    return answer


async def capture(works: Works, payment_id: UUID, started: Started) -> DomainError | None:
    """Record that money came in. Money for an order that is paid or over goes back; why is the answer."""
    async with works() as work:
        payment = (await by_ids(work, [payment_id]))[0]
        if payment is None or not await work.execute(CAPTURED, payment_id, started.reference, clock.now()):
            return None  # another call has recorded it
        order = await orders.lock(work, payment.order_id)
        assert order is not None, "a payment without its order"
        try:
            await orders.pay(work, order)
            await fulfilment.begin(work, order)
        except (ReservationExpired, OrderState) as refusal:
            late = isinstance(refusal, ReservationExpired)
            if payment.minor:
                await request_refund(work, order, payment, payment.minor, "paid too late" if late else "paid twice")
            return refusal
    return None


async def record_taken(work: Work, order: OrderRow, *, provider: str, reference: str) -> UUID:
    """Write down money that a till has in its drawer."""
    payment_id, now = new_id(), clock.now()
    await work.execute(
        INSERT, payment_id, order.id, provider, order.payable, order.currency, "CAPTURED", reference, now, now
    )
    return payment_id


async def _begin(
    work: Work, order_id: UUID | None, provider_name: str, key: str
) -> tuple[PaymentRow, OrderRow, PaymentProvider]:
    """The payment this key stands for, made now if it is new."""
    order = await orders.lock(work, order_id) if order_id is not None else None
    if order is None or not orders.owned(order, work.actor):
        raise NotFound(what="order", path=("input", "orderId"))
    provider = work.hooks.payment_providers.get(provider_name)
    if provider is None:
        names = ", ".join(sorted(work.hooks.payment_providers)) or "none"
        raise Invalid(reason=f"There is no such way to pay here; there is: {names}.", path=("input", "provider"))
    caller = work.actor.label if work.actor.kind == ActorKind.MEMBER else f"guest:{order.id}"
    request = Request("paymentStart", caller, key, [str(order.id), provider_name])

    async def insert(payment_id: UUID) -> None:
        await orders.extend(work, order)
        amount, now = order.totals.payable, clock.now()
        await work.execute(
            INSERT, payment_id, order.id, provider_name, amount.minor, amount.currency, "PENDING", None, now, None
        )

    payment_id = await idempotency.once(work, request, new_id(), insert)
    payment = (await by_ids(work, [payment_id]))[0]
    assert payment is not None, "an idempotency key without its payment"
    return payment, order, provider
