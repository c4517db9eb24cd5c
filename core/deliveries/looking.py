"""Shipments of which nothing was heard: their provider is asked, and one that nobody accepts in time is given up."""

from datetime import timedelta

from core import clock
from core.deliveries import asking
from core.deliveries.broker import ask_next
from core.deliveries.calling import want
from core.deliveries.events import ShipmentOverdue
from core.deliveries.hearing import take_in
from core.deliveries.parcels import known_of
from core.deliveries.queries import CALL, by_id
from core.deliveries.rows import CallRow, ShipmentRow
from core.deliveries.rules import DeliveryRules
from core.deliveries.states import TAKEN
from core.deliveries.writing import give_up, hold, hold_call
from core.work import Work, Works

LOOK = 200  #: shipments told of in one transaction
IS_DUE = "SELECT 1 FROM shipment WHERE tenant_id = $1 AND look_at <= (SELECT app_now())"
DUE = """
UPDATE shipment SET look_at = app_now() + $3 WHERE tenant_id = $1 AND id = any(ARRAY(
    SELECT id FROM shipment WHERE tenant_id = $1 AND look_at <= (SELECT app_now())
    ORDER BY look_at LIMIT $2 FOR UPDATE SKIP LOCKED
)) RETURNING id, order_id
"""
ROUND_IS_DUE = """
SELECT 1 FROM courier_call WHERE tenant_id = $1 AND status = 'CALLING' AND due_at <= (SELECT app_now())
"""
ROUNDS = f"""
UPDATE courier_call SET due_at = NULL WHERE tenant_id = $1 AND fulfilment_id = any(ARRAY(
    SELECT fulfilment_id FROM courier_call WHERE tenant_id = $1 AND status = 'CALLING'
    AND due_at <= (SELECT app_now()) ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED
)) RETURNING {CALL}
"""


async def find_overdue(work: Work) -> int:
    """Tell of a batch of shipments that are to be asked about; returns how many."""
    pause = timedelta(minutes=work.rules(DeliveryRules).poll_minutes)
    overdue = await work.fetch(DUE, LOOK, pause)
    for row in overdue:
        work.emit(ShipmentOverdue(shipment_id=row["id"], order_id=row["order_id"]))
    return len(overdue)


async def begin_rounds(work: Work) -> int:
    """Have everybody asked once more where nobody was found; returns for how many."""
    due = await work.rows(CallRow, ROUNDS, LOOK)
    for call in due:
        want(work, call)
    return len(due)


async def look(works: Works, event: ShipmentOverdue) -> None:
    """Ask how it stands, outside of any transaction; if nobody has it by its time, the next provider is asked."""
    async with works() as work:
        shipment = await by_id(work, event.shipment_id)
        if shipment is None or shipment.ended_at is not None:
            return
        line, known = asking.line(work, shipment.provider), await known_of(work, shipment)
    report = await line.query(known) if line is not None else None
    async with works() as work:
        if report is not None:
            await take_in(work, shipment.provider, report)
        await _give_up_in_time(work, shipment)


async def _give_up_in_time(work: Work, shipment: ShipmentRow) -> None:
    held = await hold(work, shipment)
    if held.rank < TAKEN and held.ended_at is None and held.accept_by <= clock.now():
        call = await hold_call(work, held.fulfilment_id)
        if await give_up(work, held, "nobody has accepted it in time"):
            await ask_next(work, call)
