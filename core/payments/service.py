"""Paying an order: the provider is asked between two transactions, never inside one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from core import audit, clock, idempotency, orders
from core.actors import ActorKind
from core.errors import Invalid, NotFound
from core.idempotency import Request
from core.ids import new_id
from core.orders import OrderRow
from core.payments import parts
from core.payments.asking import NOTHING_TO_PAY, ask
from core.payments.capturing import Outcome, capture, credit, refusal_of, refuse
from core.payments.charging import charge_of
from core.payments.errors import PaymentRefused
from core.payments.permissions import COLLECT
from core.payments.provider import AnyProvider, Charge, HasAccounts, SettlesWithin
from core.payments.queries import PAYMENT, by_ids
from core.payments.rows import PaymentRow
from core.work import Work, Works

INSERT = f"""
INSERT INTO payment (tenant_id, id, order_id, provider, amount, currency, status, provider_reference, started_at,
    captured_at, account, look_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,
    CASE $7 WHEN 'PENDING' THEN app_now() + interval '1 minute' END)
RETURNING {PAYMENT}
"""
TAKEN = """
INSERT INTO payment (tenant_id, id, order_id, provider, amount, currency, status, provider_reference, started_at,
    captured_at)
SELECT $1, t.id, t.order_id, $7, t.amount, t.currency, 'CAPTURED', t.reference, $8, $8
FROM unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::text[])
    AS t(id, order_id, amount, currency, reference)
"""
_NOTHING: Mapping[str, object] = {}


async def start(
    works: Works,
    order_id: UUID | None,
    provider_name: str,
    key: str,
    details: Mapping[str, object] = _NOTHING,
    *,
    amount: int | None = None,
) -> Outcome:
    """Begin to pay an order, or a part of it; asked again with the same key it goes on where it was."""
    async with works() as work:
        payment, order, provider = await _begin(work, order_id, provider_name, key, amount)
        at_counter = not orders.owned(order, work.actor)  # then by whoever takes money there
        charge = replace(charge_of(works, payment, order), details=details, at_counter=at_counter)
        if payment.status == "PENDING" and isinstance(provider, SettlesWithin):
            return await _take(work, provider, charge, payment, order)
    if payment.status != "PENDING" or isinstance(provider, SettlesWithin):
        return _accepted(Outcome(payment, order, refusal_of(payment, order)))
    started = await ask(work, provider, charge)
    if started.refused_because is not None:
        async with works() as work:
            await refuse(work, payment, started.refused_because)
        raise PaymentRefused(reason=started.refused_because, path=("input", "provider"))
    outcome = await capture(works, payment, started) if started.captured else Outcome(payment, order)
    return _accepted(replace(outcome, client_parameters=started.client_parameters))


async def _take(work: Work, provider: SettlesWithin, charge: Charge, payment: PaymentRow, order: OrderRow) -> Outcome:
    """Take it out of the brand's own books, where the payment begins and is done in one transaction."""
    started = await provider.take(work, charge, order.member_id) if payment.minor else NOTHING_TO_PAY
    return await credit(work, payment, started)


def _accepted(outcome: Outcome) -> Outcome:
    """A refusal is raised after the commit, so that the refund stands."""
    if outcome.refusal is not None:
        raise outcome.refusal
    return outcome


def record_taken(work: Work, taken: Sequence[tuple[OrderRow, str]], *, provider: str) -> None:
    """Write down money that tills have in their drawers: for each order, under the reference of the till's sale."""
    rows = [(new_id(), order.id, order.payable, order.currency, reference) for order, reference in taken]
    work.write(TAKEN, *(list(column) for column in zip(*rows, strict=True)), provider, clock.now())


async def _begin(
    work: Work, order_id: UUID | None, provider_name: str, key: str, amount: int | None
) -> tuple[PaymentRow, OrderRow, AnyProvider]:
    """The payment this key stands for, made now if it is new."""
    order = await orders.lock(work, order_id) if order_id is not None else None
    if order is None or not _may_pay(work, order):
        raise NotFound(what="order", path=("input", "orderId"))
    provider = work.hooks.payment_providers.get(provider_name)
    if provider is None:
        names = ", ".join(sorted(work.hooks.payment_providers)) or "none"
        raise Invalid(reason=f"There is no such way to pay here; there is: {names}.", path=("input", "provider"))
    caller = f"guest:{order.id}" if work.actor.kind == ActorKind.ANONYMOUS else work.actor.label
    asked = [str(order.id), provider_name, *([amount] if amount is not None else [])]
    request = Request("paymentStart", caller, key, asked)
    return await _once(work, request, order, provider, amount), order, provider


def _may_pay(work: Work, order: OrderRow) -> bool:
    """Its buyer, or staff who take money at the counter of its store."""
    return orders.owned(order, work.actor) or work.actor.may(COLLECT.name, order.store_id)


async def _once(work: Work, request: Request, order: OrderRow, provider: AnyProvider, wanted: int | None) -> PaymentRow:
    """A new payment, or the one that the same key has begun."""
    begun: list[PaymentRow] = []

    async def insert(payment_id: UUID) -> None:
        await orders.extend(work, order)
        account = provider.account(work, order.store_id) if isinstance(provider, HasAccounts) else None
        amount, how = await parts.due(work, order, wanted), ("PENDING", None, clock.now(), None, account)
        money = (amount, order.currency)
        begun.extend(await work.rows(PaymentRow, INSERT, payment_id, order.id, provider.name, *money, *how))
        facts = {"payment": payment_id, "provider": provider.name, "amount": amount}
        await audit.record_if_staff(work, "payment.begun", "Order", order.id, store_id=order.store_id, after=facts)

    payment_id = await idempotency.once(work, request, new_id(), insert)
    payment = begun[0] if begun else (await by_ids(work, [payment_id]))[0]
    assert payment is not None, "an idempotency key without its payment"
    return payment
