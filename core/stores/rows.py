"""Stores as they are read."""

from dataclasses import dataclass
from functools import lru_cache
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
    active: bool
    latitude: float | None
    longitude: float | None

    @property
    def location(self) -> GeoPoint | None:
        """Where it is, if anybody has said so."""
        if self.latitude is None or self.longitude is None:
            return None
        return GeoPoint(self.latitude, self.longitude)


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
    def opening_hours(self) -> tuple[OpeningHours, ...]:
        return _parsed(self.hours)


@lru_cache(maxsize=1_000)
def _parsed(hours: str) -> tuple[OpeningHours, ...]:
    """Weekly hours out of their JSON; a chain's shops have few different ones."""
    return tuple(OpeningHours(*span) for span in orjson.loads(hours))
