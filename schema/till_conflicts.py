"""What of tills' sales is not as the books have it, and what people made of it."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import orjson
import strawberry
from strawberry import ID

from core import catalog, contacts, orders, stores, tills
from core.catalog import VariantRow
from core.orders import OrderRow
from core.stores import StoreRow
from core.supply.permissions import RECONCILE
from core.tills import ConflictRow
from core.work import Work
from schema import relay
from schema.catalog import ProductVariant
from schema.context import Info
from schema.fields import batched, field, mutation, node_type, query
from schema.orders import Order
from schema.pages import PAGE, Connection, Page, alone, connection, position, size_of
from schema.payloads import Done, Payload, Remark
from schema.relay import Node
from schema.scalars import Json
from schema.stores import Store


@strawberry.enum(description="What is odd about a till's sale.")
class PosConflictKind(StrEnum):
    STOCK_SHORT = "STOCK_SHORT"
    PRICE_DIFFERS = "PRICE_DIFFERS"
    REFUSED = "REFUSED"


@node_type(ConflictRow, tills.by_ids)
class PosConflict(Node):
    """Something about a till's sale that is not as the books have it; nothing is lost by being odd."""

    kind: PosConflictKind = field("What is odd.")
    external_reference: str = field("The till's own number of the sale.")
    found_at: datetime = field("When it was told.")
    settled_at: datetime | None = field("When somebody had looked at it, or the sale came in after all.")
    note: str | None = field("What came of it, in the words of whoever looked.")


@strawberry.type(description="Something odd in a page.")
class PosConflictEdge:
    cursor: str = field("Where this item stands.")
    node: PosConflict = field("What is odd.")


@strawberry.type(description="A page of what is odd.")
class PosConflictConnection(Page):
    edges: list[PosConflictEdge] = field("The items with their cursors.")
    nodes: list[PosConflict] = field("The items.")


@strawberry.type(description="What was looked at, or why nothing was done.")
class PosConflictPayload(Payload):
    conflict: PosConflict | None = field("As it is now.")


@strawberry.input(description="Something odd that somebody has looked at.")
class PosConflictSettleInput:
    conflict_id: ID = field("What was looked at.")
    note: str = field("What came of it.")


@batched(PosConflict, Store, name="store")
async def conflict_store(found: Sequence[ConflictRow], info: Info) -> Sequence[StoreRow | None]:
    """Whose till has told of it."""
    return await stores.by_ids(info.work, [one.store_id for one in found])


@batched(PosConflict, ProductVariant | None, name="variant")
async def conflict_variant(found: Sequence[ConflictRow], info: Info) -> Sequence[VariantRow | None]:
    """What it is about; null: the whole sale."""
    return await catalog.variants_sold(info.work, [one.variant_id or relay.NOTHING for one in found])


@batched(PosConflict, Order | None, name="order")
async def conflict_order(found: Sequence[ConflictRow], info: Info) -> Sequence[OrderRow | None]:
    """The order that the sale is; null: it was refused."""
    return await orders.visible(info.work, [one.order_id or relay.NOTHING for one in found])


@batched(PosConflict, Json, cost=0)
async def facts(found: Sequence[ConflictRow], info: Info) -> list[object]:
    """`sold` and `free` where stock was short, `unitPrice` and `price` where those differ.

    Where the sale was refused: `code`, `message`, and the `sale` as it was told, but for its buyer.
    """
    return [orjson.loads(one.stored_facts) for one in found]


@query(PosConflictConnection, access=orders.RECORD_SALE, cost=2)
async def pos_conflicts(
    info: Info,
    store_id: ID | None = None,
    settled: bool | None = False,
    first: int | None = PAGE,
    after: str | None = None,
) -> Connection[ConflictRow]:
    """What nobody has looked at yet, of a store or wherever you record sales, newest first; `settled: null` is all."""
    size, last, store = size_of(first), position(after, UUID), relay.filter_key("Store", store_id)
    rows = await tills.page(info.work, store, settled=settled, after=last[0] if last else None, limit=size + 1)
    count = alone(lambda work: tills.count(work, store, settled=settled))
    return connection(rows, first=size, after=after, key=lambda row: [row.id], count=count)


@mutation(PosConflictPayload, access=RECONCILE)
async def pos_conflict_settle(work: Work, input: PosConflictSettleInput) -> Done:
    """Say what came of something odd that you have looked at."""
    key = relay.key_of("PosConflict", input.conflict_id)
    first = await tills.settle(work, key, contacts.text(input.note, path=("input", "note")))
    remarks = [] if first else [Remark("ALREADY_DONE", "Somebody has looked at it before.", input.conflict_id)]
    return Done((await tills.by_ids(work, [key] if key else []))[0], remarks)
