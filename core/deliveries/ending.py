"""Shipments that are not wanted any more: their provider is asked to cancel them, and takes what that costs."""

from dataclasses import dataclass
from uuid import UUID

from core import audit, fulfilment, orders
from core.deliveries import asking, booking
from core.deliveries.broker import end, fall_back
from core.deliveries.errors import ShipmentState
from core.deliveries.events import ShipmentGivenUp
from core.deliveries.parcels import known_of
from core.deliveries.permissions import MANAGE
from core.deliveries.provider import Cancellation, Cancelled
from core.deliveries.queries import CALLS_OF, by_id, of_fulfilments
from core.deliveries.rows import CallRow, ShipmentRow
from core.deliveries.states import LEFT, State
from core.deliveries.writing import climb, give_up, hold, hold_call, note, trouble
from core.errors import NotFound
from core.orders import OrderCancelled
from core.payments import RefundSettled
from core.work import Work, Works

KEEP = "UPDATE shipment SET given_up_at = NULL WHERE tenant_id = $1 AND id = $2 AND ended_at IS NULL"

#: what was called off by staff is looked for again where its provider goes on: whoever carries it has to win it
REOPEN = """
UPDATE courier_call c SET status = 'CALLING' FROM fulfilment f
WHERE c.tenant_id = $1 AND c.fulfilment_id = $2 AND c.status = 'ENDED' AND c.winner_id IS NULL
    AND f.tenant_id = $1 AND f.id = c.fulfilment_id AND f.status NOT IN ('CANCELLED', 'REJECTED')
"""


@dataclass(frozen=True, slots=True)
class Stopped:
    """A shipment that is being cancelled; `repeated` when it was before."""

    shipment_id: UUID
    repeated: bool = False


async def cancel(work: Work, shipment_id: UUID | None, *, reason: str) -> Stopped:
    """Call a delivery off for staff, before a courier has the goods: nobody is asked any more."""
    found = await by_id(work, shipment_id) if shipment_id is not None else None
    if found is None or not work.actor.may(MANAGE.name, found.store_id):
        raise NotFound(what="shipment", path=("input", "shipmentId"))
    shipment = await hold(work, found)
    if shipment.ended_at is not None or shipment.rank >= LEFT:
        raise ShipmentState(state=shipment.state, path=("input", "shipmentId"))
    if not await give_up(work, shipment, reason):
        return Stopped(shipment.id, repeated=True)
    await _call_off(work, await hold_call(work, shipment.fulfilment_id), reason)
    facts = {"provider": shipment.provider, "reason": reason}
    await audit.record_if_staff(
        work, "shipment.cancelled", "Shipment", shipment.id, store_id=shipment.store_id, after=facts
    )
    return Stopped(shipment.id)


async def end_with_order(work: Work, event: OrderCancelled) -> None:
    """An order that was cancelled is brought by nobody."""
    await _end_with(work, event.order_id)


async def _end_with(work: Work, order_id: UUID) -> None:
    """An order that will not be carried out needs no courier: whoever is asked is told so."""
    order = await orders.lock(work, order_id)
    assert order is not None, "an event of an order that is not there"
    parts = {part.id: part for part in (await fulfilment.of_orders(work, [order.id]))[0]}
    for call in await work.rows(CallRow, CALLS_OF, [order.id]):
        if parts[call.fulfilment_id].status in ("CANCELLED", "REJECTED") and call.status in ("CALLING", "TAKEN"):
            await _call_off(work, call, "the order has ended")


async def _call_off(work: Work, call: CallRow, reason: str) -> None:
    """Nobody is looked for any more, and whoever is asked or has accepted it is told so."""
    await end(work, call, "ENDED")
    for shipment in (await of_fulfilments(work, [call.fulfilment_id]))[0]:
        if shipment.ended_at is None and shipment.rank < LEFT:
            await give_up(work, shipment, reason)


async def end_refunded(work: Work, event: RefundSettled) -> None:
    """The same of an order that was paid back before it was brought."""
    if event.order_id is not None:
        await _end_with(work, event.order_id)


async def ask_to_cancel(works: Works, event: ShipmentGivenUp) -> None:
    """Ask the provider, outside of any transaction; one that fails is asked again."""
    async with works() as work:
        shipment = await by_id(work, event.shipment_id)
        assert shipment is not None, "an event of a shipment that is not there"
        if shipment.settled_at is not None or shipment.given_up_at is None:
            return
        line = asking.line_or_raise(work, shipment.provider)
        wish = Cancellation(await known_of(work, shipment), event.reason)
    answer = await line.cancel(wish)
    async with works() as work:
        held = await hold(work, shipment)
        if held.reference == shipment.reference:  # else it has come to be meanwhile, and is asked about again
            await _settle(work, held, answer)


async def _settle(work: Work, shipment: ShipmentRow, answer: Cancelled) -> None:
    gone = shipment.ended_at is None and shipment.rank >= LEFT  # it was picked up while its provider was asked
    if answer.refused_because is not None or gone:
        await _kept(work, shipment, (answer.refused_because or "it has left the store")[:200])
        return
    if shipment.ended_at is None:
        await note(work, shipment, State.CANCELLED, raw="cancelled by us")
        await climb(work, shipment, State.CANCELLED, at=shipment.told_at)
    if shipment.picked_up_at is None:
        await booking.settle_cancellation(work, shipment, answer.fee.minor if answer.fee is not None else 0)
    await fall_back(work, await hold_call(work, shipment.fulfilment_id), shipment)


async def _kept(work: Work, shipment: ShipmentRow, why: str) -> None:
    """The provider goes on with it, most often since the courier has the goods."""
    await note(work, shipment, None, raw="cancellation refused", why=why)
    if shipment.ended_at is None:
        await work.execute(KEEP, shipment.id)
        await work.execute(REOPEN, shipment.fulfilment_id)
        await trouble(work, shipment, "CANCEL_REFUSED")
