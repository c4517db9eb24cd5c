"""How long it takes to prove the books of a large brand: `python -m bench.audit` takes some minutes."""

import asyncio
from time import perf_counter

import asyncpg
import orjson
import uvloop

from bench.data import HOME
from bench.machine import driver_url
from core.actors import system
from core.errors import Invalid
from hexmart.assembly import assemble
from hexmart.auditing import Report, audit
from hexmart.databases import Databases, available, migrate
from hexmart.settings import Settings
from tenants import NewTenant, Platform, Tenant, create

STORES, VARIANTS, ORDERS = 1_000, 1_000, 100_000
SLOWEST = 5  #: invariants that are named
PLANTED = "UPDATE stock SET reserved = reserved + 1 WHERE tenant_id = $1 AND reserved > 0"

#: rows that belong together, written past the foreign keys: what they refer to is read by no invariant
ROWS = """
CREATE FUNCTION pg_temp.key(kind integer, number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE
    RETURN (lpad(to_hex(kind), 8, '0') || lpad(to_hex(number), 24, '0'))::uuid;
SET session_replication_role = replica;
INSERT INTO stock (tenant_id, location_id, variant_id, on_hand)
SELECT {tenant}, pg_temp.key(1, s), pg_temp.key(2, v), 100
FROM generate_series(1, {stores}) s, generate_series(1, {variants}) v;
INSERT INTO stock_movement (tenant_id, id, location_id, variant_id, delta, reason, actor, at)
SELECT tenant_id, gen_random_uuid(), location_id, variant_id, on_hand, 'OPENING', 'bench', app_now() FROM stock
WHERE tenant_id = {tenant};
CREATE TEMP TABLE sold AS SELECT n, pg_temp.key(3, n) AS id, pg_temp.key(1, 1 + n % {stores}) AS store_id,
    pg_temp.key(2, 1 + n / {stores} % {variants}) AS variant_id FROM generate_series(1, {orders}) n;
INSERT INTO sales_order (tenant_id, id, number, store_id, cart_id, kind, status, payment_status, currency, items,
    discounts, delivery, points, payable, placed_at)
SELECT {tenant}, id, n::text, store_id, id, 'PICKUP', 'PAID', 'CAPTURED', 'CNY', 3000, 0, 0, 0, 3000, app_now()
FROM sold;
INSERT INTO sales_order_line (tenant_id, id, order_id, variant_id, quantity, unit_price, total, paid, position)
SELECT {tenant}, pg_temp.key(4 + p, n), id, variant_id, 1, 1500, 1500, 1500, p FROM sold, generate_series(0, 1) p;
INSERT INTO reservation (tenant_id, order_id, location_id, variant_id, quantity, state)
SELECT {tenant}, id, store_id, variant_id, 2, 'CLAIMED' FROM sold;
UPDATE stock s SET reserved = r.held FROM (SELECT location_id, variant_id, sum(quantity) AS held FROM reservation
    WHERE tenant_id = {tenant} GROUP BY 1, 2) r
WHERE s.tenant_id = {tenant} AND s.location_id = r.location_id AND s.variant_id = r.variant_id;
INSERT INTO payment (tenant_id, id, order_id, provider, amount, currency, status, provider_reference, started_at,
    captured_at)
SELECT {tenant}, id, id, 'sandbox', 3000, 'CNY', 'CAPTURED', n::text, app_now(), app_now() FROM sold;
INSERT INTO fulfilment (tenant_id, id, order_id, store_id, kind, status)
SELECT {tenant}, id, id, store_id, 'PICKUP', 'WAITING' FROM sold;
INSERT INTO fulfilment_line (tenant_id, fulfilment_id, order_line_id, quantity)
SELECT {tenant}, id, pg_temp.key(4 + p, n), 1 FROM sold, generate_series(0, 1) p;
INSERT INTO order_event (tenant_id, id, order_id, name, actor, at)
SELECT {tenant}, gen_random_uuid(), id, name, 'guest', app_now() FROM sold, unnest('{{placed,paid}}'::text[]) AS name;
INSERT INTO outbox (tenant_id, id, name, payload, actor, at, dispatched_at)
SELECT {tenant}, gen_random_uuid(), name, jsonb_build_object('order_id', id, 'store_id', store_id), 'guest', app_now(),
    app_now()
FROM sold, unnest('{{orders.OrderPlaced,orders.OrderPaid}}'::text[]) AS name;
INSERT INTO delivery (tenant_id, event_id, subscriber, id, due_at, done_at)
SELECT tenant_id, id, 'bench.hear', gen_random_uuid(), app_now(), app_now() FROM outbox WHERE tenant_id = {tenant};
INSERT INTO idempotency_key (tenant_id, operation, caller, key, request_hash, result, created_at)
SELECT {tenant}, 'orderPlace', 'guest', n::text, sha256('x'), id, app_now() FROM sold;
SET session_replication_role = origin;
ANALYZE;
"""


async def _brand(platform: Platform, databases: Databases) -> Tenant:
    """The brand with its rows; they are written once."""
    try:
        brand = await create(platform, NewTenant("books", "Books", "owner@books.example"), system("bench"))
    except Invalid:
        return await platform.registry.by_slug("books")
    connection = await asyncpg.connect(driver_url(databases.owner))
    sizes = {"tenant": brand.id, "stores": STORES, "variants": VARIANTS, "orders": ORDERS}
    await connection.execute(ROWS.format(**sizes))
    await connection.close()
    return brand


async def _proven(platform: Platform, brand: Tenant, *, repair: bool = False) -> tuple[float, Report]:
    began = perf_counter()
    report = await audit(platform, [brand], repair=repair, watch=lambda _: None)
    return round(perf_counter() - began, 2), report


async def _each(platform: Platform, brand: Tenant) -> dict[str, float]:
    """Seconds of the slowest invariants."""
    took = {}
    async with platform.open_work(brand, system("bench"), read_only=True) as work:
        for one in work.hooks.invariants:
            began = perf_counter()
            await work.fetch(one.broken)
            took[one.key] = round(perf_counter() - began, 2)
    return dict(sorted(took.items(), key=lambda pair: -pair[1])[:SLOWEST])


async def _run(databases: Databases, settings: Settings) -> dict[str, object]:
    await migrate(databases.owner)
    platform = assemble(databases, settings)
    brand = await _brand(platform, databases)
    proving, report = await _proven(platform, brand)
    assert not report.broken, report.broken
    print(f"{report.summary} in {proving} s")
    slowest = await _each(platform, brand)
    print(f"the slowest: {slowest}")
    async with platform.open_work(brand, system("bench")) as work:
        wrong = await work.execute(PLANTED)
    mending, report = await _proven(platform, brand, repair=True)
    assert not report.broken, report.broken
    print(f"{wrong} rows of stock found, mended and proven again in {mending} s")
    await platform.close()
    return {"rows": report.rows, "proving": proving, "slowest": slowest, "wrong": wrong, "mending": mending}


def main() -> None:
    """On a database of its own, or on that of HEXMART_DATABASE_URL."""
    settings = Settings(home=HOME / "audit", demo=True)
    with available(settings) as databases, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        figures = runner.run(_run(databases, settings))
    print(orjson.dumps(figures).decode())


if __name__ == "__main__":
    main()
