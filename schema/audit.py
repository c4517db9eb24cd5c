"""The audit log: who did what, when, to what, and from where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import orjson
import strawberry
from strawberry import ID

from core import apps, audit, stores
from core.actors import ActorKind
from core.audit import AuditEntry as AuditRow
from core.audit import Search
from core.identity import names_of
from core.stores import StoreRow
from core.work import Work
from schema import relay
from schema.context import Info
from schema.fields import Served, batched, field, query, row_type
from schema.pages import PAGE, Connection, Page, alone, connection, position, size_of
from schema.scalars import Json
from schema.stores import Store

_TYPES: Mapping[str, str] = {ActorKind.MEMBER: "Member", ActorKind.STAFF: "StaffUser", ActorKind.APP: "PartnerApp"}
_KINDS = {of_type: str(kind) for kind, of_type in _TYPES.items()}


@dataclass(frozen=True, slots=True)
class AuditActorRow:
    """Whoever has done something."""

    kind: str
    key: UUID | None
    name: str | None

    @property
    def id(self) -> str | None:
        of_type = _TYPES.get(self.kind)
        return relay.global_id(of_type, self.key) if of_type is not None and self.key is not None else None


@row_type(AuditActorRow)
class AuditActor:
    """Whoever has done something."""

    kind: str = field("guest, member, staff, app or system.")
    id: ID | None = field("Their id, where they have one.")
    name: str | None = field("What staff, apps and parts of the system are called.")


@row_type(AuditRow)
class AuditEntry:
    """Something that was done."""

    at: datetime = field("When.")
    action: str = field("What: order.cancelled, role.assigned, stock.adjusted ...")
    address: str = field("The network address that it was asked from; empty where nobody asked.")
    request_id: str = field("The request, as the server's log has it.")
    subject_type: str = field("What kind of thing it was done to.")


@batched(AuditEntry, AuditActor)
async def actor(entries: Sequence[AuditRow], info: Info) -> list[AuditActorRow]:
    """Who did it."""
    return await actors_of(info.work, [(entry.actor_kind, entry.actor_id, entry.actor_name) for entry in entries])


@batched(AuditEntry, AuditActor | None)
async def on_behalf_of(entries: Sequence[AuditRow], info: Info) -> list[AuditActorRow | None]:
    """The member of staff whom an app acted for."""
    people = [entry.on_behalf_of for entry in entries]
    names = await _names(info.work, [(ActorKind.STAFF, person) for person in people])
    return [_who(ActorKind.STAFF, person, names) if person else None for person in people]


@batched(AuditEntry, ID | None, cost=0)
async def subject_id(entries: Sequence[AuditRow], info: Info) -> list[str | None]:
    """What it was done to, by its id, where that has one."""
    return [relay.global_id(e.subject_type, e.subject_id) if e.subject_id is not None else None for e in entries]


@batched(AuditEntry, Store | None)
async def store(entries: Sequence[AuditRow], info: Info) -> list[StoreRow | None]:
    """The store that it belongs to."""
    keys = [entry.store_id for entry in entries if entry.store_id is not None]
    found = dict(zip(keys, await stores.by_ids(info.work, keys), strict=True))
    return [found.get(entry.store_id) if entry.store_id is not None else None for entry in entries]


@batched(AuditEntry, Json | None, cost=0)
async def before(entries: Sequence[AuditRow], info: Info) -> list[object]:
    """What was so before, of what has changed."""
    return [orjson.loads(entry.before) if entry.before is not None else None for entry in entries]


@batched(AuditEntry, Json | None, cost=0)
async def after(entries: Sequence[AuditRow], info: Info) -> list[object]:
    """What is so since then."""
    return [orjson.loads(entry.after) if entry.after is not None else None for entry in entries]


@strawberry.type(description="An entry in a page.")
class AuditEdge:
    cursor: str = field("Where this item stands.")
    node: AuditEntry = field("The entry.")


@strawberry.type(description="A page of the audit log.")
class AuditConnection(Page):
    edges: list[AuditEdge] = field("The items with their cursors.")
    nodes: list[AuditEntry] = field("The items.")


@strawberry.input(description="Which entries; each condition narrows it down.")
class AuditWhere:
    actor_id: ID | None = strawberry.field(description="What this person or app did.", default=None)
    subject_id: ID | None = strawberry.field(description="What was done to this.", default=None)
    store_id: ID | None = strawberry.field(description="What belongs to this store.", default=None)
    actions: list[str] | None = strawberry.field(description="Of these actions.", default=None)
    since: datetime | None = strawberry.field(description="At this moment or later.", default=None)
    until: datetime | None = strawberry.field(description="Before this moment.", default=None)


@query(AuditConnection, access=audit.READ, cost=2, served=Served.BY_BOTH)
async def audit_log(
    info: Info, first: int | None = PAGE, after: str | None = None, where: AuditWhere | None = None
) -> Connection[AuditRow]:
    """What was done, newest first; where you may read it for some stores alone, what belongs to those."""
    size, last, wanted = size_of(first), position(after, UUID), _search(where or AuditWhere())
    rows = await audit.page(info.work, replace(wanted, after=last[0] if last else None), size + 1)
    return connection(
        rows,
        first=size,
        after=after,
        key=lambda row: [row.id],
        count=alone(lambda work: audit.count(work, wanted)),
    )


def _search(where: AuditWhere) -> Search:
    return Search(
        actor=_actor(where.actor_id),
        subject=_parsed(where.subject_id),
        store_id=relay.filter_key("Store", where.store_id),
        actions=where.actions,
        since=where.since,
        until=where.until,
    )


def _parsed(value: str | None) -> tuple[str, UUID] | None:
    """Type and key; an id that names nothing finds nothing."""
    return None if value is None else relay.parse(value) or ("", relay.NOTHING)


def _actor(value: str | None) -> tuple[str, UUID] | None:
    """The kind of actor that an id's type stands for, and the key."""
    parsed = _parsed(value)
    return parsed and (_KINDS.get(parsed[0], ""), parsed[1])


async def actors_of(work: Work, actors: Sequence[tuple[str, UUID | None, str]]) -> list[AuditActorRow]:
    """Whoever they are: kind, key, and the name of what has no key."""
    names = await _names(work, [(kind, key) for kind, key, _ in actors])
    return [_who(kind, key, names, name) for kind, key, name in actors]


def _who(kind: str, key: UUID | None, names: Mapping[UUID, str], name: str = "") -> AuditActorRow:
    return AuditActorRow(kind, key, (names.get(key) if key is not None else None) or name or None)


async def _names(work: Work, actors: Sequence[tuple[str, UUID | None]]) -> dict[UUID, str]:
    """What staff and apps are called."""
    staff = [key for kind, key in actors if kind == ActorKind.STAFF and key is not None]
    programs = [key for kind, key in actors if kind == ActorKind.APP and key is not None]
    names: dict[UUID, str] = {}
    if staff:
        names.update(await names_of(work, staff))
    if programs:
        names.update({app.id: app.name for app in await apps.by_ids(work, programs) if app is not None})
    return names
