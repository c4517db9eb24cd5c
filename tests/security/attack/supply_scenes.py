"""What has to have happened before calls that are about supply."""

import secrets

from core import clock
from tests.schema.shop import done
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
    await _order(side, things["supplier"])
    await _receive(side, {"locationId": side.store_id})
    things |= {"receipt": await _receive(side, {"purchaseOrderId": things["purchase"]})}
    for _ in range(2):
        things |= await counted(side, caller) | {"reconciliation": await _reconcile(side)}
    return things


async def counting(side: Side, _: str) -> Things:
    """People have begun to count."""
    asked = {"locationId": side.store_id, "note": side.mark, "idempotencyKey": secrets.token_hex(8)}
    made = await side.callers["owner"].do("stockCountStart", asked, "stockCount { id }")
    return {"count": done(made, "stockCount")["id"]}


async def counted(side: Side, caller: str) -> Things:
    """They have counted something."""
    things, variant = await counting(side, caller), side.standing["variant"]
    shelf = "query($id: ID!, $at: ID!) { node(id: $id) { ... on ProductVariant { stock(storeId: $at) { onHand } } } }"
    stock = (await side.callers["owner"].run(shelf, id=variant, at=side.store_id))["node"]["stock"]["onHand"]
    line = {"variantId": variant, "counted": stock, "expectedOnHand": stock}
    asked = {"stockCountId": things["count"], "lines": [line]}
    done(await side.callers["owner"].do("stockCountRecord", asked, "stockCount { id }"), "stockCount")
    return things


async def oddly_sold(side: Side, _: str) -> Things:
    """Tills have sold something at a price that nobody knows of, twice."""
    line = {"barcode": side.standing["variant.barcode"], "quantity": 1, "unitPrice": "0.01"}
    sale = {"soldAt": "2026-01-05T09:00:00Z", "lines": [line], "paid": "0.01"}
    sales = [sale | {"externalReference": f"{side.mark}-{secrets.token_hex(4)}"} for _ in range(2)]
    asked = {"storeId": side.store_id, "sales": sales}
    made = await side.callers["owner"].do("posSalesRecord", asked, "results { conflicts { id } }")
    assert made["userErrors"] == [], made
    return {"till.conflict": made["results"][0]["conflicts"][0]["id"]}


async def _reconcile(side: Side) -> str:
    lines = [{"sku": side.standing["variant.sku"], "onHand": 5}, {"sku": side.mark, "onHand": 5}]
    asked = {"locationId": side.store_id, "takenAt": clock.now().isoformat(), "lines": lines}
    key = {"idempotencyKey": secrets.token_hex(8)}
    made = await side.callers["owner"].do("stockReconcile", asked | key, "reconciliation { id }")
    return str(done(made, "reconciliation")["id"])


async def _receive(side: Side, place: Things) -> str:
    line = {"variantId": side.standing["variant"], "received": 1, "damaged": 1}
    asked = {"lines": [line], "reference": side.mark, "idempotencyKey": secrets.token_hex(8)} | place
    return str(done(await side.callers["owner"].do("receiptRecord", asked, "receipt { id }"), "receipt")["id"])


async def _draft(side: Side) -> Things:
    word = f"{side.standing['word']}-{secrets.token_hex(6)}"  # suppliers are the brand's
    contact = {"name": side.standing["word"], "phone": side.standing["member.phone"]}
    made = await side.callers["owner"].do("supplierCreate", {"name": word, "contact": contact}, "supplier { id }")
    supplier = str(done(made, "supplier")["id"])
    return {"supplier": supplier, "purchase": await _order(side, supplier)}


async def _order(side: Side, supplier: str) -> str:
    lines = [{"variantId": side.standing["variant"], "quantity": 10, "unitCost": "4.50"}]
    asked = {"supplierId": supplier, "locationId": side.store_id, "lines": lines, "note": side.mark}
    key = {"idempotencyKey": secrets.token_hex(8)}
    return str(done(await side.callers["owner"].do("purchaseOrderCreate", asked | key, _SENT), "purchaseOrder")["id"])


SUPPLY_SCENES: dict[str, Scene] = {
    "supplierUpdate": (draft := Scene(drafted)),
    "purchaseOrderCreate": draft,
    "purchaseOrderSubmit": draft,
    "purchaseOrderCancel": draft,
    "receiptRecord": Scene(expected),
    "stockCountRecord": Scene(counting),
    "stockCountClose": Scene(counted),
}
