"""What a provider says of a shipment: repeated, late, out of order or skipping states, it comes to the same."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from core import clock
from core.deliveries import booking
from core.deliveries.broker import end, fall_back, win
from core.deliveries.events import ShipmentMoved
from core.deliveries.handing import complete, leave
from core.deliveries.provider import Courier, Report
from core.deliveries.queries import find
from core.deliveries.rows import ShipmentRow
from core.deliveries.states import LAST, LEFT, OVER, RANKS, TAKEN, State
from core.deliveries.writing import climb, give_up, hold, hold_call, known, note, tell, trouble
from core.errors import NotFound
from core.events import Event
from core.stores import GeoPoint
from core.work import Work, Works, place_of

COURIER = "UPDATE shipment SET courier = $3, told_at = greatest(told_at, $4) WHERE tenant_id = $1 AND id = $2"
POSITION = f"""
UPDATE shipment SET latitude = $3, longitude = $4, positioned_at = $5
WHERE tenant_id = $1 AND id = $2 AND rank < {LAST} AND (positioned_at IS NULL OR positioned_at < $5)
"""
REPEATED, LATE, IS_OVER, TAKEN_BY_ANOTHER = "REPEATED", "LATE", "OVER", "ANOTHER_HAS_IT"


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of a report."""

    shipment_id: UUID
    ignored_because: str | None = None


async def hear(works: Works, provider: str, report: Report) -> Heard:
    """Take in what a provider says; its plugin has made sure that it is the provider who says so."""
    async with works() as work:
        return await take_in(work, provider, report)


async def take_in(work: Work, provider: str, report: Report) -> Heard:
    """The same in a transaction that is open."""
    found = await find(work, provider, report.shipment_id, report.reference)
    if found is None:
        raise NotFound(what="shipment", path=("input", "shipmentId"))
    if report.position is not None:
        await _move(work, found, report.position, report.at)
    if report.state is None and report.courier is None:
        return Heard(found.id)
    shipment = await hold(work, found)
    key = report.key or f"{report.state or ''}:{report.raw}:{report.at.isoformat()}"
    if await known(work, shipment, key):
        return Heard(shipment.id, REPEATED)
    report = _by_our_clock(shipment, report)
    why = await _judge(work, shipment, report)
    if why == REPEATED:
        return Heard(shipment.id, why)
    await note(
        work,
        shipment,
        report.state,
        key=key,
        raw=report.raw,
        told_at=report.at,
        why=report.note[:200] if report.note else None,
        ignored_because=why,
    )
    return Heard(shipment.id, why)


def _by_our_clock(shipment: ShipmentRow, report: Report) -> Report:
    """A provider's clock may be wrong: nothing was said of a shipment before it was made, or is said from tomorrow."""
    return replace(report, at=min(max(report.at, shipment.created_at), clock.now()))


async def _judge(work: Work, shipment: ShipmentRow, report: Report) -> str | None:
    """Do what a report says, or tell why not."""
    changed = await _change_courier(work, shipment, report)
    if report.state is None or not _climbs(shipment, report.state, report.at):
        if changed:
            tell(work, shipment)
            return None
        if shipment.state in OVER:
            return IS_OVER
        return REPEATED if report.state in (shipment.state, None) else LATE
    rank = RANKS.get(report.state, shipment.rank)
    if rank >= TAKEN and report.state not in (State.CANCELLED, State.EXCEPTION) and not await _has_it(work, shipment):
        await _turn_away(work, shipment, rank)
        return TAKEN_BY_ANOTHER
    climbed = await climb(work, shipment, report.state, at=report.at)
    assert climbed is not None, "a shipment that is held changes for nobody else"
    await _follow(work, shipment, climbed, report)
    return None


def _climbs(shipment: ShipmentRow, state: State, at: datetime) -> bool:
    """Whether a state comes after the one that is known; trouble comes at any time, and ends with any news."""
    if shipment.state in OVER:
        return False
    if state == State.EXCEPTION:
        return shipment.state != State.EXCEPTION and at >= shipment.told_at
    rank = RANKS[state]
    mended = shipment.state == State.EXCEPTION and rank == shipment.rank and at > shipment.told_at
    return rank > shipment.rank or mended


async def _has_it(work: Work, shipment: ShipmentRow) -> bool:
    """Whether it is this shipment that carries the fulfilment, from now on or since before."""
    call = await hold_call(work, shipment.fulfilment_id)
    if call.winner_id == shipment.id:
        return True
    return shipment.given_up_at is None and await win(work, call, shipment)


async def _turn_away(work: Work, shipment: ShipmentRow, rank: int) -> None:
    """A second one has accepted it, or one that was called off: it is cancelled, at whatever that costs."""
    await give_up(work, shipment, "another provider has it")
    if rank >= LEFT:
        await trouble(work, shipment, TAKEN_BY_ANOTHER)


async def _follow(work: Work, before: ShipmentRow, shipment: ShipmentRow, report: Report) -> None:
    """What a new state means for the order."""
    if before.picked_up_at is None and shipment.picked_up_at is not None:
        await leave(work, shipment)
    if report.state == State.DELIVERED:
        await complete(work, shipment)
        await end(work, await hold_call(work, shipment.fulfilment_id), "DONE")
    elif report.state == State.CANCELLED:
        await _cancelled(work, shipment, report)
    elif report.state == State.RETURNED:
        await _came_back(work, shipment)
    elif report.state == State.EXCEPTION:
        await trouble(work, shipment, State.EXCEPTION)


async def _cancelled(work: Work, shipment: ShipmentRow, report: Report) -> None:
    """By the provider: the next is asked. Where it was asked to, its answer to that says what it costs."""
    if shipment.given_up_at is None or report.cancel_fee is not None:
        fee = report.cancel_fee.minor if report.cancel_fee is not None else 0
        if shipment.picked_up_at is None:
            await booking.settle_cancellation(work, shipment, fee)
    if shipment.picked_up_at is not None:
        await _came_back(work, shipment)
    else:
        await fall_back(work, await hold_call(work, shipment.fulfilment_id), shipment)


async def _came_back(work: Work, shipment: ShipmentRow) -> None:
    """Nobody knows in which state the goods are: stock is put back by people, when they have looked at them."""
    await end(work, await hold_call(work, shipment.fulfilment_id), "BACK")
    await trouble(work, shipment, State.RETURNED)


async def _move(work: Work, shipment: ShipmentRow, position: GeoPoint, at: datetime) -> None:
    seen = min(at, clock.now())
    if await work.execute(POSITION, shipment.id, position.latitude, position.longitude, seen):
        event: Event = ShipmentMoved(shipment_id=shipment.id, order_id=shipment.order_id, store_id=shipment.store_id)
        work.emit(event)


async def _change_courier(work: Work, shipment: ShipmentRow, report: Report) -> bool:
    """Whether somebody else carries it now; what was said before the newest that is known changes nobody."""
    if report.courier is None or shipment.state in OVER or report.at < shipment.told_at:
        return False
    if report.courier == courier_of(work, shipment):
        return False
    place = place_of("shipment", "courier", shipment.id)
    shipment.sealed_courier = work.vault.seal(asdict(report.courier), place)
    await work.execute(COURIER, shipment.id, shipment.sealed_courier, report.at)
    return True


def courier_of(work: Work, shipment: ShipmentRow) -> Courier | None:
    """Who carries it."""
    if shipment.sealed_courier is None:
        return None
    opened: Any = work.vault.open(shipment.sealed_courier, place_of("shipment", "courier", shipment.id))
    return Courier(**opened)
