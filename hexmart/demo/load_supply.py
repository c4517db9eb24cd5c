"""Suppliers, and orders to them of what runs low at a store: one is a draft, of one a part has come."""

from collections.abc import Sequence

from core import catalog, stores
from core.catalog import VariantRow
from core.contacts import Contact
from core.ids import new_id
from core.stores import StoreFilter
from core.supply import purchasing, replenishing
from core.supply.purchasing import Arrival, ArrivalLine, Draft, DraftLine, SupplierDraft
from core.work import Work

SUPPLIERS = (
    SupplierDraft("华东日配中心", Contact("周敏", "+8613900000021"), lead_days=1),
    SupplierDraft("江南贸易", Contact("沈涛", "+8613900000022"), lead_days=5),
)
LINES = 6  #: of an order
MARGIN = 35  #: per cent of the price that a brand keeps


async def add_supply(work: Work) -> None:
    """Begin with them, unless the brand has suppliers already."""
    [store] = await stores.page(work, StoreFilter(), after="", limit=1)
    if await purchasing.count_suppliers(work):
        return
    daily, weekly = [await purchasing.add_supplier(work, one) for one in SUPPLIERS]
    low = await replenishing.page(work, store.id, after=None, limit=2 * LINES)
    goods = [one for one in await catalog.variants_by_ids(work, [row.variant_id for row in low]) if one is not None]
    if not goods:
        return
    await purchasing.create(work, Draft(weekly, store.id, _lines(goods[-LINES:])), new_id())
    lines, order = _lines(goods[:LINES]), new_id()
    await purchasing.create(work, Draft(daily, store.id, lines), order)
    await purchasing.submit(work, order)
    came = ArrivalLine(lines[0].variant_id, received=lines[0].quantity // 2, damaged=1)
    await purchasing.receive(work, Arrival([came], purchase_order_id=order, reference="LS-1001"), new_id())


def _lines(goods: Sequence[VariantRow]) -> list[DraftLine]:
    return [DraftLine(one.id, 40 * one.priced_per, one.base_price * (100 - MARGIN) // 100) for one in goods]
