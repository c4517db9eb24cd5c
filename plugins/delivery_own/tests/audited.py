"""How each mutation of couriers succeeds and is refused, for the test that looks into the log."""

from plugins.delivery_own.tests.errands import offered
from tests.schema.auditing import Case, Input, Stage
from tests.schema.shop import done


async def wanted(stage: Stage) -> Input:
    order = await stage.of_order("orderAccept", "orderReady", delivered=True)
    return {"shipmentId": await offered(stage.platform, stage.world, stage.actor, order)}


async def carried(stage: Stage) -> Input:
    errand = await wanted(stage)
    done(await stage.actor.do("deliveryOwnAccept", errand, "errand { state }"), "errand")
    return errand


async def reported(stage: Stage) -> Input:
    return await carried(stage) | {"step": "PICKED_UP"}


CASES = {
    "deliveryOwnAccept": Case(wanted, {"shipmentId": "x"}),
    "deliveryOwnPassOn": Case(carried, {"shipmentId": "x"}),
    "deliveryOwnReport": Case(reported, {"shipmentId": "x"}),
}
