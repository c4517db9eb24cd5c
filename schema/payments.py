"""Payments and refunds."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

import strawberry
from strawberry import ID

from core import payments
from core.errors import DomainError, Invalid
from core.money import minor_of
from core.orders import OrderRow
from core.payments import PaymentRow, RefundRow, RefundWish
from core.work import Work
from schema import relay
from schema.common import Money
from schema.context import Info
from schema.enums import PaymentStatus
from schema.fields import PUBLIC, batched, field, mutation, row_type
from schema.ordering import note_of, readable
from schema.orders import Order
from schema.payloads import Done, Payload, Remark
from schema.scalars import Json

_MOST_DETAILS = 10
_LONGEST_DETAIL = 500


@row_type(PaymentRow)
class Payment:
    """An attempt to pay an order, or something else."""

    provider: str = field("With whom.")
    amount: Money = field("How much.")
    status: PaymentStatus = field("How it stands.")


@row_type(RefundRow)
class Refund:
    """Money on its way back to the buyer."""

    amount: Money = field("How much.")
    reason: str = field("Why.")
    status: str = field("REQUESTED, PROCESSING while its provider is at it, SUCCEEDED or FAILED.")


@batched(Payment, ID, cost=0, name="id")
async def payment_id(found: Sequence[PaymentRow], info: Info) -> list[ID]:
    """Opaque."""
    return [relay.id_of(payment) for payment in found]


@batched(Refund, ID, cost=0, name="id")
async def refund_id(found: Sequence[RefundRow], info: Info) -> list[ID]:
    """Opaque."""
    return [relay.id_of(refund) for refund in found]


@batched(Order, list[Payment], cost=2, name="payments")
async def payments_of(found: Sequence[OrderRow], info: Info) -> list[list[PaymentRow]]:
    """Attempts to pay it."""
    return await payments.payments_of(info.work, [order.id for order in found])


@batched(Order, list[Refund], cost=2)
async def refunds(found: Sequence[OrderRow], info: Info) -> list[list[RefundRow]]:
    """Money on its way back."""
    return await payments.refunds_of(info.work, [order.id for order in found])


@strawberry.type(description="The payment, or why there is none.")
class PaymentStartPayload(Payload):
    payment: Payment | None = field("The payment.")
    client_parameters: Json | None = field("What the shopper's device needs to go on with the provider.")
    order: Order | None = field("The order as it is now.")


@strawberry.type(description="The refund, or why there is none.")
class RefundPayload(Payload):
    refund: Refund | None = field("The refund.")
    order: Order | None = field("The order as it is now.")


@strawberry.input(description="An order to be paid.")
class PaymentStartInput:
    order_id: ID = field("The order.")
    provider: str = field('With whom; "sandbox" in demo mode captures at once.')
    details: Json | None = strawberry.field(
        description="What the provider wants to know of the shopper or the till: an object of words.",
        default=None,
    )
    amount: Decimal | None = strawberry.field(
        description="A part of what is to be paid, where the brand takes parts; left out, all that is.", default=None
    )
    idempotency_key: str = field("The same key goes on with the same payment.")


@strawberry.input(description="Goods that go back.")
class RefundLineInput:
    order_line_id: ID = field("The line.")
    quantity: int = field("How much of it.")


@strawberry.input(description="What to pay back: lines, an amount, or neither for everything that is left.")
class RefundCreateInput:
    order_id: ID = field("The order.")
    lines: list[RefundLineInput] | None = strawberry.field(description="Goods that go back.", default=None)
    amount: Decimal | None = strawberry.field(description="An amount instead of the goods' own.", default=None)
    reason: str = field("Why.")
    restock: bool | None = strawberry.field(
        description="Whether goods that had left the shelf are for sale again.", default=True
    )
    idempotency_key: str = field("The same key again pays nothing back twice.")


@strawberry.input(description="A refund to be asked for again.")
class RefundRetryInput:
    refund_id: ID = field("The refund, which has failed.")


async def show_order(work: Work, refusal: DomainError) -> Done:
    """The order that money came too late for, with the refund that goes back."""
    order_id = refusal.facts.get("order_id")
    return Done(None, more={"order": await readable(work, order_id) if isinstance(order_id, UUID) else None})


@mutation(PaymentStartPayload, access=PUBLIC, spans_works=True, reveal=show_order)
async def payment_start(info: Info, input: PaymentStartInput) -> Done:
    """Begin to pay an order; the provider is asked outside of any transaction."""
    key = relay.key_of("Order", input.order_id)
    details = details_of(input.details)
    path = ("input", "amount")
    amount = minor_of(input.amount, info.tenant.currency, path) if input.amount is not None else None
    outcome = await payments.start(info.writing, key, input.provider, input.idempotency_key, details, amount=amount)
    more = {"client_parameters": dict(outcome.client_parameters), "order": outcome.order}
    return Done(outcome.payment, more=more)


@mutation(RefundPayload, access=payments.REFUND)
async def refund_create(work: Work, input: RefundCreateInput) -> Done:
    """Pay an order back, whole or in part; the provider is asked right after."""
    amount = minor_of(input.amount, work.brand.currency, ("input", "amount")) if input.amount is not None else None
    wish = RefundWish(
        order_id=relay.key_of("Order", input.order_id),
        reason=_reason(input.reason),
        key=input.idempotency_key,
        quantities=_quantities(input.lines or []),
        amount=amount,
        restock=input.restock is not False,
    )
    refund = (await payments.refunds_by_ids(work, [await payments.refund(work, wish)]))[0]
    assert refund is not None, "a refund that was just made"
    return Done(refund, more={"order": await readable(work, refund.order_id)})


@mutation(RefundPayload, access=payments.REFUND)
async def refund_retry(work: Work, input: RefundRetryInput) -> Done:
    """Ask the provider again for a refund that has FAILED, when its cause is gone; it is paid once."""
    retried = await payments.retry(work, relay.key_of("Refund", input.refund_id))
    refund = (await payments.refunds_by_ids(work, [retried.refund_id]))[0]
    assert refund is not None, "a refund that was there"
    remarks = [] if retried.asked else [Remark("ALREADY_DONE", "It is under way, or paid out.", input.refund_id)]
    return Done(refund, remarks, more={"order": await readable(work, refund.order_id)})


def details_of(told: object) -> Mapping[str, object]:
    """What only the provider understands, within bounds."""
    if told is None:
        return {}
    if not isinstance(told, dict) or len(told) > _MOST_DETAILS:
        raise Invalid(reason="Details are an object of a few words.", path=("input", "details"))
    if not all(isinstance(word, str) and len(word) <= _LONGEST_DETAIL for pair in told.items() for word in pair):
        raise Invalid(reason="Details are an object of a few words.", path=("input", "details"))
    return told


def _reason(reason: str) -> str:
    if not reason.strip():
        raise Invalid(reason="Say why.", path=("input", "reason"))
    return note_of(reason, "reason") or ""


def _quantities(lines: Sequence[RefundLineInput]) -> dict[UUID, int]:
    quantities: dict[UUID, int] = {}
    for line in lines:
        key = relay.key_or_nothing("OrderLine", line.order_line_id)
        if key in quantities:
            raise Invalid(reason="Each line can be named once.", path=("input", "lines"))
        quantities[key] = line.quantity
    return quantities
