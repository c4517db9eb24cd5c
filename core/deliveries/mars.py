"""Places as maps in China have them: by law every one is moved a little (GCJ-02). Providers there speak of no other.

The formula is nowhere published; this is the one that everybody uses, right to a few metres.
"""

from math import cos, pi, radians, sin, sqrt

from core.stores import GeoPoint

_AXIS = 6_378_245.0  # of the ellipsoid of Krassowski, in metres
_ECCENTRICITY = 0.00669342162296594323
_ROUNDS = 3  # of going back; each is ten thousand times nearer


def to_chinese_map(point: GeoPoint) -> GeoPoint:
    """Where a place stands on Chinese maps."""
    if not _in_china(point):
        return point
    north, east = _moved(point.longitude - 105.0, point.latitude - 35.0)
    turn = 1 - _ECCENTRICITY * sin(radians(point.latitude)) ** 2
    north *= 180.0 / ((_AXIS * (1 - _ECCENTRICITY)) / (turn * sqrt(turn)) * pi)
    east *= 180.0 / (_AXIS / sqrt(turn) * cos(radians(point.latitude)) * pi)
    return GeoPoint(point.latitude + north, point.longitude + east)


def from_chinese_map(point: GeoPoint) -> GeoPoint:
    """Where on earth it is that stands there on Chinese maps."""
    found = point
    for _ in range(_ROUNDS):
        shown = to_chinese_map(found)
        latitude = found.latitude + point.latitude - shown.latitude
        found = GeoPoint(latitude, found.longitude + point.longitude - shown.longitude)
    return found


def _moved(x: float, y: float) -> tuple[float, float]:
    root, waves = sqrt(abs(x)), (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves
    north += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    north += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves
    east += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    east += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    return north, east


def _in_china(point: GeoPoint) -> bool:
    return 0.8293 <= point.latitude <= 55.8271 and 72.004 <= point.longitude <= 137.8347
