"""Members."""

from collections.abc import Sequence
from uuid import UUID

import strawberry

from core import carts, contacts, members, orders
from core.actors import ActorKind
from core.carts import CartRow
from core.members import MemberRow
from core.orders import OrderRow
from core.work import Work
from schema import personal
from schema.carts import Cart
from schema.common import Address
from schema.context import Info
from schema.fields import batched, field, node_type, query
from schema.orders import Order, OrderConnection, order_key
from schema.pages import PAGE, Connection, Page, alone, connection, position, size_of
from schema.relay import Node

_ADDRESSES = 20


def _is_self(work: Work, row: MemberRow) -> bool:
    return work.actor.kind == ActorKind.MEMBER and work.actor.id == row.id


def own_members(work: Work, found: Sequence[MemberRow]) -> list[UUID]:
    """Those of the members who are asking for themselves."""
    return [row.id for row in found if _is_self(work, row)]


def member_key(work: Work) -> UUID:
    """Who is asking, where only members may."""
    assert work.actor.id is not None, "a member is somebody"
    return work.actor.id


@node_type(MemberRow, members.visible)
class Member(Node):
    """A shopper the brand knows."""

    tier: str | None = field("The member's standing; null until the brand has tiers.")


@batched(Member, str | None, cost=0)
async def name(found: Sequence[MemberRow], info: Info) -> list[str | None]:
    """What to call the member."""
    return [members.name_of(info.work, row.id, row.sealed_name) for row in found]


@batched(Member, str | None, cost=0)
async def phone(found: Sequence[MemberRow], info: Info) -> list[str | None]:
    """The member's phone; masked for staff without members.read_contact."""
    clear = [members.phone_of(info.work, row.id, row.sealed_phone) for row in found]
    whole = await personal.whole_members(info, found)
    return [p if row.id in whole else contacts.mask(p) for p, row in zip(clear, found, strict=True)]


@batched(Member, Cart | None)
async def cart(found: Sequence[MemberRow], info: Info) -> list[CartRow | None]:
    """The newest open cart, for the member."""
    own = own_members(info.work, found)
    carts_of = dict(zip(own, await carts.latest_of(info.work, own), strict=True))
    return [carts_of.get(row.id) for row in found]


@batched(Member, OrderConnection, cost=5, name="orders")
async def orders_of(
    found: Sequence[MemberRow], info: Info, first: int | None = PAGE, after: str | None = None
) -> list[Connection[OrderRow]]:
    """The member's orders, newest first; for staff, those of their stores."""
    ids, size, last = [row.id for row in found], size_of(first), position(after, UUID)
    pages = await orders.pages_of_members(info.work, ids, size + 1, after=last[0] if last else None)
    count = orders.counts_of_members
    return [
        connection(page, first=size, after=after, key=order_key, count=count, of=key)
        for key, page in zip(ids, pages, strict=True)
    ]


@batched(Member, list[Address], cost=20)
async def addresses(found: Sequence[MemberRow], info: Info) -> list[list[contacts.Address]]:
    """Where the member had orders brought, newest first; for the member."""
    own = own_members(info.work, found)
    recent = dict(zip(own, await orders.pages_of_members(info.work, own, _ADDRESSES), strict=True))
    return [_addresses(info.work, recent.get(row.id, [])) for row in found]


def _addresses(work: Work, recent: Sequence[OrderRow]) -> list[contacts.Address]:
    opened = [contacts.open_address(work.vault, o.sealed_address, "sales_order", o.id) for o in recent]
    return list(dict.fromkeys(address for address in opened if address is not None))


@batched(Order, Member | None, name="member")
async def member_of(found: Sequence[OrderRow], info: Info) -> Sequence[MemberRow | None]:
    """Who bought it, where that is a member whom you may see."""
    ids = [order.member_id for order in found if order.member_id is not None]
    rows = {row.id: row for row in await members.visible(info.work, ids) if row is not None}
    return [rows.get(order.member_id) if order.member_id else None for order in found]


@strawberry.type(description="A member in a page.")
class MemberEdge:
    cursor: str = field("Where this item stands.")
    node: Member = field("The member.")


@strawberry.type(description="A page of members.")
class MemberConnection(Page):
    edges: list[MemberEdge] = field("The items with their cursors.")
    nodes: list[Member] = field("The items.")


@query(MemberConnection, access=members.READ, cost=2, name="members")
async def list_members(
    info: Info, first: int | None = PAGE, after: str | None = None, search: str | None = None
) -> Connection[MemberRow]:
    """The members whom the stores of your role know, newest first; a search finds a whole phone number."""
    size, last = size_of(first), position(after, UUID)
    if search is None:
        rows = await members.page(info.work, after=last[0] if last else None, limit=size + 1)
        return connection(rows, first=size, after=after, key=_member_key, count=alone(members.count))
    number = contacts.e164(search, locale=info.tenant.locale, path=("search",))
    found = await members.visible_by_phone(info.work, number)
    rows = [found] if found is not None and last is None else []

    async def count(_: Work) -> int:
        return int(found is not None)

    return connection(rows, first=size, after=after, key=_member_key, count=alone(count))


def _member_key(row: MemberRow) -> list[UUID]:
    """What a page of members is cut by."""
    return [row.id]
