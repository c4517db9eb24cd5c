"""The way of a transfer: sent, received, or called off. Each step is a compare-and-set, and stock moves with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core import audit, clock, inventory
from core.errors import Invalid, NotFound
from core.inventory import Demand
from core.transfers.errors import TransferState, TransferUnpaid
from core.transfers.events import TransferCancelled, TransferReceived, TransferSent
from core.transfers.permissions import MANAGE
from core.transfers.queries import BY_IDS, lines_of
from core.transfers.rows import TransferLineRow, TransferRow
from core.work import Work

_PATH = ("input", "transferId")
_QUANTITY = ("input", "lines", "quantity")

SEND = """
UPDATE transfer SET status = 'SENT', sent_at = $3, sent_by = $4
WHERE tenant_id = $1 AND id = $2 AND status = 'REQUESTED' AND coalesce(claim, 'CLAIMED') = 'CLAIMED'
"""
# The lock that a reservation's foreign key will take, before the transfer's own: whoever ends the order has them in
# this order too.
HOLD_ORDER = "SELECT 1 FROM sales_order WHERE tenant_id = $1 AND id = $2 FOR KEY SHARE"
RECEIVE = """
UPDATE transfer SET status = 'RECEIVED', ended_at = $3, ended_by = $4
WHERE tenant_id = $1 AND id = $2 AND status = 'SENT' RETURNING claim
"""
RECEIVED = """
UPDATE transfer_line l SET received = r.quantity FROM unnest($3::uuid[], $4::bigint[]) AS r(variant_id, quantity)
WHERE l.tenant_id = $1 AND l.transfer_id = $2 AND l.variant_id = r.variant_id
"""
CANCEL = """
UPDATE transfer SET status = CASE status WHEN 'SENT' THEN 'RETURNED' ELSE 'CANCELLED' END, ended_at = $3, ended_by = $4,
    claim = CASE WHEN claim IS NOT NULL THEN 'RELEASED' END
