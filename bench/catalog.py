"""A list of products and a product's page, and the list once more by hand."""

import itertools
from collections.abc import Sequence
from uuid import UUID

import orjson

from bench.baseline import APPLICATION
from bench.client import Address, Connection, Unexpected, connected, request
from bench.data import GROCER
from bench.machine import driver_url
from bench.measuring import Contestant, compare, measure
from bench.reads import CLIENTS, asking
from bench.report import Report
from bench.running import main
from bench.servers import BASELINE, served
from bench.stage import Stage
from schema.relay import global_id

LIST = """query List($store: ID!) {
  products(first: 20) {
    nodes {
      id slug name images rating
      variants { id sku name unit price(storeId: $store) { amount currency } stock(storeId: $store) { available } }
    }
    pageInfo { hasNextPage }
  }
}"""
PAGE = """query Page($slug: String!, $store: ID!) {
  product(slug: $slug) {
    id slug name description images rating category { id slug name }
    variants {
      id sku barcode name options { name value } unit pricedPer price(storeId: $store) { amount currency }
      listPrice(storeId: $store) { amount } stock(storeId: $store) { available } placement(storeId: $store)
    }
  }
}"""
STORES = "SELECT id FROM store WHERE tenant_id = $1 AND active ORDER BY code LIMIT 24"
SLUGS = "SELECT slug FROM product WHERE tenant_id = $1 AND published ORDER BY id LIMIT 500"


async def run(stage: Stage) -> Report:
    """Measure both, at one client and at sixteen."""
    async with stage.reading(GROCER) as work:
        tenant_id = work.tenant_id
        stores: list[UUID] = [row["id"] for row in await work.fetch(STORES)]
        slugs: list[str] = [row["slug"] for row in await work.fetch(SLUGS)]
    shops = [global_id("Store", store) for store in stores]
    lists = [request(LIST, store=shop) for shop in shops]
    pages = [request(PAGE, slug=slug, store=shop) for slug, shop in zip(slugs, itertools.cycle(shops), strict=False)]
    report = Report("catalog")
    environment = {"BENCH_DATABASE_URL": driver_url(stage.databases.app), "BENCH_TENANT": str(tenant_id)}
    async with served(BASELINE, environment) as (pid, port):
        for clients in CLIENTS:
            await _lists(stage, report, lists, clients, (pid, port))
    for clients in CLIENTS:
        async with connected(stage.api(GROCER), clients) as connections:
            sample = await measure(Contestant(asking(connections, pages), stage.meter()), stage.seconds)
        report.add("product page", sample, await stage.statements(GROCER, pages[0]))
    return report


async def _lists(
    stage: Stage, report: Report, bodies: Sequence[bytes], clients: int, baseline: tuple[int, int]
) -> None:
    """The same list from the API and by hand, in turns."""
    pid, port = baseline
    by_hand = Address(port, GROCER)
    async with connected(stage.api(GROCER), clients) as ours, connected(by_hand, clients) as theirs:
        await _agree(ours[0], theirs[0], bodies)
        ours_sample, theirs_sample = await compare(
            [
                Contestant(asking(ours, bodies), stage.meter()),
                Contestant(asking(theirs, bodies), stage.meter(pid, APPLICATION)),
            ],
            stage.seconds,
        )
    report.add("list of 20 products", ours_sample, await stage.statements(GROCER, bodies[0]))
    report.add("the same list by hand", theirs_sample, 5)
    name = f"list_over_by_hand_{clients}_clients"
    report.ratios[f"{name}_cpu"] = round(ours_sample.cpu / theirs_sample.cpu, 2)
    report.ratios[f"{name}_p50"] = round(ours_sample.percentile(0.5) / theirs_sample.percentile(0.5), 2)


async def _agree(ours: Connection, theirs: Connection, bodies: Sequence[bytes]) -> None:
    """Only what gives the same answer can be compared."""
    for body in bodies:
        if orjson.loads(await ours.post(body)) != orjson.loads(await theirs.post(body)):
            raise Unexpected("the API and bench/baseline.py give different lists")


if __name__ == "__main__":
    main(catalog=run)
