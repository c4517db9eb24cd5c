"""The way of an errand: offered to a store's couriers, taken on by one, passed on, done. Each is a compare-and-set."""

from dataclasses import dataclass
from uuid import UUID

from core import audit, clock, deliveries, identity, orders
from core.actors import ActorKind
from core.deliveries import Courier, Report, ShipmentChanged, ShipmentRow, ShipmentState, State
from core.errors import NotFound
from core.stores import GeoPoint
from core.work import Work
from plugins.delivery_own.errors import DeliveryOwnErrandTaken, DeliveryOwnForPeople, DeliveryOwnNotYours
from plugins.delivery_own.provider import NAME
from plugins.delivery_own.queries import by_id, carried
from plugins.delivery_own.rows import ErrandRow

_PATH = ("input", "shipmentId")
OFFER = """
INSERT INTO delivery_own_errand (tenant_id, shipment_id, order_id, store_id, state, offered_at)
VALUES ($1, $2, $3, $4, 'OFFERED', $5) ON CONFLICT DO NOTHING
"""
END = """
UPDATE delivery_own_errand SET state = $3, ended_at = $4
WHERE tenant_id = $1 AND shipment_id = $2 AND state IN ('OFFERED', 'ACCEPTED')
"""
ACCEPT = """
UPDATE delivery_own_errand SET state = 'ACCEPTED', courier_id = $3, accepted_at = $4
WHERE tenant_id = $1 AND shipment_id = $2 AND state = 'OFFERED'
"""
HAND_OVER = """
UPDATE delivery_own_errand SET state = 'OFFERED', courier_id = NULL
WHERE tenant_id = $1 AND shipment_id = $2 AND state = 'ACCEPTED' AND courier_id = $3
"""


@dataclass(frozen=True, slots=True)
class Step:
    """An errand as it is now; `repeated` when the same courier had said so before."""

    errand: ErrandRow
    repeated: bool = False


async def follow(work: Work, event: ShipmentChanged) -> None:
    """Offer what the shop's own couriers are to carry, and withdraw what they are not to carry any more."""
    if event.provider != NAME:
        return
    if event.state == State.DISPATCHING:
        await work.execute(OFFER, event.shipment_id, event.order_id, event.store_id, clock.now())
    elif event.state == State.CANCELLED:
        await work.execute(END, event.shipment_id, "WITHDRAWN", clock.now())


async def accept(work: Work, shipment_id: UUID | None, phone: str | None) -> Step:
    """Take an errand on; of several who do, one has it."""
    errand = await _here(work, shipment_id)
    if work.actor.kind != ActorKind.STAFF:
        raise DeliveryOwnForPeople(path=_PATH)
    shipment = await _wanted(work, errand)
    if not await work.execute(ACCEPT, errand.shipment_id, work.actor.id, clock.now()):
        return await _had(work, errand)
    heard = await _say(work, shipment, State.ACCEPTED, courier=Courier(await _name(work), phone))
    if heard in ("OVER", "ANOTHER_HAS_IT"):  # what was passed on had been accepted before
        raise ShipmentState(state=shipment.state, path=_PATH)
    await _log(work, errand, "accepted")
    return Step(await _now(work, errand))


async def pass_on(work: Work, shipment_id: UUID | None) -> Step:
    """Offer an errand to the others again, goods and all; it is another's once somebody takes it on."""
    errand = await _here(work, shipment_id)
    if not await work.execute(HAND_OVER, errand.shipment_id, work.actor.id):
        raise DeliveryOwnNotYours(path=_PATH)
    await _log(work, errand, "passed_on")
    return Step(await _now(work, errand))


async def report(work: Work, shipment_id: UUID | None, state: State, note: str | None) -> Step:
    """Say how far one is: at the store, on the way, at the door, or on the way back."""
    errand = await _here(work, shipment_id)
    if errand.courier_id != work.actor.id:
        raise DeliveryOwnNotYours(path=_PATH)
    shipment = await deliveries.by_id(work, errand.shipment_id)
    assert shipment is not None, "an errand without its shipment"
    if shipment.state == state:
        return Step(errand, repeated=True)
    if await _say(work, await _wanted(work, errand), state, note=note) is not None:
        raise ShipmentState(state=shipment.state, path=_PATH)
    if state in (State.DELIVERED, State.RETURNED):
        await work.execute(END, errand.shipment_id, "DONE", clock.now())
    await _log(work, errand, state.lower())
    return Step(await _now(work, errand))


async def move(work: Work, position: GeoPoint) -> list[ErrandRow]:
    """The courier is here now, with everything that the courier carries."""
    found = list(await carried(work))
    for errand in found:
        seen = Report(at=clock.now(), shipment_id=errand.shipment_id, position=position)
        await deliveries.take_in(work, NAME, seen)
    return found


async def _here(work: Work, shipment_id: UUID | None) -> ErrandRow:
    """The errand, if it is of a store that the actor works for."""
    errand = await by_id(work, shipment_id) if shipment_id is not None else None
    if errand is None or not work.actor.may(orders.FULFIL.name, errand.store_id):
        raise NotFound(what="errand", path=_PATH)
    return errand


async def _wanted(work: Work, errand: ErrandRow) -> ShipmentRow:
    """Its shipment, unless that was called off."""
    found = await deliveries.by_id(work, errand.shipment_id)
    assert found is not None, "an errand without its shipment"
    shipment = await deliveries.hold(work, found)
    if shipment.given_up_at is not None or shipment.ended_at is not None:
        raise ShipmentState(state="CANCELLED" if shipment.ended_at is None else shipment.state, path=_PATH)
    return shipment


async def _say(
    work: Work, shipment: ShipmentRow, state: State, *, courier: Courier | None = None, note: str | None = None
) -> str | None:
    """Tell core; why nothing came of it, where nothing did."""
    said = Report(at=clock.now(), shipment_id=shipment.id, state=state, courier=courier, note=note)
    return (await deliveries.take_in(work, NAME, said)).ignored_because


async def _had(work: Work, errand: ErrandRow) -> Step:
    now = await _now(work, errand)
    if now.state == "ACCEPTED" and now.courier_id == work.actor.id:
        return Step(now, repeated=True)
    raise DeliveryOwnErrandTaken(path=_PATH)


async def _now(work: Work, errand: ErrandRow) -> ErrandRow:
    found = await by_id(work, errand.shipment_id)
    assert found is not None, "errands stay"
    return found


async def _name(work: Work) -> str | None:
    if work.actor.id is None:
        return None
    return (await identity.names_of(work, [work.actor.id])).get(work.actor.id)


async def _log(work: Work, errand: ErrandRow, what: str) -> None:
    await audit.record_if_staff(work, f"errand.{what}", "Shipment", errand.shipment_id, store_id=errand.store_id)
