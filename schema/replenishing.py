"""What is low at a place, and who could send some."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import strawberry
from strawberry import ID

from core import catalog, stores
from core.catalog import VariantRow
from core.inventory import READ
from core.stores import LocationRow
from core.supply import replenishing
from core.supply.reaching import place
from core.supply.replenishing import LowStockRow, Proposal, Wanting
from schema import relay
from schema.catalog import ProductVariant
from schema.context import Info
from schema.fields import batched, field, query, row_type
from schema.pages import PAGE, Connection, Page, alone, connection, position, size_of
from schema.warehouses import Location


@row_type(LowStockRow)
class LowStock:
    """A variant that runs out at a place."""

    available: int = field("What nobody has been promised, in the variant's unit.")
    threshold: int = field("At how much it is low.")
    since: datetime | None = field("When that was noticed; a fall of this very minute is not yet.")


@row_type(Proposal)
class StockProposal:
    """A place that could send what another lacks."""

    quantity: int = field("How much: what brings the other to twice its threshold, as far as this one can spare it.")


@batched(LowStock, ProductVariant, name="variant")
async def low_variant(found: Sequence[LowStockRow], info: Info) -> Sequence[VariantRow | None]:
    """What it is."""
    return await catalog.variants_sold(info.work, [one.variant_id for one in found])


@batched(LowStock, StockProposal | None, cost=20)
async def proposal(found: Sequence[LowStockRow], info: Info) -> list[Proposal | None]:
    """The warehouse that has most of it, else the slowest store with plenty, among those whose stock you may read."""
    wanting = [Wanting(one.location_id, one.variant_id, one.available, one.threshold) for one in found]
    return await replenishing.propose(info.work, wanting)


@batched(StockProposal, Location, name="source")
async def proposed_source(found: Sequence[Proposal], info: Info) -> Sequence[LocationRow | None]:
    """Which place."""
    return await stores.locations_by_ids(info.work, [one.location_id for one in found])


@strawberry.type(description="A variant that is low, in a page.")
class LowStockEdge:
    cursor: str = field("Where this item stands.")
    node: LowStock = field("The variant and how much is left.")


@strawberry.type(description="A page of what is low.")
class LowStockConnection(Page):
    edges: list[LowStockEdge] = field("The items with their cursors.")
    nodes: list[LowStock] = field("The items.")


@query(LowStockConnection, access=READ, cost=2)
async def low_stock(
    info: Info, location_id: ID, first: int | None = PAGE, after: str | None = None
) -> Connection[LowStockRow]:
    """What is low at a place just now, by the rule inventory.low_stock."""
    size, last = size_of(first), position(after, UUID)
    where = await place(info.work, READ, relay.place_key(location_id), path=("locationId",))
    rows = await replenishing.page(info.work, where, after=last[0] if last else None, limit=size + 1)
    count = alone(lambda work: replenishing.count(work, where))
    return connection(rows, first=size, after=after, key=lambda row: [row.variant_id], count=count)
