"""Random places, and the way from one to another."""

from math import asin, atan2, cos, degrees, radians, sin

from hypothesis import strategies as st

from core.stores import GeoPoint

EARTH_RADIUS = 6_371_008.8  # metres

in_china = st.builds(GeoPoint, st.floats(18, 53), st.floats(73, 135))
anywhere = st.builds(GeoPoint, st.floats(-90, 90), st.floats(-180, 180))
bearings = st.floats(0, 360)


def travel(start: GeoPoint, bearing: float, meters: float) -> GeoPoint:
    """Where somebody arrives who goes straight on from a point."""
    way, course = meters / EARTH_RADIUS, radians(bearing)
    lat, lng = radians(start.latitude), radians(start.longitude)
    sine = sin(lat) * cos(way) + cos(lat) * sin(way) * cos(course)
    end = asin(max(-1.0, min(1.0, sine)))
    turned = lng + atan2(sin(course) * sin(way) * cos(lat), cos(way) - sin(lat) * sin(end))
    return GeoPoint(degrees(end), (degrees(turned) + 540) % 360 - 180)
