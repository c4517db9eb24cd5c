"""What the buyer of an order shows at the counter or at the exit, to be read or to be scanned."""

from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

import segno
import strawberry

from core import fulfilment, orders, verification
from core.ids import grouped
from core.orders import OrderRow
from schema.context import Info
from schema.fields import batched
from schema.orders import Order

_SCALE = 8  #: pixels of a module


@strawberry.enum(description="How a picture is given.")
class PictureFormat(StrEnum):
    SVG = "SVG"
    PNG = "PNG"


@batched(Order, str | None)
async def pickup_code(found: Sequence[OrderRow], info: Info) -> list[str | None]:
    """What the buyer shows at the counter, or at the exit; only for the buyer, from the payment on."""
    return [grouped(code) if code else None for code in await _codes(found, info)]


@batched(Order, str | None, cost=5)
async def pickup_qr(
    found: Sequence[OrderRow],
    info: Info,
    format: PictureFormat = PictureFormat.SVG,
) -> list[str | None]:
    """The same as a QR code: markup to put into a page (SVG), or a `data:` URI to point an image at (PNG)."""
    return [_picture(code, format) if code else None for code in await _codes(found, info)]


async def _codes(found: Sequence[OrderRow], info: Info) -> list[str | None]:
    codes = [order.code for order in found]
    if None in codes:
        codes = await verification.codes_of(info.work, fulfilment.CODES, [order.id for order in found])
    return [code if orders.owned(order, info.viewer) else None for order, code in zip(found, codes, strict=True)]


@lru_cache(maxsize=1_000)  # it is asked for again while people wait in line
def _picture(code: str, kind: PictureFormat) -> str:
    drawn = segno.make_qr(code, error="m")
    if kind is PictureFormat.SVG:
        return str(drawn.svg_inline(scale=_SCALE))
    return str(drawn.png_data_uri(scale=_SCALE))
