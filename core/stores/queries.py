"""Reads of stores."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from core.stores.places import GeoPoint, disk, distance, with_ancestors
from core.stores.rows import LocationRow, RegionRow, StoreRow
from core.work import Work

ENOUGH = 100  #: a search stops growing once it has seen so many stores, whatever the page asks for
FIRST_RADIUS = 1_000  #: metres; each growth triples it

COLUMNS = """s.id, s.code, coalesce(CASE WHEN $2 = 'en' THEN s.name_en END, s.name), s.region_id, s.city, s.address,
    s.phone, s.latitude, s.longitude, s.hours::text, s.rating, s.fulfilments"""
BY_IDS = f"SELECT {COLUMNS} FROM store s WHERE s.tenant_id = $1 AND s.id = any($3::uuid[])"
BY_CODE = f"SELECT {COLUMNS} FROM store s WHERE s.tenant_id = $1 AND s.code = $3 AND s.active"
PAGE = f"""
SELECT {COLUMNS} FROM store s
WHERE s.tenant_id = $1 AND s.active AND s.code > $3 AND ($4::text IS NULL OR s.city = $4)
AND ($5::uuid IS NULL OR s.region_id = $5) AND ($6::text IS NULL OR $6 = any(s.fulfilments))
ORDER BY s.code LIMIT $7
"""
COUNT = """
SELECT count(*) FROM store s WHERE s.tenant_id = $1 AND s.active AND ($2::text IS NULL OR s.city = $2)
AND ($3::uuid IS NULL OR s.region_id = $3) AND ($4::text IS NULL OR $4 = any(s.fulfilments))
"""
NEAR = f"""
SELECT {COLUMNS} FROM store_cell c JOIN store s ON s.tenant_id = c.tenant_id AND s.id = c.store_id
WHERE c.tenant_id = $1 AND c.resolution = $3 AND c.cell = any($4::bigint[]) AND s.active
"""
DELIVERING = """
SELECT DISTINCT store_id FROM delivery_cell
WHERE tenant_id = $1 AND cell = any($2::bigint[]) AND store_id = any($3::uuid[])
"""
AREAS = "SELECT store_id, cell FROM delivery_cell WHERE tenant_id = $1 AND store_id = any($2::uuid[]) ORDER BY cell"
# A store's location is where the store is, and open as long as the store is.
LOCATION = """
SELECT l.id, l.name, l.kind, coalesce(s.active, l.active), coalesce(s.latitude, l.latitude),
    coalesce(s.longitude, l.longitude)
FROM location l LEFT JOIN store s ON s.tenant_id = $1 AND s.id = l.id WHERE l.tenant_id = $1
"""
LOCATIONS = f"{LOCATION} AND l.id = any($2::uuid[])"
WAREHOUSES = f"{LOCATION} AND l.kind = 'WAREHOUSE' ORDER BY l.name, l.id"
REGIONS = "SELECT id, name FROM region WHERE tenant_id = $1 AND id = any($2::uuid[])"


async def by_ids(work: Work, ids: Sequence[UUID]) -> list[StoreRow | None]:
    """Stores in the order of their ids, None where there is none."""
    found = {row.id: row for row in await work.rows(StoreRow, BY_IDS, work.language, list(set(ids)))}
    return [found.get(key) for key in ids]


async def by_code(work: Work, code: str) -> StoreRow | None:
    """The store with that code."""
    return await work.row(StoreRow, BY_CODE, work.language, code)


@dataclass(frozen=True, slots=True)
class StoreFilter:
    """Which stores; None: whichever."""

    city: str | None = None
    region_id: UUID | None = None
    fulfilment: str | None = None


async def page(work: Work, wanted: StoreFilter, *, after: str, limit: int) -> list[StoreRow]:
    """Stores in the order of their codes, from after that code on."""
    asked = (wanted.city, wanted.region_id, wanted.fulfilment)
    return await work.rows(StoreRow, PAGE, work.language, after, *asked, limit)


async def count(work: Work, wanted: StoreFilter) -> int:
    """How many stores there are."""
    return int(await work.value(COUNT, wanted.city, wanted.region_id, wanted.fulfilment))


async def near(work: Work, point: GeoPoint, radius: int) -> list[tuple[StoreRow, float]]:
    """The stores nearest to a point with their distance in metres: all within the radius, or the nearest hundred."""
    reach = min(FIRST_RADIUS, radius)
    while True:
        resolution, cells = disk(point, reach)
        rows = await work.rows(StoreRow, NEAR, work.language, resolution, cells)
        found = [(row, away) for row in rows if (away := distance(point, row.location)) <= reach]
        if reach == radius or len(found) >= ENOUGH:
            return sorted(found, key=lambda match: (match[1], match[0].code))
        reach = min(reach * 3, radius)


async def delivering_to(work: Work, point: GeoPoint, ids: Sequence[UUID]) -> set[UUID]:
    """Which of the stores deliver to a point."""
    return {row["store_id"] for row in await work.fetch(DELIVERING, with_ancestors(point), list(ids))}


async def delivery_areas(work: Work, ids: Sequence[UUID]) -> list[list[int]]:
    """The compacted cells of each store's delivery area."""
    areas: dict[UUID, list[int]] = {key: [] for key in ids}
    for row in await work.fetch(AREAS, list(areas)):
        areas[row["store_id"]].append(row["cell"])
    return [areas[key] for key in ids]


async def regions_by_ids(work: Work, ids: Sequence[UUID | None]) -> list[RegionRow | None]:
    """Regions in the order of their ids."""
    wanted = [key for key in ids if key is not None]
    found = {row.id: row for row in await work.rows(RegionRow, REGIONS, wanted)}
    return [found.get(key) if key else None for key in ids]


async def locations_by_ids(work: Work, ids: Sequence[UUID]) -> list[LocationRow | None]:
    """Places that hold stock, in the order of their ids."""
    found = {row.id: row for row in await work.rows(LocationRow, LOCATIONS, list(set(ids)))}
    return [found.get(key) for key in ids]


async def warehouses(work: Work) -> list[LocationRow]:
    """Places that hold stock and are no stores."""
    return await work.rows(LocationRow, WAREHOUSES)
