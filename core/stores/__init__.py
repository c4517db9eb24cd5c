"""Stores: where they are, when they open, where they deliver."""

from core.stores.hours import OpeningHours, is_open
from core.stores.places import GeoPoint, covering, distance
from core.stores.queries import (
    StoreFilter,
    by_code,
    by_ids,
    count,
    delivering_to,
    delivery_areas,
    locations_by_ids,
    near,
    page,
    regions_by_ids,
    warehouses,
)
from core.stores.rows import LocationRow, RegionRow, StoreRow
from core.stores.rules import StoreRules
from core.stores.service import active_stores, open_store, set_delivery_area

__all__ = [
    "GeoPoint",
    "LocationRow",
    "OpeningHours",
    "RegionRow",
    "StoreFilter",
    "StoreRow",
    "StoreRules",
    "active_stores",
    "by_code",
    "by_ids",
    "count",
    "covering",
    "delivering_to",
    "delivery_areas",
    "distance",
    "is_open",
    "locations_by_ids",
    "near",
    "open_store",
    "page",
    "regions_by_ids",
    "set_delivery_area",
    "warehouses",
]
