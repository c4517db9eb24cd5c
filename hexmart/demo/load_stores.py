"""Stores with their regions, their place in the index, their stock location and where they deliver."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from core import stores
from core.ids import new_id
from core.stores import GeoPoint, covering
from core.stores.places import RESOLUTIONS
from core.work import Work
from hexmart.demo.load_rows import ids, insert, parts, replan
from hexmart.demo.seeds import StoreSeed

STORES_AT_ONCE = 100  #: with a delivery area of about a hundred cells each

STORES = "SELECT code, id FROM store WHERE tenant_id = $1 AND code = any($2::text[])"
REGIONS = "SELECT name, id FROM region WHERE tenant_id = $1"


async def add_stores(work: Work, seeds: Sequence[StoreSeed]) -> dict[str, UUID]:
    """Open the stores that are not there yet; the ids of all, by code."""
    known = await ids(work, STORES, [seed.code for seed in seeds])
    regions = await _add_regions(work, seeds)
    fresh = {seed.code: new_id() for seed in seeds if seed.code not in known}
    missing = [seed for seed in seeds if seed.code in fresh]
    await insert(work, "store", [_store(seed, fresh[seed.code], regions) for seed in missing])
    await replan(work)
    for part in parts(missing, STORES_AT_ONCE):
        await insert(work, "location", [{"id": fresh[s.code], "name": s.name, "kind": "STORE"} for s in part])
        await insert(work, "store_cell", [row for seed in part for row in _cells(seed, fresh[seed.code])])
        await insert(work, "delivery_cell", [row for seed in part for row in _area(seed, fresh[seed.code])])
    return known | fresh


async def add_warehouse(work: Work, near: StoreSeed) -> UUID:
    """Open the brand's warehouse, in the city of a store, unless it has one."""
    known = await stores.warehouses(work)
    place = GeoPoint(near.latitude, near.longitude)
    return known[0].id if known else await stores.open_warehouse(work, f"{near.city}中心仓", place)


async def _add_regions(work: Work, seeds: Sequence[StoreSeed]) -> dict[str, UUID]:
    known = await ids(work, REGIONS)
    names = dict.fromkeys(seed.region for seed in seeds)
    fresh = {name: new_id() for name in names if name not in known}
    await insert(work, "region", [{"id": key, "name": name} for name, key in fresh.items()])
    return known | fresh


def _store(seed: StoreSeed, store_id: UUID, regions: Mapping[str, UUID]) -> dict[str, Any]:
    return {
        "id": store_id,
        "code": seed.code,
        "name": seed.name,
        "name_en": seed.name_en,
        "region_id": regions[seed.region],
        "city": seed.city,
        "address": seed.address,
        "phone": seed.phone,
        "latitude": seed.latitude,
        "longitude": seed.longitude,
        "hours": seed.hours,
        "rating": seed.rating,
        "fulfilments": seed.fulfilments,
    }


def _cells(seed: StoreSeed, store_id: UUID) -> Iterator[dict[str, Any]]:
    point = GeoPoint(seed.latitude, seed.longitude)
    return ({"resolution": r, "cell": point.cell(r), "store_id": store_id} for r in RESOLUTIONS)


def _area(seed: StoreSeed, store_id: UUID) -> Iterator[dict[str, Any]]:
    if seed.delivery_radius_meters:
        centre = GeoPoint(seed.latitude, seed.longitude)
        for cell in covering(centre=centre, radius=seed.delivery_radius_meters):
            yield {"cell": cell, "store_id": store_id}
