"""Counting what lies at a place."""

from collections.abc import Sequence
from dataclasses import astuple
from datetime import datetime
from uuid import UUID

import strawberry
from strawberry import ID

from core import catalog, contacts, idempotency, stores
from core.catalog import VariantRow
from core.idempotency import Request
from core.ids import new_id
from core.stores import LocationRow
from core.supply import counting
from core.supply.counting import Counted, CountLineRow, Recorded, Scope, StockCountRow, Summary
from core.supply.permissions import CLOSE_COUNT, COUNT
from core.work import Work
from schema import relay
from schema.catalog import ProductVariant
from schema.context import Info
from schema.enums import StockCountOutcome, StockCountStatus
from schema.fields import batched, field, mutation, node_type, query, row_type
from schema.pages import PAGE, Connection, Page, alone, connection, position, size_of
from schema.payloads import Done, Payload
from schema.relay import Node
from schema.warehouses import Location


@node_type(StockCountRow, counting.by_ids)
class StockCount(Node):
    """People count what lies at a place."""

    status: StockCountStatus = field("Whether they still do.")
    note: str | None = field("What it is for.")
    started_at: datetime = field("When it began.")
    closed_at: datetime | None = field("When what differed was posted.")


@row_type(Summary)
class StockCountSummary:
    """How far a count is, and what it shows."""

    lines: int = field("How many variants are to be counted.")
    counted: int = field("How many were.")
    agreeing: int = field("How many of those were as the books had them.")
    accuracy_percent: float | None = field("The same in per cent of what was counted.")


@row_type(CountLineRow)
class StockCountLine:
    """A variant that is to be counted."""

    expected: int = field("What the books said when the count began.")
    counted: int | None = field("What was counted.")
    seen: int | None = field("What the books said at that moment.")
    difference: int | None = field("By how much the shelf had more than the books.")
    counted_at: datetime | None = field("When.")
    outcome: StockCountOutcome | None = field(
        "What became of it: AGREED, POSTED, PROMISED (to orders, in part) or ADJUSTED (others have changed it since)."
    )
    posted: int | None = field("By how much on hand was changed.")
    unposted: int | None = field("By how much it still is wrong.")


@row_type(Recorded)
class StockCountRecord:
    """What became of a number."""

    outcome: StockCountOutcome = field("RECORDED; or STALE: the books have changed, count again.")
    on_hand: int = field("What the books say now.")


@batched(StockCount, Location, name="location")
async def count_location(found: Sequence[StockCountRow], info: Info) -> Sequence[LocationRow | None]:
    """Where."""
    return await stores.locations_by_ids(info.work, [one.location_id for one in found])


@batched(StockCount, StockCountSummary)
async def summary(found: Sequence[StockCountRow], info: Info) -> list[Summary]:
    """How far it is."""
    return await counting.summaries(info.work, [one.id for one in found])


@batched(StockCountLine, ProductVariant, name="variant")
async def counted_variant(found: Sequence[CountLineRow], info: Info) -> Sequence[VariantRow | None]:
    """What it is."""
    return await catalog.variants_sold(info.work, [line.variant_id for line in found])


@batched(StockCountRecord, ProductVariant, name="variant")
async def recorded_variant(found: Sequence[Recorded], info: Info) -> Sequence[VariantRow | None]:
    """What it is."""
    return await catalog.variants_sold(info.work, [one.variant_id for one in found])


@strawberry.type(description="A line in a page.")
class StockCountLineEdge:
    cursor: str = field("Where this item stands.")
    node: StockCountLine = field("The line.")


@strawberry.type(description="A page of a count's lines.")
class StockCountLineConnection(Page):
    edges: list[StockCountLineEdge] = field("The items with their cursors.")
    nodes: list[StockCountLine] = field("The items.")


@strawberry.type(description="A count in a page.")
class StockCountEdge:
    cursor: str = field("Where this item stands.")
    node: StockCount = field("The count.")


@strawberry.type(description="A page of counts.")
class StockCountConnection(Page):
    edges: list[StockCountEdge] = field("The items with their cursors.")
    nodes: list[StockCount] = field("The items.")


