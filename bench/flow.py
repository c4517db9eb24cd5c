"""Purchases: a guest's cart, order and payment; and the whole way, until the goods are handed out for a code."""

import asyncio
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable

from bench.client import Address, Caller, connected, do
from bench.data import GROCER
from bench.inside import READ_ONLY, counted
from bench.measuring import Contestant, Operation, measure, percentile
from bench.purchase import Market, always_open, sign_in
from bench.report import Report
from bench.running import main
from bench.servers import HEXMART, served
from bench.stage import Stage, environment
from schema.relay import global_id

Buy = Callable[[Caller], Awaitable[None]]

GUEST, WHOLE = "guest purchase, 3 requests", "cart to verified, 7 requests"
CLIENTS = (1, 8, 32)
SHOPS = 8
PLENTY = 100_000  #: of each variant in each shop, so that nothing sells out
PIECES = "SELECT id FROM variant WHERE tenant_id = $1 AND unit = 'PIECE' ORDER BY id LIMIT 20"
ADJUST = """mutation Adjust($input: StockAdjustInput!) {
  stockAdjust(input: $input) { stock { available } userErrors { code message } }
}"""


async def run(stage: Stage) -> Report:
    """Purchases by one, eight and thirty-two shoppers at a time."""
    report = Report("flow")
    async with connected(stage.api(GROCER), 1) as connections:
        market = await _market(stage, connections[0])
    await _measure(stage, report, GUEST, market.buy_as_guest)
    await _measure_two(stage, report, market.buy_as_guest)
    await _measure(stage, report, WHOLE, market.buy, paid_after=market.paid_after)
    return report


async def _measure(stage: Stage, report: Report, what: str, buy: Buy, paid_after: list[float] | None = None) -> None:
    """A kind of purchase with its statements and commits."""
    seen = await _counted(stage, buy)
    name, first = what.split(",", maxsplit=1)[0].replace(" ", "_"), len(report.rows)
    for clients in CLIENTS:
        async with connected(stage.api(GROCER), clients) as connections:
            buying = [_buying(buy, connection) for connection in connections]
            sample = await measure(Contestant(buying, stage.meter()), stage.seconds)
        report.add(what, sample, seen.total())
        report.facts[f"{name}_p99_ms_{clients}_clients"] = round(sample.percentile(0.99) * 1e3, 2)
        if paid_after:
            report.facts[f"paid_p50_ms_{clients}_clients"] = round(percentile(paid_after, 0.5) * 1e3, 2)
            paid_after.clear()
    report.facts[f"{name}_transactions_that_read"] = seen[READ_ONLY]
    report.facts[f"{name}_transactions_that_write"] = seen["BEGIN"]
    alone, crowd = report.rows[first], report.rows[-1]
    report.ratios[f"{name}_per_second_32_clients_over_1"] = round(crowd.per_second / alone.per_second, 2)


async def _measure_two(stage: Stage, report: Report, buy: Buy) -> None:
    """A guest's purchases at two serving processes, which have both cores: so is a shop served on such a machine."""
    seen = await _counted(stage, buy)
    async with served((*HEXMART, "--workers", "2"), environment(stage.settings), pinned=False) as (pid, port):
        for clients in CLIENTS:
            async with connected(Address(port, GROCER), clients) as connections:
                buying = [_buying(buy, connection) for connection in connections]
                await asyncio.gather(*(buy(connection) for connection in connections))  # each has its plans
                sample = await measure(Contestant(buying, stage.meter(pid)), stage.seconds)
            report.add(f"{GUEST}, 2 processes", sample, seen.total())


def _buying(buy: Buy, caller: Caller) -> Operation:
    return lambda _: buy(caller)


async def _market(stage: Stage, caller: Caller) -> Market:
    """Shops that never close, filled up."""
    shops = (await always_open(caller))[:SHOPS]
    async with stage.reading(GROCER) as work:
        variants = [global_id("ProductVariant", row["id"]) for row in await work.fetch(PIECES)]
    owner = await sign_in(caller, f"owner@{GROCER}.example")
    for shop in shops:
        for variant in variants:
            key = secrets.token_hex(8)
            wanted = {"locationId": shop, "variantId": variant, "countedTo": PLENTY}
            await do(caller, ADJUST, owner, reason="benchmark", idempotencyKey=key, **wanted)
    return Market(shops, variants, await sign_in(caller, f"manager@{GROCER}.example"))


async def _counted(stage: Stage, buy: Buy) -> Counter[str]:
    """The statements of one purchase, the second that this process makes."""
    caller = stage.within(GROCER)
    await buy(caller)
    async with counted(stage.inside.platform) as seen:
        await buy(caller)
    return seen


if __name__ == "__main__":
    main(flow=run)
