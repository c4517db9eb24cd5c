"""Stores: where they are, when they open, where they deliver."""

from core.stores.hours import OpeningHours, is_open, next_opening
from core.stores.permissions import MANAGE_WAREHOUSES
from core.stores.places import GeoPoint, covering, distance, with_ancestors
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
from core.stores.slots import begins_slot, slots_from
from core.stores.warehousing import WarehouseChange, change_warehouse, open_warehouse

__all__ = [
    "MANAGE_WAREHOUSES",
    "GeoPoint",
    "LocationRow",
    "OpeningHours",
    "RegionRow",
    "StoreFilter",
    "StoreRow",
    "StoreRules",
    "WarehouseChange",
    "active_stores",
    "begins_slot",
    "by_code",
    "by_ids",
    "change_warehouse",
    "count",
    "covering",
    "delivering_to",
    "delivery_areas",
    "distance",
    "is_open",
    "locations_by_ids",
    "near",
    "next_opening",
    "open_store",
    "open_warehouse",
    "page",
    "regions_by_ids",
    "set_delivery_area",
    "slots_from",
    "warehouses",
    "with_ancestors",
]
