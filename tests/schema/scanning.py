"""What tests of scan-and-go do again and again."""

from core.catalog import check_digit
from hexmart.testing import Client, World
from tests.schema.shop import CART, Payload

MILK, BREAD, APPLE = "6900000000010", "6900000000041", "2100034000002"


def label(amount: int, prefix: str = "21") -> str:
    """What a scale prints on a bag of apples."""
    said = f"{prefix}00034{amount:05d}"
    return said + check_digit(said)


async def scan(client: Client, world: World, barcode: str, cart: Payload | None = None, **more: object) -> Payload:
    """The payload of a scan, in the first shop unless another one is named."""
    asked = {"storeId": world.stores["S1"], "barcode": barcode} | ({"cartId": cart["id"]} if cart else {})
    return await client.do("cartScan", asked | more, CART)
