"""Who is asked to carry it, and who is asked next."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from core import clock, orders
from core.deliveries.events import CourierNotFound, ShipmentWanted
from core.deliveries.provider import Quote
from core.deliveries.queries import SHIPMENT, of_fulfilments, waiting
from core.deliveries.rows import CallRow, QuoteRow, ShipmentRow
from core.deliveries.rules import DeliveryRules
from core.deliveries.writing import give_up, tell
from core.ids import new_id
from core.work import Work

BROADCAST = "broadcast"
NO_HURRY = 1_000_000  #: minutes; who does not say how long it takes comes last
#: one of those who accept it has it, however many there are
WIN = """
UPDATE courier_call SET winner_id = $3, status = 'TAKEN', due_at = NULL
WHERE tenant_id = $1 AND fulfilment_id = $2 AND winner_id IS NULL AND status = 'CALLING'
"""
LOSE = """
UPDATE courier_call SET winner_id = NULL, status = CASE status WHEN 'TAKEN' THEN 'CALLING' ELSE status END
WHERE tenant_id = $1 AND fulfilment_id = $2 AND winner_id = $3
"""
END = "UPDATE courier_call SET status = $3, due_at = NULL WHERE tenant_id = $1 AND fulfilment_id = $2"
AGAIN = """
UPDATE courier_call SET round = round + 1, rounds_left = rounds_left - 1, quoted = false, due_at = $3
WHERE tenant_id = $1 AND fulfilment_id = $2 AND status = 'CALLING'
"""
OPEN = f"""
INSERT INTO shipment (tenant_id, id, fulfilment_id, order_id, store_id, round, provider, state, rank, currency, fee,
    minutes, created_at, told_at, accept_by, look_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'CREATED', 0, $8, $9, $10, $11, $11, $12, $12) RETURNING {SHIPMENT}
"""


def ranked(strategy: str, quotes: Mapping[str, Quote], priority: Sequence[str]) -> list[str]:
    """Providers in the order in which they are asked."""

    def by(name: str) -> tuple[int, ...]:
        fee, minutes = quotes[name].fee.minor, quotes[name].minutes
        hurry = NO_HURRY if minutes is None else minutes
        if strategy == "fastest":
            return hurry, fee
        if strategy == "priority":
            return priority.index(name) if name in priority else len(priority), fee, hurry
        return fee, hurry

    return sorted(quotes, key=lambda name: (*by(name), name))


async def win(work: Work, call: CallRow, shipment: ShipmentRow) -> bool:
    """Whether it is this shipment's from now on; then the others are not wanted any more."""
    if not await work.execute(WIN, call.fulfilment_id, shipment.id):
        return False
    for other in (await of_fulfilments(work, [call.fulfilment_id]))[0]:
        if other.id != shipment.id and other.ended_at is None:
            await give_up(work, other, "another provider has it")
    return True


async def ask_next(work: Work, call: CallRow) -> None:
    """Ask whoever comes next in a call that nobody has; when nobody is left, everybody again later, or no more."""
    if call.status != "CALLING" or not call.quoted or await _somebody_is_asked(work, call):
        return
    left = await waiting(work, call)
    for quote in left if call.strategy == BROADCAST else left[:1]:
        await _open(work, call, quote)
    if not left:
        await _nobody_is_left(work, call)


async def fall_back(work: Work, call: CallRow, shipment: ShipmentRow) -> None:
    """A shipment has come to nothing: it is not the winner any more, and the next is asked."""
    lost = await work.execute(LOSE, call.fulfilment_id, shipment.id)
    if lost and call.status == "TAKEN":
        call.status, call.winner_id = "CALLING", None
    await ask_next(work, call)


async def end(work: Work, call: CallRow, status: str) -> None:
    """Look for nobody any more."""
    await work.execute(END, call.fulfilment_id, status)
    call.status = status


async def _open(work: Work, call: CallRow, quote: QuoteRow) -> None:
    now, provider = clock.now(), work.hooks.delivery_providers.get(quote.provider)
    told = provider.capabilities.minutes if provider is not None else None
    minutes = told or work.rules(DeliveryRules, call.store_id).accept_minutes
    place = (call.fulfilment_id, call.order_id, call.store_id, call.round)
    offer = (quote.provider, quote.currency, quote.minor, quote.minutes)
    shipment = await work.row(ShipmentRow, OPEN, new_id(), *place, *offer, now, now + timedelta(minutes=minutes))
    assert shipment is not None, "a row that was just written"
    tell(work, shipment)
    work.emit(ShipmentWanted(shipment_id=shipment.id, order_id=shipment.order_id))


async def _somebody_is_asked(work: Work, call: CallRow) -> bool:
    shipments = (await of_fulfilments(work, [call.fulfilment_id]))[0]
    return any(one.ended_at is None and one.given_up_at is None for one in shipments)


async def _nobody_is_left(work: Work, call: CallRow) -> None:
    if call.rounds_left:
        pause = timedelta(minutes=work.rules(DeliveryRules, call.store_id).round_minutes)
        await work.execute(AGAIN, call.fulfilment_id, clock.now() + pause)
        return
    await end(work, call, "FAILED")
    order = await orders.lock(work, call.order_id)
    assert order is not None, "a call without its order"
    await orders.record(work, order, "courier_not_found")
    work.emit(CourierNotFound(fulfilment_id=call.fulfilment_id, order_id=call.order_id, store_id=call.store_id))
