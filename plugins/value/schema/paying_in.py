"""Paying in, and paying back what was paid in."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import strawberry
from strawberry import ID

from core import payments
from core.actors import ActorKind
from core.errors import Invalid
from core.members import MemberRow
from core.money import Money as MoneyRow
from core.money import minor_of
from core.payments import PaymentRow
from core.work import Work
from plugins.value import paying_out, queries, topping_up
from plugins.value.permissions import REFUND
from plugins.value.queries import TopUpRow
from schema import relay
from schema.common import Money
from schema.context import Info
from schema.fields import MEMBER, batched, field, mutation, row_type
from schema.members import Member
from schema.ordering import note_of
from schema.payloads import Done, Payload
from schema.payments import Payment, Refund, details_of
from schema.scalars import Json

_AMOUNT = ("input", "amount")


@row_type(TopUpRow)
class ValueTopUp:
    """What a member pays in."""

    amount: Money = field("How much.")
    bonus: Money = field("What is given on top of it.")
    begun_at: datetime = field("When it was begun.")
    credited_at: datetime | None = field("Since when it can be spent; null: the money is not there.")


@batched(ValueTopUp, ID, cost=0, name="id")
async def top_up_id(found: Sequence[TopUpRow], info: Info) -> list[ID]:
    """Opaque."""
    return [relay.id_of(one) for one in found]


@batched(ValueTopUp, Payment, name="payment")
async def top_up_payment(found: Sequence[TopUpRow], info: Info) -> list[PaymentRow | None]:
    """The payment that it is paid in by."""
    return await payments.by_ids(info.work, [one.id for one in found])


@batched(Member, list[ValueTopUp] | None, cost=20)
async def value_top_ups(found: Sequence[MemberRow], info: Info) -> list[list[TopUpRow] | None]:
    """What the member has paid in, the newest first, at most 20; for the member, and who may pay it back."""
    seen = [row.id for row in found if _may_see(info.work, row)]
    groups = await queries.top_ups_of(info.work, seen)
    return [groups.get(row.id) for row in found]


def _may_see(work: Work, row: MemberRow) -> bool:
    if work.actor.kind == ActorKind.MEMBER:
        return work.actor.id == row.id
    return work.actor.may(REFUND.name) and work.actor.stores(REFUND.name) is None


@strawberry.type(description="What is paid in, or why nothing is.")
class ValueTopUpPayload(Payload):
    top_up: ValueTopUp | None = field("What is paid in.")
    client_parameters: Json | None = field("What the member's device needs to go on with the provider.")


@strawberry.type(description="The refund, or why there is none.")
class ValueRefundPayload(Payload):
    refund: Refund | None = field("The refund.")


@strawberry.input(description="Money to be paid in.")
class ValueTopUpStartInput:
    amount: Decimal = field("How much.")
    provider: str = field("With whom; not with stored value itself.")
    details: Json | None = strawberry.field(
        description="What the provider wants to know of the member's device: an object of words.", default=None
    )
    idempotency_key: str = field("The same key goes on with the same payment.")


@strawberry.input(description="Money to be paid back that is not spent.")
class ValueRefundInput:
    top_up_id: ID = field("What it was paid in by: it goes back there.")
    amount: Decimal = field("How much of it.")
    reason: str = field("Why.")
    idempotency_key: str = field("The same key again pays nothing back twice.")


@mutation(ValueTopUpPayload, access=MEMBER, spans_works=True)
async def value_top_up_start(info: Info, input: ValueTopUpStartInput) -> Done:
    """Begin to pay in; it can be spent once the provider has the money."""
    assert info.viewer.id is not None, "a member is somebody"
    amount = MoneyRow(minor_of(input.amount, info.tenant.currency, _AMOUNT), info.tenant.currency)
    outcome = await topping_up.start(
        info.writing, info.viewer.id, amount, input.provider, input.idempotency_key, details_of(input.details)
    )
    async with info.writing() as work:
        [made] = await queries.top_ups_by_ids(work, [outcome.payment.id])
    return Done(made, more={"client_parameters": dict(outcome.client_parameters)})


@mutation(ValueRefundPayload, access=REFUND)
async def value_refund(work: Work, input: ValueRefundInput) -> Done:
    """Pay back what was paid in and is not spent; the bonus that came with it goes in proportion."""
    if not input.reason.strip():
        raise Invalid(reason="Say why.", path=("input", "reason"))
    reason = note_of(input.reason, "reason") or ""
    amount = minor_of(input.amount, work.brand.currency, _AMOUNT)
    key = relay.key_of("ValueTopUp", input.top_up_id)
    refund_id = await paying_out.pay_out(work, key, amount, reason, input.idempotency_key)
    return Done((await payments.refunds_by_ids(work, [refund_id]))[0])
