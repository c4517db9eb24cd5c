"""Telling buyers what becomes of their orders: members in their inbox as well, guests where they can be reached."""

from collections.abc import Mapping

from core import contacts, members, notices
from core.notices import Notice, Subject, Telling, Value
from core.orders.rows import OrderRow
from core.work import Work


async def tell_buyer(work: Work, order: OrderRow, code: str, source: str, values: Mapping[str, Value]) -> None:
    """Have the buyer of an order told something, a member once for each source; a guest may have said no number."""
    phone = await _phone(work, order)
    if order.member_id is not None:
        subject = Subject("Order", order.id)
        telling = Telling(
            code=code, member_id=order.member_id, source=source, values=values, recipient=phone, subject=subject
        )
        await notices.tell(work, [telling])
    elif phone is not None:
        await notices.send(work, Notice(code, phone, notices.shown(values, work.brand.time_zone)))


async def _phone(work: Work, order: OrderRow) -> str | None:
    """Whom the order names, else its member."""
    named = contacts.open_contact(work.vault, order.sealed_contact, "sales_order", order.id)
    if named is not None:
        return named.phone
    member = (await members.visible(work, [order.member_id]))[0] if order.member_id is not None else None
    return members.phone_of(work, member.id, member.sealed_phone) if member is not None else None
