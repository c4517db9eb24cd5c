"""How changes of stock succeed and are refused, of suppliers, warehouses and bundles too: cases for the log."""

from core import clock
from tests.bundling import add_bundle
from tests.schema.auditing import Case, Input, Stage, plain
from tests.schema.moving import asked
from tests.schema.shop import done
from tests.schema.supplying import SUPPLIER, draft, drafted, supply


async def adjusted(stage: Stage) -> Input:
    place, variant = stage.world.stores["S1"], stage.world.variants["BREAD"]
    return {"locationId": place, "variantId": variant, "delta": 1, "reason": "found", "idempotencyKey": "1"}


async def stored(stage: Stage) -> Input:
    payload = await stage.actor.do("warehouseCreate", {"name": "East"}, "warehouse { id }")
    return {"warehouseId": done(payload, "warehouse")["id"], "name": "West"}


async def wanted(stage: Stage) -> Input:
    line = {"variantId": stage.world.variants["BREAD"], "quantity": 1}
    ends = {"sourceId": stage.world.stores["S1"], "destinationId": stage.world.stores["S2"]}
    return ends | {"lines": [line], "idempotencyKey": "1"}


async def requested(stage: Stage) -> Input:
    return {"transferId": (await asked(stage.actor, stage.world, "S1", "S2", BREAD=1))["id"]}


async def sent(stage: Stage) -> Input:
    transfer = await requested(stage)
    done(await stage.actor.do("transferSend", transfer, "transfer { id }"), "transfer")
    return transfer | {"idempotencyKey": "1"}


async def stocked(stage: Stage) -> Input:
    return drafted(stage.world, await supply(stage.actor), {"BREAD": 5})


async def ordered(stage: Stage) -> Input:
    return {"purchaseOrderId": (await draft(stage.actor, stage.world, {"BREAD": 5}))["id"]}


async def renamed(stage: Stage) -> Input:
    return {"supplierId": await supply(stage.actor), "name": "Dairy of the north"}


async def received(stage: Stage) -> Input:
    lines = [{"variantId": stage.world.variants["BREAD"], "received": 5}]
    return {"locationId": stage.world.stores["S1"], "lines": lines, "idempotencyKey": "1"}


async def counting(stage: Stage) -> Input:
    asked = {"locationId": stage.world.stores["S1"], "idempotencyKey": "1"}
    return {
        "stockCountId": done(await stage.actor.do("stockCountStart", asked, "stockCount { id }"), "stockCount")["id"]
    }


async def counted(stage: Stage) -> Input:
    line = {"variantId": stage.world.variants["BREAD"], "counted": 99, "expectedOnHand": 100}
    return await counting(stage) | {"lines": [line]}


async def begun(stage: Stage) -> Input:
    return {"locationId": stage.world.stores["S1"], "idempotencyKey": "1"}


async def closable(stage: Stage) -> Input:
    return await counting(stage) | {"idempotencyKey": "2"}


async def compared(stage: Stage) -> Input:
    taken = {"takenAt": clock.now().isoformat(), "lines": [{"sku": "BREAD", "onHand": 99}], "apply": True}
    return await begun(stage) | taken


async def bundled(stage: Stage) -> Input:
    await add_bundle(stage.actor.application.platform, stage.world, "BOX", {})
    parts = [{"variantId": stage.world.variants["BREAD"], "quantity": 2}]
    return {"variantId": stage.world.variants["BOX"], "components": parts}


CASES: dict[str, Case] = {
    "bundleSet": Case(bundled, {"variantId": "x"}),
    "stockAdjust": Case(adjusted, {"delta": -1_000_000}),
    "supplierCreate": plain(SUPPLIER, name=" "),
    "supplierUpdate": Case(renamed, {"supplierId": "x"}),
    "purchaseOrderCreate": Case(stocked, {"locationId": "x"}),
    "purchaseOrderSubmit": Case(ordered, {"purchaseOrderId": "x"}),
    "purchaseOrderCancel": Case(ordered, {"purchaseOrderId": "x"}),
    "receiptRecord": Case(received, {"locationId": "x"}),
    "stockCountStart": Case(begun, {"locationId": "x"}),
    "stockCountRecord": Case(counted, {"stockCountId": "x"}),
    "stockCountClose": Case(closable, {"stockCountId": "x"}),
    "stockReconcile": Case(compared, {"locationId": "x"}),
    "warehouseCreate": plain({"name": "East"}, name=" "),
    "warehouseUpdate": Case(stored, {"warehouseId": "x"}),
    "transferCreate": Case(wanted, {"sourceId": "x"}),
    "transferSend": Case(requested, {"transferId": "x"}),
    "transferReceive": Case(sent, {"transferId": "x"}),
    "transferCancel": Case(requested, {"transferId": "x"}),
}
