"""Events that could not be delivered, for whoever looks after the brand's plugins."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import strawberry
from strawberry import ID

from core import contacts, dead_letters
from core.dead_letters import DeadLetter as LetterRow
from core.dead_letters import Search
from core.work import Work
from schema import relay
from schema.context import Info
from schema.fields import batched, field, mutation, query, row_type
from schema.pages import PAGE, Connection, Page, alone, connection, position, size_of
from schema.payloads import Done, Payload, Remark
from schema.scalars import Json


@row_type(LetterRow)
class DeadLetter:
    """An event that one of its subscribers could not handle, after its last attempt."""

    event: str = field("Which event: domain.Name.")
    at: datetime = field("When it happened.")
    subscriber: str = field("Who could not handle it.")
    plugin: str | None = field("The plugin whose subscriber that is; null: Hexmart's own.")
    attempts: int = field("How often it was tried.")
    error: str = field("The kind of the last error; its words stand in the server's log alone.")
    died_at: datetime = field("When it was given up.")


@batched(DeadLetter, ID, cost=0, name="id")
async def letter_id(letters: Sequence[LetterRow], info: Info) -> list[ID]:
    """By which it is replayed."""
    return [relay.id_of(letter) for letter in letters]


@batched(DeadLetter, Json, cost=0)
async def payload(letters: Sequence[LetterRow], info: Info) -> list[object]:
    """What the event says: ids, numbers and words, nothing personal."""
    return [orjson.loads(letter.payload) for letter in letters]


@strawberry.type(description="A dead letter in a page.")
class DeadLetterEdge:
    cursor: str = field("Where this item stands.")
    node: DeadLetter = field("The dead letter.")


@strawberry.type(description="A page of dead letters.")
class DeadLetterConnection(Page):
    edges: list[DeadLetterEdge] = field("The items with their cursors.")
    nodes: list[DeadLetter] = field("The items.")


@strawberry.input(description="Which dead letters; each condition narrows it down.")
class DeadLetterWhere:
    plugin: str | None = strawberry.field(description="Of this plugin's subscribers.", default=None)
    subscriber: str | None = strawberry.field(description="Of this subscriber.", default=None)
    event: str | None = strawberry.field(description="Of this event.", default=None)


@strawberry.type(description="What is due again, or why nothing was done.")
class DeadLetterPayload(Payload):
    dead_letters: list[DeadLetter] | None = field("Those that are due again now, as they were.", cost=20)


@strawberry.input(description="Dead letters that are to be delivered after all.")
class DeadLetterReplayInput:
    ids: list[ID] = field("Which; at most 100.")


@query(DeadLetterConnection, access=dead_letters.READ, cost=2, name="dead_letters")
async def list_dead_letters(
    info: Info, first: int | None = PAGE, after: str | None = None, where: DeadLetterWhere | None = None
) -> Connection[LetterRow]:
    """Events that could not be delivered, those that were given up last first."""
    size, wanted = size_of(first), _search(where or DeadLetterWhere())
    last: Any = position(after, _moment, UUID)
    rows = await dead_letters.page(info.work, wanted, last, size + 1)
    return connection(
        rows,
        first=size,
        after=after,
        key=lambda row: [row.died_at, row.id],
        count=alone(lambda work: dead_letters.count(work, wanted)),
    )


@mutation(DeadLetterPayload, access=dead_letters.REPLAY)
async def dead_letter_replay(work: Work, input: DeadLetterReplayInput) -> Done:
    """Have dead letters delivered soon, with all attempts anew; one that is not dead any more stays as it is."""
    replayed, others = await dead_letters.replay(work, [relay.key_of("DeadLetter", value) for value in input.ids])
    remarks = [Remark("ALREADY_DONE", "This one is not dead any more.", _id(key)) for key in others]
    return Done(replayed, remarks)


def _id(key: UUID) -> str:
    return relay.global_id("DeadLetter", key)


def _moment(text: str) -> datetime:
    """Of a cursor."""
    return datetime.fromisoformat(text).astimezone(UTC)


def _search(where: DeadLetterWhere) -> Search:
    return Search(**{name: _text(getattr(where, name), name) for name in ("plugin", "subscriber", "event")})


def _text(value: str | None, name: str) -> str | None:
    return None if value is None else contacts.text(value, path=("where", name), longest=300)
