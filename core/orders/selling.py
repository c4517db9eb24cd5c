"""Tills' sales: they have happened, the goods are gone and the money is in the drawer."""

from collections.abc import Sequence
from uuid import UUID

from core import audit, inventory
from core.inventory import SoldShort
from core.orders import ordering, telling
from core.orders.events import OrderPaid
from core.orders.ordering import Sale
from core.orders.rows import OrderRow
from core.work import Work

KNOWN = """
SELECT external_reference, id FROM sales_order
WHERE tenant_id = $1 AND store_id = $2 AND external_reference = any($3::text[])
"""


async def sell_over_counter(
    work: Work, store_id: UUID, sales: Sequence[Sale]
) -> tuple[list[OrderRow], list[SoldShort]]:
    """Write down finished sales of a store and take their goods off the shelf; also, of what the books had less."""
    written = await ordering.write(work, sales)
    short = await inventory.sell(work, store_id, {sale.id: sale.goods for sale in sales})
    await telling.tell(work, [sale.id for sale in sales], "sold")
    facts = {sale.id: {"reference": sale.external_reference, "paid": sale.totals.payable.minor} for sale in sales}
    await audit.record_each_if_staff(work, "order.sold", "Order", facts, store_id=store_id)
    for sale in sales:
        work.emit(OrderPaid(order_id=sale.id, store_id=store_id))
    return written, short


async def known_sales(work: Work, store_id: UUID, references: Sequence[str]) -> dict[str, UUID]:
    """The orders that a till's references stand for, where they were recorded before."""
    rows = await work.fetch(KNOWN, store_id, list(references))
    return {row["external_reference"]: row["id"] for row in rows}
