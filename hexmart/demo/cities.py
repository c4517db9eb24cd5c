"""Where stores stand: real cities, and real roads in them."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from hexmart.demo import tables


@dataclass(frozen=True, slots=True)
class Place:
    """A road of a city, and how many metres around its point are land and town."""

    district: str
    road: str
    road_en: str
    latitude: float
    longitude: float
    spread: int


@dataclass(frozen=True, slots=True)
class City:
    """A city with its places, the centre first. Tier 1 and 2 are the large ones."""

    code: str
    name: str
    name_en: str
    region: str
    dialling: str
    digits: int
    tier: int
    places: tuple[Place, ...]

    @property
    def is_large(self) -> bool:
        return self.tier <= 2

    @property
    def prefix(self) -> str:
        """How its addresses begin: a municipality is its own region."""
        own = f"{self.name}市"
        return own if self.region == own else self.region + own


class _CityRow(NamedTuple):
    code: str
    name: str
    name_en: str
    region: str
    dialling: str
    digits: int
    tier: int
    latitude: float
    longitude: float
    spread: int
    district: str
    road: str
    road_en: str


class _DistrictRow(NamedTuple):
    city: str
    district: str
    road: str
    road_en: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class _Cities:
    cities: tuple[_CityRow, ...]


@dataclass(frozen=True, slots=True)
class _Districts:
    districts: tuple[_DistrictRow, ...]


@cache
def cities() -> tuple[City, ...]:
    """All of them, the largest first."""
    further: defaultdict[str, list[_DistrictRow]] = defaultdict(list)
    for row in tables.read(_Districts, "districts.toml").districts:
        further[row.city].append(row)
    return tuple(_city(row, further[row.code]) for row in tables.read(_Cities, "cities.toml").cities)


def _city(row: _CityRow, further: list[_DistrictRow]) -> City:
    centre = Place(row.district, row.road, row.road_en, row.latitude, row.longitude, row.spread)
    # what is safe around the centre need not be around a district: some of them touch a river or the coast
    others = (Place(*place[1:], spread=min(row.spread, 500)) for place in further)
    return City(row.code, row.name, row.name_en, row.region, row.dialling, row.digits, row.tier, (centre, *others))
