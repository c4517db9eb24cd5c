"""Telling buyers that what they are going to collect is ready."""

from core import contacts, members, notices, orders, stores, verification
from core.fulfilment.leaving import CODES
from core.fulfilment.notices import READY
from core.ids import grouped
from core.machine import PICKUP
from core.notices import Notice
from core.orders import OrderRow, OrderStatusChanged
from core.work import Work


async def tell_ready(work: Work, event: OrderStatusChanged) -> None:
    """Whoever is going to collect an order hears that it is ready, where and by which code."""
    if event.status != "READY":
        return
    order = (await orders.visible(work, [event.order_id]))[0]
    if order is None or order.kind != PICKUP or order.status != "READY":  # collected already, or ended
        return
    phone = await _phone(work, order)
    if phone is not None:
        await notices.send(work, Notice(READY, phone, await _values(work, order)))


async def _phone(work: Work, order: OrderRow) -> str | None:
    """Whom the order names, else its member; a guest may have said nothing."""
    named = contacts.open_contact(work.vault, order.sealed_contact, "sales_order", order.id)
    if named is not None:
        return named.phone
    member = (await members.visible(work, [order.member_id]))[0] if order.member_id is not None else None
    return members.phone_of(work, member.id, member.sealed_phone) if member is not None else None


async def _values(work: Work, order: OrderRow) -> dict[str, str]:
    store = (await stores.by_ids(work, [order.store_id]))[0]
    code = (await verification.codes_of(work, CODES, [order.id]))[0]
    assert store is not None, "an order of no store"
    assert code is not None, "an order to collect that has no code"
    return {"brand": work.brand.slug, "store": store.name, "number": order.number, "code": grouped(code)}
