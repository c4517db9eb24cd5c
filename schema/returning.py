"""What is done with returns: asked for by buyers, decided and taken by stores."""

from collections.abc import Mapping, Sequence
from typing import TypeVar
from uuid import UUID

import strawberry
from strawberry import ID

from core import returns
from core.errors import Invalid
from core.returns import Arrived, ReturnRow, ReturnWish, Step
from core.work import Work
from schema import relay
from schema.enums import ReturnKind, ReturnReason
from schema.fields import PUBLIC, field, mutation
from schema.ordering import note_of
from schema.payloads import Done, Payload, Remark
from schema.returns import Return

_LINES = ("input", "lines")
_Value = TypeVar("_Value")


@strawberry.type(description="The return, or why nothing was done.")
class ReturnPayload(Payload):
    return_: Return | None = field("The return as it is now.", name="return")


@strawberry.input(description="So much of a line.")
class ReturnLineInput:
    order_line_id: ID = field("The line of the order.")
    quantity: int = field("How much of it.")
    replacement_id: ID | None = strawberry.field(
        description="For an exchange another variant of the product at the same price; none: the same again.",
        default=None,
    )


@strawberry.input(description="Goods that their buyer is not content with.")
class ReturnRequestInput:
    order_id: ID = field("The order; it has to be complete.")
    kind: ReturnKind = field("What is wanted.")
    reason: ReturnReason = field("What is wrong.")
    lines: list[ReturnLineInput] = field("Which goods.")
    store_id: ID | None = strawberry.field(
        description="The store that they are brought to; none: the one that has sold them.", default=None
    )
    note: str | None = strawberry.field(description="What there is to say, at most 500 characters.", default=None)
    idempotency_key: str = field("The same key with the same input gives the same return.")


@strawberry.input(description="A return that is agreed to.")
class ReturnApproveInput:
    return_id: ID = field("The return.")
    at_fault: bool | None = strawberry.field(
        description="Whether the shop is at fault, where the reason does not say it right.", default=None
    )
    answer: str | None = strawberry.field(description="What the buyer is told.", default=None)


@strawberry.input(description="A return that is not agreed to.")
class ReturnRejectInput:
    return_id: ID = field("The return.")
    answer: str = field("Why, for the buyer.")


@strawberry.input(description="Goods that were handed to a carrier.")
class ReturnSendInput:
    return_id: ID = field("The return.")
    tracking_number: str | None = strawberry.field(description="The carrier's number.", default=None)


@strawberry.input(description="What has come of a line.")
class ReturnedLineInput:
    order_line_id: ID = field("The line of the order.")
    quantity: int = field("How much has come; what is not accepted has not.")
    sellable: int | None = strawberry.field(
        description="How much of that can be sold again; none: all of it.", default=None
    )
    variant_id: ID | None = strawberry.field(
        description="What has come, where an earlier exchange has replaced what was sold.", default=None
    )


@strawberry.input(description="Goods that have come back.")
class ReturnReceiveInput:
    return_id: ID = field("The return.")
    lines: list[ReturnedLineInput] | None = strawberry.field(
        description="What has come, of other lines nothing; none: all of it, and as good as new.", default=None
    )
    idempotency_key: str = field("The same key again changes nothing.")


@strawberry.input(description="A step of a return.")
class ReturnActionInput:
    return_id: ID = field("The return.")


@mutation(ReturnPayload, access=PUBLIC)
async def return_request(work: Work, input: ReturnRequestInput) -> Done:
    """Ask for money or other goods; for the buyer while rules allow it, and for staff of the store that takes them."""
    wish = ReturnWish(
        order_id=relay.key_of("Order", input.order_id),
        kind=input.kind.value,
        reason=input.reason.value,
        quantities=_once({_line(line.order_line_id): line.quantity for line in input.lines}, input.lines),
        replacements={
            _line(line.order_line_id): relay.key_or_nothing("ProductVariant", line.replacement_id)
            for line in input.lines
            if line.replacement_id is not None
        },
        store_id=relay.filter_key("Store", input.store_id),
        note=note_of(input.note),
        key=input.idempotency_key,
    )
    return Done(await _shown(work, await returns.request(work, wish)))


