"""Stores in real cities, with hours that suit the brand."""

import math
from collections import Counter
from collections.abc import Iterator
from heapq import heapify, heapreplace
from itertools import islice
from random import Random
from zlib import crc32

from hexmart.demo.cities import City, Place, cities
from hexmart.demo.profiles import Profile, profile
from hexmart.demo.seeds import StoreSeed

# how many stores a city of the tier has for each one of a smaller city
WEIGHTS = {1: 8, 2: 5, 3: 2, 4: 1}
METRES_PER_DEGREE = 111_320
ALWAYS = tuple((day, "00:00", "24:00") for day in range(1, 8))

Hours = tuple[tuple[int, str, str], ...]


def brand_stores(brand: str, count: int, seed: int) -> tuple[StoreSeed, ...]:
    """The first `count` stores of a brand: a larger count only adds to a smaller."""
    who = profile(brand)
    seen: Counter[str] = Counter()
    stores = []
    for city in islice(_cities_in_turn(brand), count):
        seen[city.code] += 1
        stores.append(_store(who, city, seen[city.code], seed))
    return tuple(stores)


def _cities_in_turn(brand: str) -> Iterator[City]:
    """Every large city once, then all by weight, so that none is ever far from its share (Sainte-Laguë)."""
    large = [city for city in cities() if city.is_large]
    yield from large
    queue = [_turn(brand, city, taken=int(city.is_large)) for city in cities()]
    heapify(queue)
    while True:
        _, _, taken, city = queue[0]
        heapreplace(queue, _turn(brand, city, taken + 1))
        yield city


def _turn(brand: str, city: City, taken: int) -> tuple[float, int, int, City]:
    # among equals, each brand prefers other cities
    return (2 * taken + 1) / WEIGHTS[city.tier], crc32(f"{brand}:{city.code}".encode()), taken, city


def _store(who: Profile, city: City, number: int, seed: int) -> StoreSeed:
    code = f"{who.prefix}-{city.code}-{number:03d}"
    chance = Random(f"{seed}:{code}")
    again, index = divmod(number - 1, len(city.places))
    place = city.places[index]
    latitude, longitude = _around(place, chance)
    fulfilments = chance.choice(who.fulfilments)
    return StoreSeed(
        code=code,
        name=f"{who.name}{city.name}{place.road}{again + 1 if again else ''}店",
        name_en=f"{who.name_en} {city.name_en} {place.road_en}{f' {again + 1}' if again else ''}",
        city=city.name,
        region=city.region,
        address=f"{city.prefix}{place.district}{place.road}{chance.randint(1, 899)}号",
        phone=_phone(city, chance),
        latitude=latitude,
        longitude=longitude,
        hours=_hours(who, city, number, chance),
        fulfilments=fulfilments,
        delivery_radius_meters=_radius(who, chance) if "DELIVERY" in fulfilments else 0,
        rating=_rating(chance),
    )


def _around(place: Place, chance: Random) -> tuple[float, float]:
    """A point in the circle around the place, evenly by area."""
    distance = place.spread * math.sqrt(chance.random()) / METRES_PER_DEGREE
    angle = chance.uniform(0, math.tau)
    latitude = place.latitude + distance * math.sin(angle)
    longitude = place.longitude + distance * math.cos(angle) / math.cos(math.radians(place.latitude))
    return round(latitude, 6), round(longitude, 6)


def _hours(who: Profile, city: City, number: int, chance: Random) -> Hours:
    """The first in a large city never closes, and there one in twelve of the others."""
    if city.is_large and (number == 1 or chance.random() < 1 / 12):
        return ALWAYS
    pattern = chance.choice(who.hours)
    return tuple((day, *_interval(text)) for days, intervals in pattern for day in days for text in intervals)


def _interval(text: str) -> tuple[str, str]:
    opens, closes = text.split("-")
    return opens, closes


def _radius(who: Profile, chance: Random) -> int:
    least, most = who.radius
    return chance.randrange(least, most + 1, 500)


def _phone(city: City, chance: Random) -> str:
    rest = city.digits - 2
    return f"{city.dialling}-{chance.randint(62, 68)}{chance.randrange(10**rest):0{rest}d}"


def _rating(chance: Random) -> float | None:
    """None for one in ten: nobody has rated it yet."""
    return None if chance.random() < 0.1 else round(chance.uniform(4.1, 5.0), 1)
