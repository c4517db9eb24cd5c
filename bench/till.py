"""What tills have sold while the line was cut, told by the hundred: sales a second, and what one costs."""

import itertools
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.client import Caller, Unexpected, connected, do
from bench.data import GROCER
from bench.inside import counted
from bench.measuring import Contestant, Operation, measure
from bench.purchase import sign_in
from bench.report import Report
from bench.running import main
from bench.stage import Stage
from core import clock
from schema.relay import global_id

CLIENTS = (1, 4)
BATCHES = (1, 50, 200)
RECORD = """mutation Record($input: PosSalesRecordInput!) { posSalesRecord(input: $input) {
  results { externalReference repeated order { id number } userErrors { code message } conflicts { kind } }
  userErrors { code message } } }"""
SHOPS = "SELECT id FROM store WHERE tenant_id = $1 ORDER BY id LIMIT 24"
GOODS = """
SELECT barcode FROM variant
WHERE tenant_id = $1 AND barcode IS NOT NULL AND NOT bundle AND unit = 'PIECE' AND priced_per = 1 ORDER BY id LIMIT 500
"""


@dataclass(slots=True)
class Tills:
    """Tills of some stores, each sale of two things at the same price."""

    shops: Sequence[str]
    barcodes: Sequence[str]
    token: str
    mark: str = field(default_factory=lambda: secrets.token_hex(6))
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def telling(self, caller: Caller, size: int) -> Operation:
        """Somebody who tells so many sales at once, of one store after another."""

        async def tell(_: int) -> None:
            first = next(self.numbers)
            sales = [self._sale(next(self.numbers)) for _ in range(size)]
            shop = self.shops[first % len(self.shops)]
            told = await do(caller, RECORD, self.token, storeId=shop, sales=sales)
            if any(one["order"] is None for one in told["results"]):
                raise Unexpected(told)

        return tell

    def _sale(self, number: int) -> dict[str, Any]:
        chosen = (self.barcodes[(2 * number + more) % len(self.barcodes)] for more in (0, 1))
        lines = [{"barcode": barcode, "quantity": 1, "unitPrice": "10.00"} for barcode in chosen]
        reference = f"{self.mark}-{number}"
        return {"externalReference": reference, "soldAt": clock.now().isoformat(), "lines": lines, "paid": "20.00"}


async def run(stage: Stage) -> Report:
    """Batches of one, fifty and two hundred sales, by one till and by four at a time."""
    report, tills = Report("till"), await _tills(stage)
    for size in BATCHES:
        for clients in CLIENTS:
            async with connected(stage.api(GROCER), clients) as connections:
                operations = [tills.telling(one, size) for one in connections]
                sample = await measure(Contestant(operations, stage.meter()), stage.seconds)
            statements = await _counted(stage, tills, size) if clients == 1 else None
            report.add(f"a batch of {size}", sample, statements)
            report.facts[f"sales_per_second_{size}_by_{clients}"] = round(sample.per_second * size, 1)
    return report


async def _tills(stage: Stage) -> Tills:
    async with stage.reading(GROCER) as work:
        shops = [row["id"] for row in await work.fetch(SHOPS)]
        barcodes = [row["barcode"] for row in await work.fetch(GOODS)]
    async with connected(stage.api(GROCER), 1) as (caller,):
        token = await sign_in(caller, f"owner@{GROCER}.example")
    return Tills([global_id("Store", shop) for shop in shops], barcodes, token)


async def _counted(stage: Stage, tills: Tills, size: int) -> int:
    async with counted(stage.inside.platform) as seen:
        await tills.telling(stage.within(GROCER), size)(0)
    return seen.total()


if __name__ == "__main__":
    main(till=run)
