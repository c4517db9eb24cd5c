"""Stores near a shopper among ten thousand; and the search itself against a look at every store."""

from random import Random

from bench.client import Unexpected, connected, request
from bench.data import CHAIN
from bench.measuring import Contestant, Operation, compare, measure
from bench.reads import CLIENTS, asking
from bench.report import Report
from bench.running import main
from bench.stage import Stage
from core import stores
from core.stores import GeoPoint, StoreRow
from core.stores.queries import COLUMNS, ENOUGH
from schema.relay import global_id

NEAR = """query Near($input: StoresNearInput!) {
  storesNear(input: $input) {
    store { id code name address openNow location { latitude longitude } }
    distanceMeters open delivers hasAllItems readyInMinutes score
  }
}"""
RADIUS = 3_000
CHECKED = 8  #: one point in so many is searched both ways first
PLACES = "SELECT latitude, longitude FROM store WHERE tenant_id = $1 ORDER BY code"
ITEMS = "SELECT id FROM variant WHERE tenant_id = $1 ORDER BY id LIMIT 60"

SCAN = f"""
SELECT * FROM (
    SELECT {COLUMNS}, 2 * 6371008.8 * asin(sqrt(
        sin(radians(s.latitude - $3) / 2) ^ 2
        + cos(radians($3)) * cos(radians(s.latitude)) * sin(radians(s.longitude - $4) / 2) ^ 2
    )) AS away
    FROM store s WHERE s.tenant_id = $1 AND s.active
) AS every WHERE away <= $5 ORDER BY away, code LIMIT $6
"""


async def run(stage: Stage) -> Report:
    """The query over HTTP, then the two ways to search."""
    report = Report("near")
    points = await _points(stage)
    bodies = await _bodies(stage, points)
    statements = await stage.statements(CHAIN, bodies[0])
    for clients in CLIENTS:
        async with connected(stage.api(CHAIN), clients) as connections:
            sample = await measure(Contestant(asking(connections, bodies), stage.meter()), stage.seconds)
        report.add("storesNear among 10,000 stores", sample, statements)
    await _compare_searches(stage, report, points)
    return report


async def _points(stage: Stage) -> list[GeoPoint]:
    """Where shoppers are: within a kilometre or so of some store."""
    chance = Random(1)
    async with stage.reading(CHAIN) as work:
        places = await work.fetch(PLACES)
    return [
        GeoPoint(row["latitude"] + chance.gauss(0, 0.005), row["longitude"] + chance.gauss(0, 0.005))
        for row in chance.sample(places, 400)
    ]


async def _bodies(stage: Stage, points: list[GeoPoint]) -> list[bytes]:
    chance = Random(2)
    async with stage.reading(CHAIN) as work:
        variants = [global_id("ProductVariant", row["id"]) for row in await work.fetch(ITEMS)]
    return [
        request(
            NEAR,
            input={
                "location": {"latitude": point.latitude, "longitude": point.longitude},
                "radiusMeters": RADIUS,
                "items": [{"variantId": one, "quantity": 1} for one in chance.sample(variants, 2)],
                "first": 10,
            },
        )
        for point in points
    ]


async def _compare_searches(stage: Stage, report: Report, points: list[GeoPoint]) -> None:
    """By cells of H3 and by a look at every row, in this process, each in a transaction of its own."""

    async def by_cells(number: int) -> list[StoreRow]:
        async with stage.reading(CHAIN) as work:
            return [store for store, _ in await stores.near(work, points[number % len(points)], RADIUS)]

    async def by_scan(number: int) -> list[StoreRow]:
        point = points[number % len(points)]
        async with stage.reading(CHAIN) as work:
            rows = await work.fetch(SCAN, work.language, point.latitude, point.longitude, float(RADIUS), ENOUGH)
            return [StoreRow(*list(row)[:-1]) for row in rows]

    found = [_agreed(await by_cells(number), await by_scan(number)) for number in range(0, len(points), CHECKED)]
    report.facts["stores_found_on_average"] = sum(found) / len(found)
    ways: list[list[Operation]] = [[by_cells], [by_scan]]
    cells, scan = await compare([Contestant(way, stage.own_meter()) for way in ways], stage.seconds)
    report.add("the search by cells, in process", cells)
    report.add("the search by scan, in process", scan)
    report.ratios["scan_over_cells_p50"] = round(scan.percentile(0.5) / cells.percentile(0.5), 2)
    report.ratios["scan_over_cells_cpu"] = round(scan.cpu / cells.cpu, 2)


def _agreed(by_cells: list[StoreRow], by_scan: list[StoreRow]) -> int:
    """How many were found; the nearest ten must be the same, in the same order."""
    if [store.id for store in by_cells[:10]] != [store.id for store in by_scan[:10]]:
        raise Unexpected("the two searches find different stores")
    return len(by_cells)


if __name__ == "__main__":
    main(near=run)
