"""Asking a provider to carry a shipment, and what its answer does."""

from core import callbacks, orders
from core.callbacks import CallbackRules
from core.deliveries import asking, booking
from core.deliveries.broker import ask_next, fall_back
from core.deliveries.events import ShipmentGivenUp, ShipmentWanted
from core.deliveries.parcels import parcel_of, part_of
from core.deliveries.provider import Created, Quote, Refused, ShipmentOrder
from core.deliveries.queries import QUOTED, by_id
from core.deliveries.rows import QuoteRow, ShipmentRow
from core.deliveries.states import State
from core.deliveries.writing import climb, give_up, hold, hold_call, note
from core.work import Work, Works

REFERENCE = """
UPDATE shipment SET reference = $3, tracking_number = $4 WHERE tenant_id = $1 AND id = $2 AND reference IS NULL
"""


async def create(works: Works, event: ShipmentWanted) -> None:
    """Ask the provider, outside of any transaction; it knows the shipment by our id, so that asked twice it has one."""
    async with works() as work:
        shipment = await by_id(work, event.shipment_id)
        assert shipment is not None, "an event of a shipment that is not there"
        if shipment.reference is not None or shipment.ended_at is not None or shipment.given_up_at is not None:
            return
        line, order = asking.line(work, shipment.provider), await _order(work, shipment)
    answer = await line.create(order) if line is not None else Refused("it is not enabled")
    async with works() as work:
        held = await hold(work, shipment)
        if isinstance(answer, Created):
            await _created(work, held, answer)
        elif isinstance(answer, Refused):
            await _refused(work, held, answer)
        else:
            await _unknown(work, held)


async def _created(work: Work, shipment: ShipmentRow, answer: Created) -> None:
    """It is carried; a courier may have been heard of before this answer, and it may have been given up meanwhile."""
    if not await work.execute(REFERENCE, shipment.id, answer.reference, answer.tracking_number):
        return
    fee = answer.fee.minor if answer.fee.currency == shipment.currency else shipment.fee_minor
    if shipment.settled_at is None:
        await booking.book_delivery(work, shipment, fee)
    await note(work, shipment, State.DISPATCHING, raw="created")
    if shipment.state == State.CREATED:
        await climb(work, shipment, State.DISPATCHING, at=shipment.told_at)
    if shipment.given_up_at is not None:
        reason = shipment.failure or "given up"
        work.emit(ShipmentGivenUp(shipment_id=shipment.id, order_id=shipment.order_id, reason=reason))


async def _refused(work: Work, shipment: ShipmentRow, answer: Refused) -> None:
    if shipment.state != State.CREATED:  # it was heard of since, so there it is
        return
    await note(work, shipment, State.CANCELLED, raw="refused", why=answer.reason[:200])
    await climb(work, shipment, State.CANCELLED, at=shipment.told_at, failure=answer.reason[:200])
    await booking.settle_cancellation(work, shipment, 0)
    await fall_back(work, await hold_call(work, shipment.fulfilment_id), shipment)


async def _unknown(work: Work, shipment: ShipmentRow) -> None:
    """It may have it or not: it is told to cancel whatever it has, and the next is asked."""
    if shipment.state == State.CREATED and await give_up(work, shipment, "it did not answer"):
        await ask_next(work, await hold_call(work, shipment.fulfilment_id))


async def _order(work: Work, shipment: ShipmentRow) -> ShipmentOrder:
    order = (await orders.visible(work, [shipment.order_id]))[0]
    assert order is not None, "a shipment without its order"
    part = await part_of(work, shipment.fulfilment_id)
    key = (shipment.fulfilment_id, shipment.round, shipment.provider)
    said = await work.row(QuoteRow, QUOTED, *key)
    assert said is not None, "a shipment without its quote"
    quote = Quote(said.fee, said.minutes, said.distance_meters, said.reference, said.expires_at)
    parcel = await parcel_of(work, order, part)
    return ShipmentOrder(shipment.id, parcel, quote, await callback_url(work, shipment.provider))


async def callback_url(work: Work, name: str) -> str | None:
    """Where the provider says what happens, if it does; where nobody has said how we are reached, it is asked."""
    line = asking.line(work, name)
    route = line.provider.capabilities.callback if line is not None else None
    if line is None or route is None or not work.rules(CallbackRules).public_url:
        return None
    return callbacks.url(work, line.plugin, await callbacks.endpoint(work, line.plugin, route))