WHERE tenant_id = $1 AND id = $2 AND status = any($5::text[]) RETURNING status
"""


@dataclass(frozen=True, slots=True)
class Step:
    """What was done; `repeated` when the same actor had done it before."""

    transfer_id: UUID
    repeated: bool = False


async def send(work: Work, transfer_id: UUID | None) -> Step:
    """The goods leave their source, and are on their way from now on."""
    transfer = await _mine(work, transfer_id, ("source_id",))
    if not await work.execute(SEND, transfer.id, clock.now(), work.actor.label):
        return await _repeated(work, transfer.id, ("SENT",))
    lines = (await lines_of(work, [transfer.id]))[0]
    await inventory.depart(work, transfer.source_id, _sent(lines), order_id=transfer.order_id)
    await _log(work, transfer, "transfer.sent", transfer.source_id)
    work.emit(TransferSent(**_facts(transfer)))
    return Step(transfer.id)


async def receive(work: Work, transfer_id: UUID | None, less: Mapping[UUID, int]) -> UUID:
    """The goods are there: all that was sent, but of `less` only so many. What an order waits for is put aside."""
    transfer = await _mine(work, transfer_id, ("destination_id",))
    if transfer.order_id is not None:
        await work.value(HOLD_ORDER, transfer.order_id)
    done = await work.fetch(RECEIVE, transfer.id, clock.now(), work.actor.label)
    if not done:
        raise TransferState(status=(await _current(work, transfer.id)).status, path=_PATH)
    lines = (await lines_of(work, [transfer.id]))[0]
    received = _received(lines, less)
    await work.execute(RECEIVED, transfer.id, list(received), list(received.values()))
    lost = {line.variant_id: line.quantity - received[line.variant_id] for line in lines}
    await inventory.arrive(work, transfer.destination_id, _sent(lines), lost, order_id=transfer.order_id)
    if done[0]["claim"] == "CLAIMED":
        await _put_aside(work, transfer, lines, received)
    await _log(work, transfer, "transfer.received", transfer.destination_id, lost=sum(lost.values()))
    work.emit(TransferReceived(**_facts(transfer), lost=sum(lost.values())))
    return transfer.id


async def cancel(work: Work, transfer_id: UUID | None) -> Step:
    """Call a transfer off before it leaves; one that has left comes back, which its source alone can say."""
    transfer = await _mine(work, transfer_id, ("source_id", "destination_id"))
    states = ["REQUESTED", "SENT"] if work.actor.may(MANAGE.name, transfer.source_id) else ["REQUESTED"]
    done = await work.fetch(CANCEL, transfer.id, clock.now(), work.actor.label, states)
    if not done:
        return await _repeated(work, transfer.id, ("CANCELLED", "RETURNED"))
    sent = _sent((await lines_of(work, [transfer.id]))[0])
    if done[0]["status"] == "RETURNED":
        await inventory.come_back(work, transfer.source_id, sent, order_id=transfer.order_id)
    else:
        await inventory.let_be(work, {(transfer.source_id, key): quantity for key, quantity in sent.items()})
    await _log(work, transfer, f"transfer.{done[0]['status'].lower()}", transfer.source_id)
    work.emit(TransferCancelled(**_facts(transfer)))
    return Step(transfer.id)


async def _put_aside(
    work: Work, transfer: TransferRow, lines: Sequence[TransferLineRow], received: Mapping[UUID, int]
) -> None:
    assert transfer.order_id is not None, "a claim without its order"
    claimed = {line.variant_id: min(line.claimed, received[line.variant_id]) for line in lines}
    wanted = {variant_id: quantity for variant_id, quantity in claimed.items() if quantity}
    await inventory.put_aside(work, Demand(transfer.order_id, transfer.destination_id, wanted))


async def _mine(work: Work, transfer_id: UUID | None, ends: Sequence[str]) -> TransferRow:
    """The transfer, if the actor moves stock at one of these ends of it."""
    transfer = await work.row(TransferRow, BY_IDS, [transfer_id]) if transfer_id is not None else None
    if transfer is None or not any(work.actor.may(MANAGE.name, getattr(transfer, end)) for end in ends):
        raise NotFound(what="transfer", path=_PATH)
    return transfer


async def _current(work: Work, transfer_id: UUID) -> TransferRow:
    found = await work.row(TransferRow, BY_IDS, [transfer_id])
    assert found is not None, "transfers stay"
    return found


async def _repeated(work: Work, transfer_id: UUID, statuses: Sequence[str]) -> Step:
    """Nothing was changed: since the same hand has done it before, or since it cannot be done."""
    now = await _current(work, transfer_id)
    by = now.sent_by if now.status == "SENT" else now.ended_by
    if now.status in statuses and by == work.actor.label:
        return Step(transfer_id, repeated=True)
    if now.status == "REQUESTED":
        raise TransferUnpaid(path=_PATH)
    raise TransferState(status=now.status, path=_PATH)


def _sent(lines: Sequence[TransferLineRow]) -> dict[UUID, int]:
    return {line.variant_id: line.quantity for line in lines}


def _received(lines: Sequence[TransferLineRow], less: Mapping[UUID, int]) -> dict[UUID, int]:
    """How much of each variant is there."""
    if not less.keys() <= {line.variant_id for line in lines}:
        raise NotFound(what="variant in this transfer", path=("input", "lines", "variantId"))
    for line in lines:
        if not 0 <= less.get(line.variant_id, 0) <= line.quantity:
            raise Invalid(reason=f"Of what was sent 0 to {line.quantity} can have arrived.", path=_QUANTITY)
    return {line.variant_id: less.get(line.variant_id, line.quantity) for line in lines}


def _facts(transfer: TransferRow) -> dict[str, Any]:
    return {
        "transfer_id": transfer.id,
        "source_id": transfer.source_id,
        "destination_id": transfer.destination_id,
        "order_id": transfer.order_id,
    }


async def _log(work: Work, transfer: TransferRow, action: str, place: UUID, **facts: object) -> None:
    await audit.record_if_staff(work, action, "Transfer", transfer.id, store_id=place, after=facts or None)
