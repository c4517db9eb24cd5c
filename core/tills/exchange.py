"""What tills have told, as they told it: for another system that wants to know."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core import catalog, orders
from core.ids import first_id
from core.money import Money
from core.tills.told import Told, ToldLine
from core.work import Work

SOLD = """
SELECT id, external_reference, placed_at, payable, currency FROM sales_order
WHERE tenant_id = $1 AND store_id = $2 AND id >= $3 AND ($4::uuid IS NULL OR id > $4) AND external_reference IS NOT NULL
ORDER BY id LIMIT $5
"""
_PAGE = 500


@dataclass(frozen=True, slots=True)
class _Sold:
    id: UUID
    reference: str
    sold_at: datetime
    paid: int
    currency: str


async def told_since(work: Work, store_id: UUID, moment: datetime) -> AsyncIterator[Told]:
    """The sales of a store that were told since then, what came first before the rest; who bought is left out."""
    after: UUID | None = None
    while page := await work.rows(_Sold, SOLD, store_id, first_id(moment), after, _PAGE):
        for told in await _told(work, page):
            yield told
        after = page[-1].id


async def _told(work: Work, page: Sequence[_Sold]) -> list[Told]:
    lines = await orders.lines_of(work, [sold.id for sold in page])
    keys = sorted({line.variant_id for some in lines for line in some})
    found = await catalog.variants_sold(work, keys)
    barcodes = {one.id: one.barcode or "" for one in found if one is not None}
    return [
        Told(
            reference=sold.reference,
            sold_at=sold.sold_at,
            lines=[ToldLine(barcodes[line.variant_id], line.quantity, line.unit_price.amount) for line in some],
            paid=Money(sold.paid, sold.currency).amount,
        )
        for sold, some in zip(page, lines, strict=True)
    ]
