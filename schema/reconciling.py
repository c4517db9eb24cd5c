"""Holding stock against what another system says."""

from collections.abc import Sequence
from dataclasses import astuple
from datetime import datetime
from uuid import UUID

import strawberry
from strawberry import ID

from core import catalog, idempotency, stores
from core.catalog import VariantRow
from core.idempotency import Request
from core.ids import new_id
from core.inventory import READ
from core.stores import LocationRow
from core.supply import reconciling
from core.supply.permissions import RECONCILE
from core.supply.reconciling import DifferenceRow, ReconciliationRow, Snapshot, SnapshotLine
from core.work import Work
from schema import relay
from schema.catalog import ProductVariant
from schema.context import Info
from schema.enums import StockDifferenceReason
from schema.fields import batched, field, mutation, node_type, query, row_type
from schema.pages import PAGE, Connection, Page, alone, connection, position, size_of
from schema.payloads import Payload
from schema.relay import Node
from schema.warehouses import Location


@node_type(ReconciliationRow, reconciling.by_ids)
class StockReconciliation(Node):
    """A place's stock, held against what another system said of it."""

    taken_at: datetime = field("When the other system's numbers were taken.")
    made_at: datetime = field("When they were held against ours.")
    applied: bool = field("Whether what nothing explains was taken over.")
    line_count: int = field("How many numbers there were.")
    agreeing: int = field("How many agree with our books, as these stood at that moment.")
    accuracy_percent: float = field("The same in per cent.")


@row_type(DifferenceRow)
class StockDifference:
    """A number that is not what our books say now, and why."""

    code: str = field("The SKU or barcode as it was given.")
    ours: int = field("What our books said.")
    theirs: int = field("What the other system said.")
    delta: int = field("By how much our books are wrong; 0 where they are not.")
    reason: StockDifferenceReason = field("Why.")
    posted: int = field("By how much on hand was changed.")
    unposted: int = field("What could not be posted, since it is promised to orders.")


@batched(StockReconciliation, Location, name="location")
async def reconciled_location(found: Sequence[ReconciliationRow], info: Info) -> Sequence[LocationRow | None]:
    """Where."""
    return await stores.locations_by_ids(info.work, [one.location_id for one in found])


@batched(StockReconciliation, list[StockDifference], cost=20)
async def differences(
    found: Sequence[ReconciliationRow], info: Info, first: int | None = PAGE, after_position: int | None = None
) -> list[list[DifferenceRow]]:
    """What is not the same, in the order in which it was given; `afterPosition` is the `position` of the last one."""
    last, size = -1 if after_position is None else after_position, size_of(first)
    return await reconciling.differences_of(info.work, [one.id for one in found], after=last, limit=size)


@batched(StockDifference, int, cost=0, name="position")
async def difference_position(found: Sequence[DifferenceRow], info: Info) -> list[int]:
    """Which of the numbers it was, from 0 on."""
    return [one.position for one in found]


@batched(StockDifference, ProductVariant | None, name="variant")
async def differing_variant(found: Sequence[DifferenceRow], info: Info) -> Sequence[VariantRow | None]:
    """What it is, if we have it."""
    return await catalog.variants_sold(info.work, [one.variant_id or relay.NOTHING for one in found])


@strawberry.type(description="A reconciliation in a page.")
class StockReconciliationEdge:
    cursor: str = field("Where this item stands.")
    node: StockReconciliation = field("The reconciliation.")


@strawberry.type(description="A page of reconciliations.")
class StockReconciliationConnection(Page):
    edges: list[StockReconciliationEdge] = field("The items with their cursors.")
    nodes: list[StockReconciliation] = field("The items.")


@strawberry.type(description="What differs, or why nothing was done.")
class StockReconcilePayload(Payload):
    reconciliation: StockReconciliation | None = field("What was found.")


@strawberry.input(description="What another system has of a variant.")
class StockSnapshotLineInput:
    sku: str | None = strawberry.field(description="Which, by our code.", default=None)
    barcode: str | None = strawberry.field(description="Which, by its barcode.", default=None)
    on_hand: int = field("How much, in the variant's unit.")


@strawberry.input(description="A place's stock as another system has it.")
class StockReconcileInput:
    location_id: ID = field("Where; a store's id is its location's.")
    taken_at: datetime = field("When the numbers were taken; at most 30 days ago.")
    lines: list[StockSnapshotLineInput] = field("The numbers, at most 5,000; each variant once.")
    apply: bool = strawberry.field(description="Whether what nothing explains is taken over.", default=False)
    idempotency_key: str = field("The same key again changes nothing.")


@query(StockReconciliationConnection, access=READ, cost=2)
async def stock_reconciliations(
    info: Info, location_id: ID | None = None, first: int | None = PAGE, after: str | None = None
) -> Connection[ReconciliationRow]:
    """What was held against other systems at a place, or wherever your role reads stock, newest first."""
    size, last, place = size_of(first), position(after, UUID), relay.place_key(location_id)
    rows = await reconciling.page(info.work, place, after=last[0] if last else None, limit=size + 1)
    count = alone(lambda work: reconciling.count(work, place))
    return connection(rows, first=size, after=after, key=lambda row: [row.id], count=count)


@mutation(StockReconcilePayload, access=RECONCILE)
async def stock_reconcile(work: Work, input: StockReconcileInput) -> ReconciliationRow | None:
    """Hold a place's stock against another system's numbers; what nothing explains is posted if asked."""
    lines = [SnapshotLine(line.on_hand, line.sku, line.barcode) for line in input.lines]
    snapshot = Snapshot(relay.place_key(input.location_id), input.taken_at, lines, input.apply)
    request = Request("stockReconcile", work.actor.label, input.idempotency_key, astuple(snapshot))
    key = await idempotency.once(work, request, new_id(), lambda made: reconciling.reconcile(work, snapshot, made))
    return (await reconciling.by_ids(work, [key]))[0]
