"""A till's sale: it has happened, the goods are gone and the money is in the drawer."""

from uuid import UUID

from core import audit, inventory
from core.orders import ordering, telling
from core.orders.events import OrderPaid
from core.orders.ordering import Sale
from core.work import Work

KNOWN = """
SELECT id FROM sales_order WHERE tenant_id = $1 AND store_id = $2 AND external_reference = $3
"""


async def sell_over_counter(work: Work, sale: Sale) -> None:
    """Write down a finished sale and take its goods off the shelf."""
    await ordering.write(work, [sale])
    await inventory.sell(work, sale.store_id, sale.goods, order_id=sale.id)
    await telling.tell(work, [sale.id], "sold")
    facts = {"reference": sale.external_reference, "paid": sale.totals.payable.minor}
    await audit.record_if_staff(work, "order.sold", "Order", sale.id, store_id=sale.store_id, after=facts)
    work.emit(OrderPaid(order_id=sale.id, store_id=sale.store_id))


async def known_sale(work: Work, store_id: UUID, reference: str) -> UUID | None:
    """The order that a till's reference stands for, if it was recorded before."""
    found: UUID | None = await work.value(KNOWN, store_id, reference)
    return found
