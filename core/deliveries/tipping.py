"""Tips: written down with their key, offered from the outbox, booked once the provider has taken them."""

from uuid import UUID

from core import audit, idempotency
from core.deliveries import asking, booking
from core.deliveries.errors import ShipmentState
from core.deliveries.events import TipWanted
from core.deliveries.parcels import known_of
from core.deliveries.permissions import MANAGE
from core.deliveries.provider import Tip
from core.deliveries.queries import by_id
from core.deliveries.states import TAKEN
from core.deliveries.writing import hold, note
from core.errors import Invalid, NotFound
from core.idempotency import Request
from core.ids import new_id
from core.money import Money
from core.work import Work, Works

MOST = 1_000_000  #: minor units
ASKED = """
SELECT amount FROM shipment_charge WHERE tenant_id = $1 AND id = $2 AND shipment_id = $3 AND status = 'ASKED'
"""
BEFORE = """
SELECT coalesce(sum(amount), 0)::bigint FROM shipment_charge
WHERE tenant_id = $1 AND shipment_id = $2 AND kind = 'TIP' AND status <> 'REFUSED' AND id <= $3
"""


async def tip(work: Work, shipment_id: UUID | None, minor: int, *, key: str) -> UUID:
    """Offer couriers more than the fee while nobody has accepted it; again for the same key it is one tip."""
    found = await by_id(work, shipment_id) if shipment_id is not None else None
    if found is None or not work.actor.may(MANAGE.name, found.store_id):
        raise NotFound(what="shipment", path=("input", "shipmentId"))
    if not 0 < minor <= MOST:
        raise Invalid(reason=f"A tip is of 1 to {MOST} minor units.", path=("input", "amount"))
    shipment = await hold(work, found)
    request = Request("shipmentTip", work.actor.label, key, [str(shipment.id), minor])

    async def perform(tip_id: UUID) -> None:
        provider = work.hooks.delivery_providers.get(shipment.provider)
        if provider is None or not provider.capabilities.tips:
            raise Invalid(reason=f"{shipment.provider} takes no tips.", path=("input", "shipmentId"))
        if shipment.ended_at is not None or shipment.given_up_at is not None or shipment.rank >= TAKEN:
            raise ShipmentState(state=shipment.state, path=("input", "shipmentId"))
        await booking.ask_for_tip(work, shipment, tip_id, minor)
        facts = {"tip": minor, "currency": shipment.currency}
        await audit.record_if_staff(
            work, "shipment.tipped", "Shipment", shipment.id, store_id=shipment.store_id, after=facts
        )
        work.emit(TipWanted(charge_id=tip_id, shipment_id=shipment.id))

    await idempotency.once(work, request, new_id(), perform)
    return shipment.id


async def offer(works: Works, event: TipWanted) -> None:
    """Tell the provider, outside of any transaction; one that fails is told again."""
    async with works() as work:
        shipment = await by_id(work, event.shipment_id)
        assert shipment is not None, "an event of a shipment that is not there"
        minor = await work.value(ASKED, event.charge_id, shipment.id)
        if minor is None:
            return
        total = int(await work.value(BEFORE, shipment.id, event.charge_id))
        line, known = asking.line_or_raise(work, shipment.provider), await known_of(work, shipment)
    amounts = (Money(minor, shipment.currency), Money(total, shipment.currency))
    answer = await line.tip(Tip(known, event.charge_id, *amounts))
    async with works() as work:
        held = await hold(work, shipment)
        taken = answer.refused_because is None and held.settled_at is None
        if await booking.settle_tip(work, held, event.charge_id, minor, taken=taken):
            why = answer.refused_because
            await note(work, held, None, raw="tip taken" if taken else "tip refused", why=why[:200] if why else None)
