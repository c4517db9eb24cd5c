"""What has to have happened before calls that are about supply."""

import secrets

from tests.schema.shop import done
from tests.security.attack.furnishing import TEA
from tests.security.attack.sides import Scene, Side, Things

_SENT = "purchaseOrder { id }"


async def drafted(side: Side, _: str) -> Things:
    """Goods that are not ordered yet."""
    return await _draft(side)


async def expected(side: Side, _: str) -> Things:
    """Goods that are on their way."""
    things = await _draft(side)
    asked = {"purchaseOrderId": things["purchase"]}
    done(await side.callers["owner"].do("purchaseOrderSubmit", asked, _SENT), "purchaseOrder")
    return things


async def received(side: Side, caller: str) -> Things:
    """The same once some of them have come, and others without an order: lists have more than one item."""
    things = await expected(side, caller)
    await _receive(side, {"locationId": side.store_id})
    return things | {"receipt": await _receive(side, {"purchaseOrderId": things["purchase"]})}


async def _receive(side: Side, place: Things) -> str:
    line = {"variantId": side.world.variants[TEA], "received": 1, "damaged": 1}
    asked = {"lines": [line], "reference": side.mark, "idempotencyKey": secrets.token_hex(8)} | place
    return str(done(await side.callers["owner"].do("receiptRecord", asked, "receipt { id }"), "receipt")["id"])


async def _draft(side: Side) -> Things:
    owner, word = side.callers["owner"], f"{side.standing['word']}-{secrets.token_hex(6)}"  # suppliers are the brand's
    contact = {"name": side.standing["word"], "phone": side.standing["member.phone"]}
    supplier = done(await owner.do("supplierCreate", {"name": word, "contact": contact}, "supplier { id }"), "supplier")
    lines = [{"variantId": side.world.variants[TEA], "quantity": 10, "unitCost": "4.50"}]
    asked = {"supplierId": supplier["id"], "locationId": side.store_id, "lines": lines, "note": side.mark}
    order = done(await owner.do("purchaseOrderCreate", asked | {"idempotencyKey": word}, _SENT), "purchaseOrder")
    return {"supplier": supplier["id"], "purchase": order["id"]}


SUPPLY_SCENES: dict[str, Scene] = {
    "supplierUpdate": (draft := Scene(drafted)),
    "purchaseOrderCreate": draft,
    "purchaseOrderSubmit": draft,
    "purchaseOrderCancel": draft,
    "receiptRecord": Scene(expected),
}
