"""What the tests of supply do again and again: find a supplier, order from it, take goods in."""

from collections.abc import Mapping
from typing import Any

from hexmart.testing import Client, World
from tests.schema.shop import Payload, done

SUPPLIER = {"name": "Dairy", "contact": {"name": "Li", "phone": "13900000009"}, "leadDays": 3}
ORDER = """purchaseOrder { id number status note orderedAt expectedAt endedAt location { id } supplier { id }
  lines { quantity received damaged outstanding unitCost { amount } total { amount } variant { sku } } }"""
RECEIPT = """receipt { id reference receivedAt location { id } purchaseOrder { id status }
  lines { received damaged variant { sku } } }"""


async def supply(staff: Client, **said: Any) -> str:
    """A supplier, by its id."""
    payload = await staff.do("supplierCreate", SUPPLIER | said, "supplier { id }")
    return str(done(payload, "supplier")["id"])


def drafted(world: World, supplier: str, wanted: Mapping[str, int], **more: Any) -> Payload:
    """What a purchase order to S1 is made from."""
    lines = [{"variantId": world.variants[sku], "quantity": n, "unitCost": "10.00"} for sku, n in wanted.items()]
    asked = {"supplierId": supplier, "locationId": world.stores["S1"], "lines": lines, "idempotencyKey": "order"}
    return asked | more


async def draft(staff: Client, world: World, wanted: Mapping[str, int], **more: Any) -> Payload:
    """A purchase order that is not sent yet."""
    asked = drafted(world, await supply(staff), wanted, **more)
    return done(await staff.do("purchaseOrderCreate", asked, ORDER), "purchaseOrder")


async def ordered(staff: Client, world: World, wanted: Mapping[str, int], **more: Any) -> Payload:
    """A purchase order whose goods are expected."""
    made = await draft(staff, world, wanted, **more)
    return done(await staff.do("purchaseOrderSubmit", {"purchaseOrderId": made["id"]}, ORDER), "purchaseOrder")


async def record(staff: Client, world: World, came: Mapping[str, int], key: str = "1", **more: Any) -> Payload:
    """The payload of recording what came; without an order it came to S1."""
    lines = [{"variantId": world.variants[sku], "received": number} for sku, number in came.items()]
    place = {} if "purchaseOrderId" in more else {"locationId": world.stores["S1"]}
    return await staff.do("receiptRecord", place | {"lines": lines, "idempotencyKey": key} | more, RECEIPT)
