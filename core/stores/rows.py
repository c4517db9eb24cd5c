"""Stores as they are read."""

from dataclasses import dataclass
from uuid import UUID

import orjson

from core.stores.hours import OpeningHours
from core.stores.places import GeoPoint


@dataclass(slots=True)
class RegionRow:
    id: UUID
    name: str


@dataclass(slots=True)
class LocationRow:
    id: UUID
    name: str
    kind: str


@dataclass(slots=True)
class StoreRow:
    id: UUID
    code: str
    name: str
    region_id: UUID | None
    city: str
    address: str
    phone: str | None
    latitude: float
    longitude: float
    hours: str  #: JSON, [[weekday, opens, closes], ...]
    rating: float | None
    fulfilments: list[str]

    @property
    def location(self) -> GeoPoint:
        return GeoPoint(self.latitude, self.longitude)

    @property
    def opening_hours(self) -> list[OpeningHours]:
        return [OpeningHours(*span) for span in orjson.loads(self.hours)]
