"""A list of products and a product's page."""

import itertools
from uuid import UUID

from bench.client import connected, request
from bench.data import GROCER
from bench.measuring import Contestant, measure
from bench.reads import CLIENTS, asking
from bench.report import Report
from bench.running import main
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
        stores: list[UUID] = [row["id"] for row in await work.fetch(STORES)]
        slugs: list[str] = [row["slug"] for row in await work.fetch(SLUGS)]
    shops = [global_id("Store", store) for store in stores]
    lists = [request(LIST, store=shop) for shop in shops]
    pages = [request(PAGE, slug=slug, store=shop) for slug, shop in zip(slugs, itertools.cycle(shops), strict=False)]
    report = Report("catalog")
    for clients in CLIENTS:
        async with connected(stage.api(GROCER), clients) as connections:
            sample = await measure(Contestant(asking(connections, lists), stage.meter()), stage.seconds)
        report.add("list of 20 products", sample, await stage.statements(GROCER, lists[0]))
    for clients in CLIENTS:
        async with connected(stage.api(GROCER), clients) as connections:
            sample = await measure(Contestant(asking(connections, pages), stage.meter()), stage.seconds)
        report.add("product page", sample, await stage.statements(GROCER, pages[0]))
    return report


if __name__ == "__main__":
    main(catalog=run)
