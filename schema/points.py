"""Points: what members have, how they came by them, and giving some by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import strawberry
from strawberry import ID

from core import carts, contacts, ledger, points
from core.actors import ActorKind
from core.carts import CartRow
from core.ledger import BalanceRow, EntryRow, ExpiryRow, Unit
from core.members import MemberRow
from core.members import visible as visible_members
from core.orders import OrderRow
from core.work import Work
from schema import relay
from schema.carting import CartPayload
from schema.context import Info
from schema.fields import PUBLIC, batched, field, mutation, query, row_type
from schema.members import Member
from schema.orders import Order
from schema.pages import PAGE, Connection, Page, alone, connection, position, size_of
from schema.payloads import Payload


@row_type(ExpiryRow)
class PointsExpiry:
    """What expires next."""

    amount: int = field("How many points.")
    at: datetime = field("When.")


@dataclass(frozen=True, slots=True)
class PointsRow:
    """What a member has."""

    balance: BalanceRow
    expiry: ExpiryRow | None

    @property
    def available(self) -> int:
        return self.balance.available

    @property
    def pending(self) -> int:
        return self.balance.pending

    @property
    def debt(self) -> int:
        return self.balance.debt


@row_type(PointsRow)
class Points:
    """What a member has in points."""

    available: int = field("What can be spent.")
    pending: int = field("What can be spent once nothing of its orders can be returned any more.")
    debt: int = field("What was spent before the goods that earned it came back; points to come pay it first.")
    expiry: PointsExpiry | None = field("What of it expires next; null: nothing does.")


@row_type(EntryRow)
class PointsEntry:
    """A line of a member's points."""

    kind: str = field("Why: points.earned, points.taken_back, points.adjusted, ledger.expired ...")
    amount: int = field("How many; negative where they went.")
    note: str | None = field("The reason, where somebody gave one.")
    at: datetime = field("When.")


@batched(Member, Points | None, cost=4, name="points")
async def points_of(found: Sequence[MemberRow], info: Info) -> list[PointsRow | None]:
    """What the member has in points; null for whoever may not see it."""
    ids = await points.readable(info.work, [row.id for row in found])
    balances = await ledger.balances(info.work, Unit.POINTS, ids)
    expiries = await ledger.expiries(info.work, Unit.POINTS, ids) if ids else {}
    return [PointsRow(balances[row.id], expiries.get(row.id)) if row.id in balances else None for row in found]


@batched(Order, int, cost=2)
async def points_earned(found: Sequence[OrderRow], info: Info) -> list[int]:
    """How many points it has earned its member, less what went back with the money."""
    return await points.earned_by(info.work, [order.id for order in found])


@strawberry.type(description="A line in a page.")
class PointsEntryEdge:
    cursor: str = field("Where this item stands.")
    node: PointsEntry = field("The line.")


@strawberry.type(description="A page of a member's points.")
class PointsEntryConnection(Page):
    edges: list[PointsEntryEdge] = field("The items with their cursors.")
    nodes: list[PointsEntry] = field("The items.")


@strawberry.type(description="The member, or why nothing was done.")
class PointsPayload(Payload):
    member: Member | None = field("The member as they are now.")


@strawberry.input(description="Points that are given to a member, or taken away.")
class PointsAdjustInput:
    member_id: ID = field("The member.")
    points: int = field("How many are given; negative: taken away.")
    reason: str = field("Why, for the member and the log; at most 200 characters.")
    idempotency_key: str = field("The same key again changes nothing.")


@strawberry.input(description="How many points are to pay for a cart.")
class CartPointsInput:
    cart_id: ID = field("The member's own cart.")
    points: int = field("How many, as far as the brand lets points pay; 0: none.")


@mutation(CartPayload, access=PUBLIC)
async def cart_points_set(work: Work, input: CartPointsInput) -> CartRow | None:
    """Pay for a cart with points, as far as the brand allows: `totals.points` says how much they pay."""
    key = relay.key_of("Cart", input.cart_id)
    return (await carts.by_ids(work, [await points.wish(work, key, input.points)]))[0]


@query(PointsEntryConnection | None, access=PUBLIC, cost=2)
async def points_statement(
    info: Info, member_id: ID | None = None, first: int | None = PAGE, after: str | None = None
) -> Connection[EntryRow] | None:
    """How a member came by points and spent them, newest first: yourself, or for staff one of your stores' members."""
    size, last = size_of(first), position(after, UUID)
    key = _self(info) if member_id is None else relay.key_of("Member", member_id)
    rows = await points.statement(info.work, key, after=last[0] if last else None, limit=size + 1) if key else None
    if key is None or rows is None:
        return None

    async def count(work: Work) -> int:
        return await points.count(work, key)

    return connection(rows, first=size, after=after, key=_entry_key, count=alone(count))


def _self(info: Info) -> UUID | None:
    return info.viewer.id if info.viewer.kind == ActorKind.MEMBER else None


def _entry_key(row: EntryRow) -> list[UUID]:
    """What a page of lines is cut by."""
    return [row.id]


@mutation(PointsPayload, access=points.ADJUST)
async def points_adjust(work: Work, input: PointsAdjustInput) -> MemberRow | None:
    """Give a member points, or take some away, with a reason."""
    reason = contacts.text(input.reason, path=("input", "reason"), longest=200)
    key = relay.key_of("Member", input.member_id)
    member = await points.adjust(work, key, input.points, reason=reason, key=input.idempotency_key)
    return (await visible_members(work, [member]))[0]
