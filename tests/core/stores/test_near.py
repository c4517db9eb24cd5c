"""Stores around a point, compared with looking at every store there is."""

import random
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from core import stores
from core.actors import system
from core.stores import GeoPoint, distance
from core.stores.models import Store
from core.stores.queries import ENOUGH
from core.work import Work
from hexmart.app import Application
from hexmart.testing.brands import build_world
from tests.core.stores.earth import travel

pytestmark = pytest.mark.anyio
SHANGHAI = GeoPoint(31.2304, 121.4737)
STORES = 300


@dataclass(frozen=True)
class City:
    work: Work
    places: dict[str, GeoPoint]

    def by_hand(self, point: GeoPoint, radius: float) -> list[str]:
        """The codes of the stores within a radius, nearest first."""
        away = {code: distance(point, place) for code, place in self.places.items()}
        return sorted((code for code in away if away[code] <= radius), key=lambda code: (away[code], code))


@pytest.fixture(scope="module")
async def city(application: Application) -> AsyncIterator[City]:
    """A brand with stores at random, crowded in the middle and thin far out."""
    world = await build_world(application.platform)
    chance = random.Random(20260504)
    places = {
        f"R{n:03}": travel(SHANGHAI, chance.uniform(0, 360), 90_000 * chance.random() ** 3) for n in range(STORES)
    }
    async with application.platform.open_work(world.tenant, system("test")) as work:
        for code, place in places.items():
            await stores.open_store(work, _store(code, place))
    async with application.platform.open_work(world.tenant, system("test"), read_only=True) as work:
        old = await stores.page(work, stores.StoreFilter(city="上海"), after="", limit=10)
        yield City(work, places | {store.code: store.location for store in old})


def _store(code: str, place: GeoPoint) -> Store:
    return Store(
        code=code,
        name=code,
        city="外地",
        address=code,
        latitude=place.latitude,
        longitude=place.longitude,
        hours=[],
        fulfilments=["PICKUP"],
    )


@pytest.mark.parametrize("radius", [1, 300, 1_000, 1_001, 3_000, 9_500, 27_000, 60_000, 100_000])
async def test_a_search_finds_what_looking_at_every_store_finds(city: City, radius: int) -> None:
    chance = random.Random(radius)
    for _ in range(12):
        point = travel(SHANGHAI, chance.uniform(0, 360), chance.uniform(0, 50_000))
        found = [store.code for store, _ in await stores.near(city.work, point, radius)]
        expected = city.by_hand(point, radius)
        assert found == expected[: len(found)]
        assert len(found) == len(expected) or len(found) >= ENOUGH


async def test_a_search_says_how_far_each_store_is(city: City) -> None:
    found = await stores.near(city.work, SHANGHAI, 3_000)
    assert [away for _, away in found] == sorted(distance(SHANGHAI, city.places[store.code]) for store, _ in found)
    assert len(found) > 20
