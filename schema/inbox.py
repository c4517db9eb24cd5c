"""A member's inbox: what they were told, and what of it they have read."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import strawberry
from strawberry import ID

from core import members, notices
from core.errors import NotFound
from core.members import MemberRow
from core.notices import MessageRow
from core.orders import Topic
from core.work import Work
from schema import relay
from schema.context import Info
from schema.enums import NoticePurpose
from schema.fields import MEMBER, batched, field, mutation, node_type, subscription
from schema.members import Member, member_key, own_members
from schema.pages import PAGE, Connection, Page, connection, position, size_of
from schema.payloads import Done, Payload
from schema.relay import Node


@node_type(MessageRow, notices.visible)
class InboxMessage(Node):
    """Something that a member was told."""

    kind: str = field("orders.ready ...")
    purpose: NoticePurpose = field("Why they were told.")
    at: datetime = field("When.")
    read_at: datetime | None = field("When they read it; null: not yet.")


@batched(InboxMessage, str, cost=0, name="title")
async def message_title(found: Sequence[MessageRow], info: Info) -> list[str]:
    """A line."""
    return [notices.words_of(info.work, row).title for row in found]


@batched(InboxMessage, str, cost=0, name="body")
async def message_body(found: Sequence[MessageRow], info: Info) -> list[str]:
    """All of it."""
    return [notices.words_of(info.work, row).body for row in found]


@batched(InboxMessage, ID | None, cost=0, name="subject_id")
async def message_subject(found: Sequence[MessageRow], info: Info) -> list[ID | None]:
    """What it is about: an order, say, for `node`."""
    return [
        ID(relay.global_id(row.subject_type, row.subject_id)) if row.subject_type and row.subject_id else None
        for row in found
    ]


@strawberry.type(description="A message in a page.")
class InboxMessageEdge:
    cursor: str = field("Where this item stands.")
    node: InboxMessage = field("The message.")


@strawberry.type(description="A page of messages.")
class InboxMessageConnection(Page):
    edges: list[InboxMessageEdge] = field("The items with their cursors.")
    nodes: list[InboxMessage] = field("The items.")


@batched(Member, InboxMessageConnection, cost=5, name="inbox")
async def inbox_of(
    found: Sequence[MemberRow],
    info: Info,
    first: int | None = PAGE,
    after: str | None = None,
    unread_only: bool | None = False,
) -> list[Connection[MessageRow]]:
    """What they were told, newest first; for the member."""
    size, last, unread = size_of(first), position(after, UUID), bool(unread_only)
    ids, before = [row.id for row in found], last[0] if last else None
    pages = await notices.pages(info.work, ids, size + 1, after=before, unread_only=unread)
    count = notices.unread_counts if unread else notices.counts
    return [
        connection(page, first=size, after=after, key=_message_key, count=count, of=key)
        for key, page in zip(ids, pages, strict=True)
    ]


@batched(Member, int, name="unreadCount")
async def unread_count(found: Sequence[MemberRow], info: Info) -> list[int]:
    """How many messages they have not read; for the member."""
    return await notices.unread_counts(info.work, [row.id for row in found])


@batched(Member, str | None, name="language")
async def language_of(found: Sequence[MemberRow], info: Info) -> list[str | None]:
    """In which language they want to be told things; null: the brand's. For the member."""
    chosen = await notices.languages(info.work, own_members(info.work, found))
    return [chosen.get(row.id) for row in found]


@strawberry.input(description="Messages that were read.")
class InboxReadInput:
    message_ids: list[ID] = field("At most 100.")


@strawberry.input(description="A language to be told things in.")
class MemberLanguageSetInput:
    language: str | None = strawberry.field(description="Two letters; null: the brand's.", default=None)


@strawberry.type(description="The member, or why nothing was done.")
class InboxPayload(Payload):
    member: Member | None = field("The member; see inbox and unreadCount.")


@mutation(InboxPayload, access=MEMBER)
async def inbox_read(work: Work, input: InboxReadInput) -> Done:
    """Mark messages as read; those that are read already stay so."""
    keys = [relay.key_or_nothing("InboxMessage", one) for one in input.message_ids]
    await notices.read(work, member_key(work), keys)
    return await _self(work)


@mutation(InboxPayload, access=MEMBER)
async def inbox_read_all(work: Work) -> Done:
    """Mark every message as read."""
    await notices.read_all(work, member_key(work))
    return await _self(work)


@mutation(InboxPayload, access=MEMBER)
async def member_language_set(work: Work, input: MemberLanguageSetInput) -> Done:
    """Choose the language to be told things in; what was told before stays as it is."""
    await notices.choose_language(work, member_key(work), input.language)
    return await _self(work)


async def _own_inbox(info: Info) -> Topic:
    return Topic(member_id=info.viewer.id)


@subscription(Member, access=MEMBER, follows=_own_inbox)
async def inbox_updated(info: Info) -> MemberRow:
    """You as you are now, and again whenever something was told to you or read: see inbox and unreadCount."""
    found = (await members.visible(info.work, [member_key(info.work)]))[0]
    if found is None:
        raise NotFound(what="member")
    return found


async def _self(work: Work) -> Done:
    return Done((await members.visible(work, [member_key(work)]))[0])


def _message_key(row: MessageRow) -> list[UUID]:
    """What a page of messages is cut by."""
    return [row.id]
