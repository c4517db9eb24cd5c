"""What members have, and how it came and went."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import strawberry

from core.actors import ActorKind
from core.members import MemberRow
from core.work import Work
from plugins.value import queries
from plugins.value.queries import BalanceRow, LineRow
from schema.common import Money
from schema.context import Info
from schema.fields import batched, field, row_type
from schema.members import Member
from schema.pages import PAGE, Connection, Page, connection, position, size_of


@row_type(BalanceRow)
class ValueBalance:
    """What a member can spend as stored value."""

    available: Money = field("What was paid in and is not spent.")
    bonus: Money = field("What was given on top: it is spent last, and not paid out.")


@row_type(LineRow)
class ValueEntry:
    """A line of the statement of a member's stored value."""

    kind: str = field("What it was: value.spent, value.returned and so on.")
    amount: Money = field("How much; below zero, what went.")
    bonus: bool = field("Whether it is of the bonus.")
    note: str | None = field("What was said of it.")
    at: datetime = field("When.")


@strawberry.type(description="A line in a page.")
class ValueEntryEdge:
    cursor: str = field("Where this line stands.")
    node: ValueEntry = field("The line.")


@strawberry.type(description="A page of a statement.")
class ValueEntryConnection(Page):
    edges: list[ValueEntryEdge] = field("The lines with their cursors.")
    nodes: list[ValueEntry] = field("The lines.")


@batched(Member, ValueBalance | None)
async def value(found: Sequence[MemberRow], info: Info) -> list[BalanceRow | None]:
    """What the member has of stored value; for the member."""
    own = [row.id for row in found if _is_self(info.work, row)]
    have = await queries.balances(info.work, own)
    return [have.get(row.id) for row in found]


@batched(Member, ValueEntryConnection | None, cost=5)
async def value_statement(
    found: Sequence[MemberRow], info: Info, first: int | None = PAGE, after: str | None = None
) -> list[Connection[LineRow] | None]:
    """How the member's stored value came and went, the newest first; for the member."""
    size, last = size_of(first), position(after, UUID)
    before = last[0] if last else None
    return [await _page(info.work, row.id, size, after, before) if _is_self(info.work, row) else None for row in found]


async def _page(work: Work, member_id: UUID, size: int, after: str | None, before: UUID | None) -> Connection[LineRow]:
    lines = await queries.statement(work, member_id, after=before, limit=size + 1)
    return connection(lines, first=size, after=after, key=_key, count=queries.counts, of=member_id)


def _key(line: LineRow) -> list[UUID]:
    """What a page of a statement is cut by."""
    return [line.entry.id]


def _is_self(work: Work, row: MemberRow) -> bool:
    return work.actor.kind == ActorKind.MEMBER and work.actor.id == row.id
