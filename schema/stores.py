"""Stores and where they are."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

import strawberry
from strawberry import ID

from core import carts, clock, matching, stores
from core.errors import Invalid
from core.matching import Search
from core.stores import OpeningHours as OpeningHoursRow
from core.stores import RegionRow, StoreFilter, StoreRow
from schema import relay
from schema.common import GeoPoint, GeoPointInput, Money, point_of
from schema.context import Info
from schema.enums import FulfilmentKind
from schema.fields import PUBLIC, batched, field, node_type, query, row_type
from schema.pages import PAGE, Connection, Page, alone, connection, exactly_one, position, size_of
from schema.relay import Node
from schema.scalars import H3Cell

_MOST_ITEMS = 50


@row_type(OpeningHoursRow)
class OpeningHours:
    """A span of a week in which a shop is open, in the brand's time zone."""

    weekday: int = field("1 is Monday.")
    opens: str = field('"08:00".')
    closes: str = field('"22:00"; "24:00" is the end of the day; earlier than opens: the next morning.')


@node_type(RegionRow, stores.regions_by_ids)
class Region(Node):
    """A group of stores, as the brand divides its map."""

    name: str = field("The region's name.")


@node_type(StoreRow, stores.by_ids)
class Store(Node):
    """A shop of the brand."""

    code: str = field("The brand's own short code.")
    name: str = field("The shop's name.")
    city: str = field("City.")
    address: str = field("Street and house.")
    phone: str | None = field("The shop's phone.")
    location: GeoPoint = field("Where it is.")
    opening_hours: list[OpeningHours] = field("When it is open.", cost=7)
    rating: float | None = field("What shoppers think of it, 0 to 5.")
    fulfilments: list[FulfilmentKind] = field("How orders from it can reach the shopper.")


@batched(Store, Region | None)
async def region(shops: Sequence[StoreRow], info: Info) -> Sequence[RegionRow | None]:
    """The region it belongs to."""
    return await stores.regions_by_ids(info.work, [shop.region_id for shop in shops])


@batched(Store, bool, cost=0, shared=False)
async def open_now(shops: Sequence[StoreRow], info: Info) -> list[bool]:
    """Whether it is open at this moment."""
    return [stores.is_open(shop.opening_hours, clock.now(), info.tenant.time_zone) for shop in shops]


@batched(Store, list[H3Cell], cost=10)
async def delivery_area(shops: Sequence[StoreRow], info: Info) -> list[list[int]]:
    """The H3 cells it delivers to; neighbours that fill a coarser cell are given as that cell."""
    return await stores.delivery_areas(info.work, [shop.id for shop in shops])


@row_type(matching.RankReason)
class RankReason:
    """One reason why a store stands where it stands."""

    factor: str = field("distance, stock, open or rating.")
    value: float = field("How well the store does, 0 to 1.")
    weight: float = field("How much that counts.")
    text: str = field("The reason in words.")


@row_type(matching.StoreMatch)
class StoreMatch:
    """A store, as it suits a shopper."""

    store: Store = field("The store.", cost=1)
    distance_meters: int = field("How far it is, as the crow flies.")
    open: bool = field("Whether it is open now.")
    delivers: bool = field("Whether it delivers to the shopper's place.")
    has_all_items: bool = field("Whether it has everything wanted.")
    delivery_fee: Money | None = field("What bringing it costs, for an order below the free threshold.")
    ready_in_minutes: int | None = field("When the order would be ready or there; null while closed.")
    score: float = field("The weighted mean of the reasons, 0 to 1.")
    reasons: list[RankReason] = field("Why it stands here.")


@strawberry.type(description="A store in a page.")
class StoreEdge:
    cursor: str = field("Where this item stands.")
    node: Store = field("The store.")


@strawberry.type(description="A page of stores.")
class StoreConnection(Page):
    edges: list[StoreEdge] = field("The items with their cursors.")
    nodes: list[Store] = field("The items.")


@strawberry.input(description="What a shopper wants, and how much of it.")
class ItemInput:
    variant_id: ID = field("The variant.")
    quantity: int = field("In the variant's unit.")


@strawberry.input(description="Where a shopper is and what is wanted.")
class StoresNearInput:
    location: GeoPointInput = field("Where the shopper is.")
    radius_meters: int | None = strawberry.field(
        description="How far to look, at most 100000; absent: the rule stores.near_radius.", default=None
    )
    items: list[ItemInput] | None = strawberry.field(
        description="Ranks stores that have all of it first; at most 50.", default=None
    )
    fulfilment: FulfilmentKind | None = strawberry.field(description="Only stores that offer this.", default=None)
    first: int | None = strawberry.field(description="How many stores, at most 100.", default=10)


@strawberry.input(description="Which stores.")
class StoreWhere:
    city: str | None = strawberry.field(description="In this city.", default=None)
    region_id: ID | None = strawberry.field(description="In this region.", default=None)
    fulfilment: FulfilmentKind | None = strawberry.field(description="That offer this.", default=None)


@query(list[StoreMatch], access=PUBLIC, cost=20)
async def stores_near(info: Info, input: StoresNearInput) -> list[matching.StoreMatch]:
    """Stores around a shopper: those that have everything wanted first, then the best ranked."""
    search = Search(
        point=point_of(input.location, ("input", "location")),
        radius=input.radius_meters,
        items=wanted(input.items or [], ("input", "items")),
        fulfilment=input.fulfilment,
        first=size_of(input.first, default=10, path=("input", "first")),
    )
    return await matching.near(info.work, search)


@query(StoreConnection, access=PUBLIC, cost=2, name="stores", shared=True)
async def list_stores(
    info: Info, first: int | None = PAGE, after: str | None = None, where: StoreWhere | None = None
) -> Connection[StoreRow]:
    """The brand's stores, in the order of their codes."""
    size, last, asked = size_of(first), position(after, str), where or StoreWhere()
    wanted = StoreFilter(asked.city, relay.filter_key("Region", asked.region_id), asked.fulfilment)
    rows = await stores.page(info.work, wanted, after=last[0] if last else "", limit=size + 1)
    return connection(
        rows, first=size, after=after, key=lambda row: [row.code], count=alone(lambda work: stores.count(work, wanted))
    )


@query(Store | None, access=PUBLIC, shared=True)
async def store(info: Info, id: ID | None = None, code: str | None = None) -> StoreRow | None:
    """One store, by id or by code."""
    exactly_one(id=id, code=code)
    if code is not None:
        return await stores.by_code(info.work, code)
    key = relay.key_of("Store", id)
    return (await stores.by_ids(info.work, [key]))[0] if key else None


def wanted(items: Sequence[ItemInput], path: tuple[str, ...]) -> dict[UUID, int]:
    """Wanted quantities by variant; the same variant twice is one number."""
    if len(items) > _MOST_ITEMS:
        raise Invalid(reason=f"At most {_MOST_ITEMS} items can be asked for.", path=path)
    quantities: Counter[UUID] = Counter()
    for item in items:
        if not 1 <= item.quantity <= carts.MOST_OF_A_LINE:
            raise Invalid(reason=f"A quantity lies between 1 and {carts.MOST_OF_A_LINE}.", path=(*path, "quantity"))
        quantities[relay.key_or_nothing("ProductVariant", item.variant_id)] += item.quantity
    return dict(quantities)
