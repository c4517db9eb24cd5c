"""What is personal: masked for whoever need not know it, and written down when it is shown in full."""

from collections.abc import Sequence
from typing import Protocol, TypeVar
from uuid import UUID

from core import members, orders
from core.actors import ActorKind
from core.members import MemberRow
from core.orders import OrderRow
from schema.context import Info


class Masked(Protocol):
    """Something that can be shown in part."""

    def masked(self) -> "Masked": ...


Personal = TypeVar("Personal", bound=Masked)


def of_orders(info: Info, found: Sequence[OrderRow], opened: Sequence[Personal | None]) -> list[Personal | None]:
    """What is personal in orders: in full for their buyers, and for whom members.read_contact reaches their stores."""
    return [
        value if value is None or _whole_order(info, order) else value.masked()  # type: ignore[misc]  # of its own kind
        for order, value in zip(found, opened, strict=True)
    ]


def _whole_order(info: Info, order: OrderRow) -> bool:
    if orders.owned(order, info.viewer):
        return True
    store = next((one for one in order.stores if info.viewer.may(members.READ_CONTACT.name, one)), None)
    if store is None:
        return False
    info.show("Order", order.id, store)
    return True


async def whole_members(info: Info, found: Sequence[MemberRow]) -> set[UUID]:
    """The members of whom the viewer sees everything: themself, and whom members.read_contact reaches."""
    if info.viewer.kind == ActorKind.MEMBER:
        return {row.id for row in found if row.id == info.viewer.id}
    whole = await members.within_reach(info.work, members.READ_CONTACT, [row.id for row in found])
    for key in whole:
        info.show("Member", key, None)
    return whole
