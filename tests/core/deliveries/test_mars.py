"""Places on Chinese maps, by what others' implementations of the formula say."""

import pytest

from core.deliveries import from_chinese_map, to_chinese_map
from core.stores import GeoPoint
from core.stores.places import distance

KNOWN = [
    ((31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),
    ((22.543847, 113.912316), (22.540796131694766, 113.9171764808363)),
    ((39.911954, 116.377817), (39.91334545536069, 116.38404722455657)),
]


@pytest.mark.parametrize(("earth", "shown"), KNOWN)
def test_a_place_in_china_is_moved_and_moved_back(earth: tuple[float, float], shown: tuple[float, float]) -> None:
    assert distance(to_chinese_map(GeoPoint(*earth)), GeoPoint(*shown)) < 0.01
    assert distance(from_chinese_map(GeoPoint(*shown)), GeoPoint(*earth)) < 0.01


def test_a_place_elsewhere_stays_where_it_is() -> None:
    paris = GeoPoint(48.8566, 2.3522)
    assert to_chinese_map(paris) == from_chinese_map(paris) == paris
