"""How shipments are cancelled and tipped, and how that is refused: cases for the log."""

from schema.relay import global_id
from tests.bringing import NAME, employ, found
from tests.schema.auditing import Case, Input, Stage
from tests.schema.shop import act, done


async def called(stage: Stage) -> Input:
    await employ(stage.platform, stage.world)
    order = await stage.of_order("orderAccept", "orderReady", delivered=True)
    done(await act(stage.actor, "orderDispatch", order, provider=NAME), "order")
    shipment = await found(stage.platform, stage.world, order["id"])
    return {"shipmentId": global_id("Shipment", shipment.id)}


async def tipped(stage: Stage) -> Input:
    return await called(stage) | {"amount": "2.00", "idempotencyKey": "1"}


CASES = {
    "shipmentCancel": Case(called, {"shipmentId": "x"}),
    "shipmentTip": Case(tipped, {"amount": "0"}),
}
