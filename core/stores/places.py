"""Points on the earth and the H3 cells that index them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import asin, ceil, cos, radians, sin, sqrt

import h3

RESOLUTIONS = (9, 7, 5)  #: at which stores are indexed, finest first
DELIVERY_RESOLUTION = 9
_EARTH_RADIUS = 6_371_008.8  # metres, the mean radius (IUGG)
_RINGS_AT_MOST = 12  # beyond that a coarser resolution asks for fewer cells
_SMALLEST_CELL = 0.75  # the grid's cells shrink towards the corners of the icosahedron; none by more than this


@dataclass(frozen=True, slots=True)
class GeoPoint:
    latitude: float
    longitude: float

    def cell(self, resolution: int) -> int:
        """The H3 cell this point lies in."""
        return int(h3.str_to_int(h3.latlng_to_cell(self.latitude, self.longitude, resolution)))


def distance(a: GeoPoint, b: GeoPoint) -> float:
    """Metres between two points along the earth's surface (haversine)."""
    half_lat, half_lng = radians(b.latitude - a.latitude) / 2, radians(b.longitude - a.longitude) / 2
    chord = sin(half_lat) ** 2 + cos(radians(a.latitude)) * cos(radians(b.latitude)) * sin(half_lng) ** 2
    return 2 * _EARTH_RADIUS * asin(sqrt(chord))


def disk(centre: GeoPoint, radius: float) -> tuple[int, list[int]]:
    """A resolution that suits the radius, and cells of it that cover the circle whole."""
    for resolution in RESOLUTIONS:
        rings = _rings(resolution, radius)
        if rings <= _RINGS_AT_MOST or resolution == RESOLUTIONS[-1]:
            break
    origin = h3.latlng_to_cell(centre.latitude, centre.longitude, resolution)
    return resolution, [h3.str_to_int(cell) for cell in h3.grid_disk(origin, rings)]


def _rings(resolution: int, radius: float) -> int:
    # A ring moves the border outwards by 1.5 edges at least; one more, since the centre may lie at its cell's edge.
    step = 1.5 * h3.average_hexagon_edge_length(resolution, unit="m") * _SMALLEST_CELL
    return ceil(radius / float(step)) + 1


def covering(
    *, polygon: Sequence[GeoPoint] | None = None, centre: GeoPoint | None = None, radius: float = 0
) -> list[int]:
    """The compacted cells of a delivery area, given as a polygon or as a radius in metres around a point."""
    if polygon is not None:
        shape = h3.LatLngPoly([(point.latitude, point.longitude) for point in polygon])
        cells: Iterable[str] = h3.h3shape_to_cells(shape, DELIVERY_RESOLUTION)
    elif centre is not None:
        cells = _circle(centre, radius)
    else:
        raise ValueError("a delivery area is a polygon, or a centre with a radius")
    return [h3.str_to_int(cell) for cell in h3.compact_cells(list(cells))]


def _circle(centre: GeoPoint, radius: float) -> list[str]:
    origin = h3.latlng_to_cell(centre.latitude, centre.longitude, DELIVERY_RESOLUTION)
    around = h3.grid_disk(origin, _rings(DELIVERY_RESOLUTION, radius))
    reached = [cell for cell in around if distance(centre, GeoPoint(*h3.cell_to_latlng(cell))) <= radius]
    return reached or [origin]


def with_ancestors(point: GeoPoint) -> list[int]:
    """The cells, from finest to coarsest, of which one is in a compacted area if and only if the point is inside."""
    cell = h3.latlng_to_cell(point.latitude, point.longitude, DELIVERY_RESOLUTION)
    return [h3.str_to_int(h3.cell_to_parent(cell, resolution)) for resolution in range(DELIVERY_RESOLUTION + 1)]