@batched(StockCount, StockCountLineConnection, cost=20, name="lines")
async def count_lines(
    found: Sequence[StockCountRow], info: Info, first: int | None = PAGE, after: str | None = None
) -> list[Connection[CountLineRow]]:
    """What is to be counted."""
    size, last, keys = size_of(first), position(after, UUID), [one.id for one in found]
    pages = await counting.lines_of(info.work, keys, after=last[0] if last else None, limit=size + 1)
    return [
        connection(rows, first=size, after=after, key=lambda row: [row.variant_id], count=counting.lines_count, of=key)
        for key, rows in zip(keys, pages, strict=True)
    ]


@strawberry.type(description="The count, or why nothing was done.")
class StockCountPayload(Payload):
    stock_count: StockCount | None = field("The count as it is now.")


@strawberry.type(description="What became of each number, or why none was recorded.")
class StockCountRecordPayload(Payload):
    stock_count: StockCount | None = field("The count as it is now.")
    lines: list[StockCountRecord] | None = field("What became of each number.", cost=20)


@strawberry.input(description="What is to be counted: a category, a list, or all that was ever there.")
class StockCountStartInput:
    location_id: ID = field("Where; a store's id is its location's.")
    category_id: ID | None = strawberry.field(description="Only what this category has.", default=None)
    variant_ids: list[ID] | None = strawberry.field(description="Only these variants.", default=None)
    note: str | None = strawberry.field(description="What it is for.", default=None)
    idempotency_key: str = field("The same key again is the same count.")


@strawberry.input(description="What was counted of a variant.")
class StockCountLineInput:
    variant_id: ID = field("The variant; each stands in one line.")
    counted: int = field("What lay there, in its unit.")
    expected_on_hand: int = field("What the books said when it was counted; anything else now is STALE.")


@strawberry.input(description="Numbers that were counted.")
class StockCountRecordInput:
    stock_count_id: ID = field("The count.")
    lines: list[StockCountLineInput] = field("The numbers.")


@strawberry.input(description="A count that is to end.")
class StockCountCloseInput:
    stock_count_id: ID = field("The count.")
    idempotency_key: str = field("The same key again posts nothing more.")


@query(StockCountConnection, access=COUNT, cost=2)
async def stock_counts(
    info: Info, location_id: ID | None = None, first: int | None = PAGE, after: str | None = None
) -> Connection[StockCountRow]:
    """Counts at a place, or wherever your role may count, newest first."""
    size, last, place = size_of(first), position(after, UUID), relay.place_key(location_id)
    rows = await counting.page(info.work, place, after=last[0] if last else None, limit=size + 1)
    count = alone(lambda work: counting.count(work, place))
    return connection(rows, first=size, after=after, key=lambda row: [row.id], count=count)


@mutation(StockCountPayload, access=COUNT)
async def stock_count_start(work: Work, input: StockCountStartInput) -> StockCountRow | None:
    """Begin a count, with what the books say now beside each variant."""
    named = input.variant_ids
    scope = Scope(
        location_id=relay.place_key(input.location_id),
        category_id=relay.filter_key("Category", input.category_id),
        variant_ids=[relay.key_of("ProductVariant", one) for one in named] if named is not None else None,
        note=contacts.text(input.note, path=("input", "note")) if input.note is not None else None,
    )
    request = Request("stockCountStart", work.actor.label, input.idempotency_key, astuple(scope))
    key = await idempotency.once(work, request, new_id(), lambda made: counting.start(work, scope, made))
    return (await counting.by_ids(work, [key]))[0]


@mutation(StockCountRecordPayload, access=COUNT)
async def stock_count_record(work: Work, input: StockCountRecordInput) -> Done:
    """Record what was counted, each number only if the books still say what they said to whoever counted."""
    key = relay.key_or_nothing("StockCount", input.stock_count_id)
    lines = [
        Counted(relay.key_of("ProductVariant", line.variant_id), line.counted, line.expected_on_hand)
        for line in input.lines
    ]
    recorded = await counting.record(work, key, lines)
    return Done((await counting.by_ids(work, [key]))[0], more={"lines": recorded})


@mutation(StockCountPayload, access=CLOSE_COUNT)
async def stock_count_close(work: Work, input: StockCountCloseInput) -> StockCountRow | None:
    """End a count: what differs is posted as far as promises allow it, and its lines say what was not."""
    key = relay.key_or_nothing("StockCount", input.stock_count_id)
    request = Request("stockCountClose", work.actor.label, input.idempotency_key, [str(key)])
    await idempotency.once(work, request, key, lambda count_id: counting.close(work, count_id))
    return (await counting.by_ids(work, [key]))[0]
