"""The whole of a purchase: cart, order, payment, and the goods handed out for a code."""

import secrets
from collections import Counter

from bench.client import Caller, connected, do
from bench.data import GROCER
from bench.inside import READ_ONLY, counted
from bench.measuring import Contestant, Operation, measure, percentile
from bench.purchase import Market, always_open, sign_in
from bench.report import Report
from bench.running import main
from bench.stage import Stage
from schema.relay import global_id

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
    seen = await _counted(stage, market)
    for clients in CLIENTS:
        async with connected(stage.api(GROCER), clients) as connections:
            buying = [_buying(market, connection) for connection in connections]
            market.paid_after.clear()
            sample = await measure(Contestant(buying, stage.meter()), stage.seconds)
        report.add("cart to verified, 7 requests", sample, seen.total())
        report.facts[f"paid_p50_ms_{clients}_clients"] = round(percentile(market.paid_after, 0.5) * 1e3, 2)
    report.facts["transactions_that_read"] = seen[READ_ONLY]
    report.facts["transactions_that_write"] = seen["BEGIN"]
    report.ratios["per_second_32_clients_over_1"] = round(report.rows[-1].per_second / report.rows[0].per_second, 2)
    return report


def _buying(market: Market, caller: Caller) -> Operation:
    return lambda _: market.buy(caller)


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


async def _counted(stage: Stage, market: Market) -> Counter[str]:
    """The statements of one purchase, the second that this process makes."""
    caller = stage.within(GROCER)
    await market.buy(caller)
    async with counted(stage.inside.platform) as seen:
        await market.buy(caller)
    return seen


if __name__ == "__main__":
    main(flow=run)
