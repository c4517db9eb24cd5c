"""Scan-and-go: shoppers in shops, each scanning one thing after another into the own cart."""

import asyncio
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import orjson

from bench.client import Caller, Unexpected, connected
from bench.data import GROCER
from bench.inside import counted
from bench.measuring import Contestant, Operation, measure
from bench.report import Report
from bench.running import main
from bench.stage import Stage
from schema.relay import global_id
from tenants import documents

CLIENTS = (1, 32, 128)
IN_A_CART = 10  #: scans until a shopper begins another cart
PASS = 37  #: barcodes between two scans of a shopper: no two carts are alike
DOCUMENT_ID = "bench-scan"
SCAN = """mutation Scan($input: CartScanInput!) { cartScan(input: $input) {
  cart { id version lines { id quantity unitPrice { amount } total { amount } variant { sku name } }
    totals { payable { amount } } }
  userErrors { code message } warnings { code } } }"""
SHOPS = "SELECT id FROM store WHERE tenant_id = $1 AND 'SCAN_AND_GO' = any(fulfilments) ORDER BY id"
BARCODES = """
SELECT barcode FROM variant v WHERE tenant_id = $1 AND unit = 'PIECE' AND (
    SELECT count(*) FROM stock s WHERE s.tenant_id = $1 AND s.variant_id = v.id AND s.location_id = any($2::uuid[])
) = cardinality($2::uuid[]) ORDER BY id LIMIT 500
"""


@dataclass(frozen=True, slots=True)
class Shelves:
    """Where there is something to scan."""

    shops: Sequence[str]
    barcodes: Sequence[str]

    def shopper(self, number: int, caller: Caller) -> Operation:
        """Somebody who scans, in one shop after another."""
        return _Shopper(self, caller, itertools.count(number * PASS)).scan


class _Shopper:
    def __init__(self, shelves: Shelves, caller: Caller, numbers: Iterator[int]) -> None:
        self._shelves = shelves
        self._caller = caller
        self._numbers = numbers
        self._shop = itertools.cycle(shelves.shops)
        self._wanted: dict[str, str] = {}
        self._scans = 0

    async def scan(self, _number: int) -> None:
        """One thing more."""
        if self._scans % IN_A_CART == 0:
            self._wanted = {"storeId": next(self._shop)}
        number = next(self._numbers) * PASS
        barcode = self._shelves.barcodes[number % len(self._shelves.barcodes)]
        asked = {"documentId": DOCUMENT_ID, "variables": {"input": self._wanted | {"barcode": barcode}}}
        answer = orjson.loads(await self._caller.post(orjson.dumps(asked)))
        cart = answer["data"]["cartScan"]["cart"]
        if cart is None or answer["data"]["cartScan"]["userErrors"]:
            raise Unexpected(answer)
        self._wanted["cartId"] = cart["id"]
        self._scans += 1


async def run(stage: Stage) -> Report:
    """Scans by one, thirty-two and a hundred and twenty-eight shoppers at a time."""
    report, shelves = Report("scan"), await _shelves(stage)
    tenant = await stage.inside.platform.registry.by_slug(GROCER)
    await documents.register(stage.inside.platform, tenant, {DOCUMENT_ID: SCAN})
    for clients in CLIENTS:
        async with connected(stage.api(GROCER), clients) as connections:
            shoppers = [shelves.shopper(number, one) for number, one in enumerate(connections)]
            sample = await measure(Contestant(shoppers, stage.meter()), stage.seconds)
        statements = await _counted(stage, shelves, clients)
        report.add("a scan", sample, round(statements / clients) if clients == 1 else None)
        report.facts[f"p99_ms_{clients}_clients"] = round(sample.percentile(0.99) * 1e3, 2)
        report.facts[f"statements_a_scan_{clients}_at_once"] = round(statements / clients, 3)
    return report


async def _shelves(stage: Stage) -> Shelves:
    async with stage.reading(GROCER) as work:
        shops = [row["id"] for row in await work.fetch(SHOPS)]
        barcodes = [row["barcode"] for row in await work.fetch(BARCODES, shops)]
    return Shelves([global_id("Store", shop) for shop in shops], barcodes)


async def _counted(stage: Stage, shelves: Shelves, clients: int) -> int:
    """The statements of so many scans that come at the same moment, each the second of its shopper."""
    shoppers = [shelves.shopper(number, stage.within(GROCER)) for number in range(clients)]
    await asyncio.gather(*(scan(0) for scan in shoppers))
    async with counted(stage.inside.platform) as seen:
        await asyncio.gather(*(scan(0) for scan in shoppers))
    return seen.total()


if __name__ == "__main__":
    main(scan=run)
