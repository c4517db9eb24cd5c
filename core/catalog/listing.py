"""Pages of products: filtered, searched, sorted, cut by keyset."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from core.catalog.queries import PRODUCT
from core.catalog.rows import ProductRow
from core.catalog.search import query_terms
from core.database.clauses import Clauses
from core.work import Work


class Sort(StrEnum):
    NEWEST = "NEWEST"
    NAME = "NAME"
    PRICE_LOW = "PRICE_LOW"
    PRICE_HIGH = "PRICE_HIGH"
    RELEVANCE = "RELEVANCE"


@dataclass(frozen=True, slots=True)
class Listing:
    """Which products, in which order, from after which one."""

    sort: Sort = Sort.NEWEST
    search: str | None = None
    category_id: UUID | None = None
    in_stock_at: UUID | None = None  #: only what this store has on its shelf
    price_from: int | None = None  #: minor units
    price_to: int | None = None
    after: tuple[Any, UUID] | None = None  #: sort key and id of the last product seen


# What a listing is sorted by, its SQL type and the direction; each has an index that begins with it.
_ORDERS = {
    Sort.NEWEST: ("p.id", "uuid", "DESC"),
    Sort.NAME: ("p.name", "text", "ASC"),
    Sort.PRICE_LOW: ("p.lowest_price", "bigint", "ASC"),
    Sort.PRICE_HIGH: ("p.lowest_price", "bigint", "DESC"),
    Sort.RELEVANCE: ("found.weight", "bigint", "DESC"),
}
_FOUND = """JOIN (
    SELECT t.product_id, sum(t.weight)::bigint AS weight FROM search_term t
    WHERE t.tenant_id = $1 AND t.term = any({terms}) GROUP BY t.product_id HAVING count(*) = cardinality({terms})
) found ON found.product_id = p.id"""
_CATEGORY = (
    "p.category_id IN (SELECT c.id FROM category c WHERE c.tenant_id = $1 AND (c.id = {key} OR c.parent_id = {key}))"
)
_IN_STOCK = """EXISTS (
    SELECT 1 FROM variant v
    LEFT JOIN stock s ON s.tenant_id = $1 AND s.location_id = {store} AND s.variant_id = v.id
    WHERE v.tenant_id = $1 AND v.product_id = p.id AND (s.on_hand > s.reserved OR (v.bundle AND NOT EXISTS (
        SELECT FROM bundle_component c
        LEFT JOIN stock part
            ON part.tenant_id = $1 AND part.location_id = {store} AND part.variant_id = c.variant_id
        WHERE c.tenant_id = $1 AND c.bundle_id = v.id AND coalesce(part.on_hand - part.reserved, 0) < c.quantity))))"""


def sort_key(sort: Sort, row: ProductRow) -> UUID | str | int:
    """What a row is sorted by."""
    match sort:
        case Sort.NEWEST:
            return row.id
        case Sort.NAME:
            return row.name
        case Sort.RELEVANCE:
            return row.weight
        case _:
            return row.lowest_price


async def page(work: Work, listing: Listing, limit: int) -> list[ProductRow]:
    """Products of a listing, at most `limit`."""
    clauses = Clauses()
    clauses.bind(work.language, "text")  # $2, which the columns ask for
    key, kind, direction = _ORDERS[listing.sort]
    if listing.sort == Sort.NAME and work.language == "en":
        key = "coalesce(p.name_en, p.name)"  # what is shown is what a page is cut by
    source = _restrict(clauses, listing)
    if listing.after is not None:
        beyond, (last_key, last_id) = "<" if direction == "DESC" else ">", listing.after
        clauses.add(f"({key}, p.id) {beyond} ({clauses.bind(last_key, kind)}, {clauses.bind(last_id, 'uuid')})")
    weight = "found.weight" if listing.search else "0"
    order = f"ORDER BY {key} {direction}, p.id {direction} LIMIT {clauses.bind(limit, 'bigint')}"
    sql = f"SELECT {PRODUCT}, {weight} FROM product p {source} WHERE {clauses} {order}"
    return await work.rows(ProductRow, sql, *clauses.values)


async def count(work: Work, listing: Listing) -> int:
    """How many products a listing has in all."""
    clauses = Clauses()
    source = _restrict(clauses, listing)
    return int(await work.value(f"SELECT count(*) FROM product p {source} WHERE {clauses}", *clauses.values))


def _restrict(clauses: Clauses, listing: Listing) -> str:
    """Add the conditions of a listing; returns what product is joined with."""
    clauses.add("p.tenant_id = $1 AND p.published")
    if listing.category_id is not None:
        clauses.add(_CATEGORY.format(key=clauses.bind(listing.category_id, "uuid")))
    if listing.price_from is not None:
        clauses.add(f"p.highest_price >= {clauses.bind(listing.price_from, 'bigint')}")
    if listing.price_to is not None:
        clauses.add(f"p.lowest_price <= {clauses.bind(listing.price_to, 'bigint')}")
    if listing.in_stock_at is not None:
        clauses.add(_IN_STOCK.format(store=clauses.bind(listing.in_stock_at, "uuid")))
    if not listing.search:
        return ""
    return _FOUND.format(terms=clauses.bind(query_terms(listing.search), "text[]"))