@mutation(ReturnPayload, access=returns.MANAGE)
async def return_approve(work: Work, input: ReturnApproveInput) -> Done:
    """Agree: goods may come and a replacement is kept; where no goods come, the money goes back at once."""
    key, answer = relay.key_of("Return", input.return_id), note_of(input.answer, "answer")
    return await _done(work, await returns.approve(work, key, answer=answer, at_fault=input.at_fault))


@mutation(ReturnPayload, access=returns.MANAGE)
async def return_reject(work: Work, input: ReturnRejectInput) -> Done:
    """Disagree, also with goods that have come: their buyer gets them back."""
    if not input.answer.strip():
        raise Invalid(reason="Say why.", path=("input", "answer"))
    answer = note_of(input.answer, "answer") or ""
    return await _done(work, await returns.reject(work, relay.key_of("Return", input.return_id), answer=answer))


@mutation(ReturnPayload, access=PUBLIC)
async def return_cancel(work: Work, input: ReturnActionInput) -> Done:
    """Keep the goods after all; for the buyer, until they are on their way."""
    return await _done(work, await returns.cancel(work, relay.key_of("Return", input.return_id)))


@mutation(ReturnPayload, access=PUBLIC)
async def return_send(work: Work, input: ReturnSendInput) -> Done:
    """The goods are on their way: the return waits for them; for the buyer, and staff who have heard of it."""
    key, number = relay.key_of("Return", input.return_id), note_of(input.tracking_number, "trackingNumber")
    return await _done(work, await returns.send(work, key, tracking_number=number))


@mutation(ReturnPayload, access=returns.RECEIVE)
async def return_receive(work: Work, input: ReturnReceiveInput) -> Done:
    """Take goods in: what can be sold again is on this store's shelf, and what has come is paid back or replaced."""
    key, arrived = relay.key_of("Return", input.return_id), _arrived(input.lines)
    return Done(await _shown(work, await returns.receive(work, key, arrived, key=input.idempotency_key)))


@mutation(ReturnPayload, access=returns.RECEIVE)
async def return_hand_over(work: Work, input: ReturnActionInput) -> Done:
    """The buyer has the replacement."""
    return await _done(work, await returns.hand_over(work, relay.key_of("Return", input.return_id)))


@mutation(ReturnPayload, access=returns.MANAGE)
async def return_refund(work: Work, input: ReturnActionInput) -> Done:
    """Pay goods back that have come for an exchange, in place of handing out the replacement."""
    return await _done(work, await returns.refund_instead(work, relay.key_of("Return", input.return_id)))


async def _done(work: Work, step: Step) -> Done:
    target = relay.global_id("Return", step.return_id)
    remarks = [Remark("ALREADY_DONE", "You have done this before.", target)] if step.repeated else []
    return Done(await _shown(work, step.return_id), remarks)


async def _shown(work: Work, key: UUID) -> ReturnRow | None:
    return (await returns.visible(work, [key]))[0]


def _arrived(lines: Sequence[ReturnedLineInput] | None) -> Mapping[UUID, Arrived] | None:
    if lines is None:
        return None
    return _once({_line(line.order_line_id): _arrival(line) for line in lines}, lines)


def _arrival(line: ReturnedLineInput) -> Arrived:
    sellable = line.quantity if line.sellable is None else line.sellable
    return Arrived(line.quantity, sellable, relay.filter_key("ProductVariant", line.variant_id))


def _once(found: Mapping[UUID, _Value], lines: Sequence[object]) -> Mapping[UUID, _Value]:
    """Each line is named once."""
    if len(found) < len(lines):
        raise Invalid(reason="Each line can be named once.", path=_LINES)
    return found


def _line(value: str) -> UUID:
    return relay.key_or_nothing("OrderLine", value)
