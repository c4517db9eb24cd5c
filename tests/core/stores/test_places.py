"""Circles and delivery areas as cells of the H3 grid, compared with plain geometry."""

import random

import h3
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from core.stores import GeoPoint, covering, distance
from core.stores.places import disk, with_ancestors
from tests.core.stores.earth import anywhere, bearings, in_china, travel

SHANGHAI, BEIJING = GeoPoint(31.2304, 121.4737), GeoPoint(39.9042, 116.4074)
A_CELL = 350  #: metres; no point of a delivery cell is farther from its middle
centres = st.one_of(in_china, anywhere)
radii = st.floats(1, 100_000)


def test_distances_are_those_of_the_map() -> None:
    assert distance(SHANGHAI, BEIJING) == pytest.approx(1_067_000, rel=0.005)
    assert distance(SHANGHAI, SHANGHAI) == 0
    assert distance(GeoPoint(0, 179.9), GeoPoint(0, -179.9)) == pytest.approx(22_239, rel=0.001)


@settings(max_examples=150, deadline=None)
@given(centre=centres, radius=radii, bearing=bearings, share=st.floats(0, 1))
@example(centre=GeoPoint(90, 0), radius=100_000, bearing=10, share=1)
@example(centre=GeoPoint(-17.5, 179.999), radius=50_000, bearing=90, share=1)
def test_a_disk_covers_every_point_within_its_radius(
    centre: GeoPoint, radius: float, bearing: float, share: float
) -> None:
    point = travel(centre, bearing, radius * share)
    assume(distance(centre, point) <= radius)
    resolution, cells = disk(centre, radius)
    assert point.cell(resolution) in cells


@settings(max_examples=60, deadline=None)
@given(centre=centres, radius=radii, seed=st.integers(0, 2**32))
def test_a_disk_misses_no_store_that_brute_force_finds(centre: GeoPoint, radius: float, seed: int) -> None:
    chance = random.Random(seed)
    shops = [travel(centre, chance.uniform(0, 360), chance.uniform(0, 2 * radius)) for _ in range(100)]
    resolution, cells = disk(centre, radius)
    covered = set(cells)
    assert [s for s in shops if distance(centre, s) <= radius and s.cell(resolution) not in covered] == []


def test_a_disk_has_few_cells_at_any_radius() -> None:
    assert {radius: disk(SHANGHAI, radius)[0] for radius in (1, 1_000, 3_000, 15_000, 100_000)} == {
        1: 9,
        1_000: 9,
        3_000: 7,
        15_000: 7,
        100_000: 5,
    }
    assert max(len(disk(SHANGHAI, radius)[1]) for radius in range(100, 100_001, 900)) <= 469


@settings(max_examples=150, deadline=None)
@given(centre=centres, radius=st.floats(0, 8_000), bearing=bearings, away=st.floats(0, 2))
def test_a_radius_covers_what_is_within_it_up_to_a_cell(
    centre: GeoPoint, radius: float, bearing: float, away: float
) -> None:
    point = travel(centre, bearing, radius * away)
    apart = distance(centre, point)
    inside = not set(with_ancestors(point)).isdisjoint(covering(centre=centre, radius=radius))
    if apart <= radius - A_CELL:
        assert inside
    if apart >= radius + A_CELL:
        assert not inside


@settings(max_examples=150, deadline=None)
@given(
    south_west=in_china, high=st.floats(0.02, 0.08), wide=st.floats(0.02, 0.08), x=st.floats(-1, 2), y=st.floats(-1, 2)
)
def test_a_polygon_covers_what_is_within_it_up_to_a_cell(
    south_west: GeoPoint, high: float, wide: float, x: float, y: float
) -> None:
    south, west = south_west.latitude, south_west.longitude
    north, east = south + high, west + wide
    area = covering(
        polygon=[GeoPoint(south, west), GeoPoint(south, east), GeoPoint(north, east), GeoPoint(north, west)]
    )
    point = GeoPoint(south + y * high, west + x * wide)
    inside = not set(with_ancestors(point)).isdisjoint(area)
    corners = [travel(point, bearing, A_CELL * 1.5) for bearing in (45, 135, 225, 315)]
    within = [south <= corner.latitude <= north and west <= corner.longitude <= east for corner in corners]
    if all(within):
        assert inside
    beyond = not (-0.35 <= x <= 1.35 and -0.35 <= y <= 1.35)  # at the least 0.007 degrees, some 470 m, away
    if beyond:
        assert not inside


@settings(max_examples=40, deadline=None)
@given(centre=centres, bearing=bearings, away=st.floats(0, 5_000))
def test_compacting_an_area_changes_nothing_of_it(centre: GeoPoint, bearing: float, away: float) -> None:
    area = covering(centre=centre, radius=3_000)
    spread = {h3.str_to_int(cell) for cell in h3.uncompact_cells([h3.int_to_str(cell) for cell in area], 9)}
    point = travel(centre, bearing, away)
    assert len(area) < len(spread)
    assert (point.cell(9) in spread) is (not set(with_ancestors(point)).isdisjoint(area))


def test_an_area_smaller_than_a_cell_is_that_cell() -> None:
    assert covering(centre=SHANGHAI, radius=0) == [SHANGHAI.cell(9)]


def test_an_area_is_a_polygon_or_a_circle() -> None:
    with pytest.raises(ValueError, match="polygon, or a centre"):
        covering()
