"""A brand of some thousand products, stores and orders, made by a few statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import h3

from core import clock
from core.ids import new_id
from core.stores import GeoPoint
from core.stores.places import RESOLUTIONS
from core.work import Work
from tests.leftovers import LEFTOVERS, leave
from tests.performance import bulk_messages

STORES, PRODUCTS, STOCKED, CARTS, ORDERS, MEMBERS = 3_000, 3_000, 12, 1_500, 2_000, 3_000
LEFT = 2_000  #: codes, tokens and the like, few of them over
CENTRE = GeoPoint(31.2304, 121.4737)

ADD_STORES = """
INSERT INTO store (tenant_id, id, code, name, city, address, latitude, longitude, hours, fulfilments)
SELECT $1, s.id, 'S' || s.n, 'Store ' || s.n, 'City ' || s.n % 50, 'x', s.latitude, s.longitude, '[]', '{PICKUP}'
FROM unnest($2::uuid[], $3::float8[], $4::float8[]) WITH ORDINALITY AS s(id, latitude, longitude, n)
"""
ADD_CELLS = """
INSERT INTO store_cell (tenant_id, store_id, resolution, cell)
SELECT $1, * FROM unnest($2::uuid[], $3::smallint[], $4::bigint[])
"""
ADD_AREAS = "INSERT INTO delivery_cell (tenant_id, store_id, cell) SELECT $1, * FROM unnest($2::uuid[], $3::bigint[])"
ADD_LOCATIONS = (
    "INSERT INTO location (tenant_id, id, name, kind) SELECT $1, id, name, 'STORE' FROM store WHERE tenant_id = $1"
)
ADD_CATEGORIES = """
INSERT INTO category (tenant_id, id, slug, name)
SELECT $1, gen_random_uuid(), 'c' || n, 'Category ' || n FROM generate_series(1, 300) n
"""
ADD_PRODUCTS = """
INSERT INTO product (tenant_id, id, slug, name, description, category_id, images, lowest_price, highest_price,
    created_at)
SELECT $1, p.id, 'p' || p.n, 'Product ' || p.n, 'x', c.id, '{}', 100 + p.n * 7919 % 5000, 9999, now()
FROM unnest($2::uuid[]) WITH ORDINALITY AS p(id, n)
JOIN category c ON c.tenant_id = $1 AND c.slug = 'c' || p.n % 300 + 1
"""
ADD_VARIANTS = """
INSERT INTO variant (tenant_id, id, product_id, sku, barcode, name, options, unit, priced_per, price)
SELECT $1, gen_random_uuid(), p.id, 'SKU-' || p.slug, 'EAN-' || p.slug, 'v', '[]', 'PIECE', 1, p.lowest_price
FROM product p WHERE p.tenant_id = $1
"""
ADD_RULES = """
INSERT INTO rule_version (tenant_id, version, key, store_id, value, effective_from, set_at, actor_kind, actor_name)
SELECT $1, n, 'key ' || n % 50, $2::uuid, '1', now() - interval '1 minute', now(), 'system', 'x'
FROM generate_series(1, 5000) n
"""
ADD_TERMS = """
INSERT INTO search_term (tenant_id, term, product_id, weight)
SELECT $1, t.term, p.id, 8 FROM unnest($2::uuid[]) WITH ORDINALITY AS p(id, n),
LATERAL (VALUES ('word' || p.n % 40), ('brand' || p.n % 70), ('only' || p.n), ('every')) AS t(term)
"""
ADD_SLOTS = """
INSERT INTO slot (tenant_id, starts_at, store_id, kind)
SELECT $1, now() + (n - 20) * interval '30 minutes', $2, 'PICKUP' FROM generate_series(1, 2000) n
"""
ADD_STOCK = """
INSERT INTO stock (tenant_id, location_id, variant_id, on_hand)
SELECT $1, s, v.id, 5000 FROM unnest($2::uuid[]) s, variant v WHERE v.tenant_id = $1
"""
# As many as there are goods, each of three of them; whoever orders one has a line of it.
ADD_BUNDLES = """
INSERT INTO variant (tenant_id, id, product_id, sku, barcode, name, options, unit, priced_per, price, bundle)
SELECT $1, gen_random_uuid(), p.id, 'BOX-' || p.slug, 'BOX-' || p.slug, 'b', '[]', 'PIECE', 1, p.lowest_price, true
FROM product p WHERE p.tenant_id = $1
"""
ADD_COMPONENTS = """
WITH goods AS (
    SELECT id, row_number() OVER (ORDER BY sku) AS n FROM variant WHERE tenant_id = $1 AND NOT bundle
), boxes AS (
    SELECT id, row_number() OVER (ORDER BY sku) AS n FROM variant WHERE tenant_id = $1 AND bundle
)
INSERT INTO bundle_component (tenant_id, bundle_id, variant_id, quantity, position)
SELECT $1, b.id, g.id, 2, k FROM boxes b CROSS JOIN generate_series(0, 2) k
JOIN goods g ON g.n = (b.n + k) % (SELECT count(*) FROM goods) + 1
"""
ADD_PARTS = """
INSERT INTO sales_order_line_part (tenant_id, order_line_id, variant_id, quantity, position)
SELECT $1, l.id, v, 1, 0 FROM sales_order_line l, unnest($2::uuid[]) v WHERE l.tenant_id = $1 AND l.position = 1
"""
ADD_LOW = """
INSERT INTO low_stock (tenant_id, location_id, variant_id, since)
SELECT $1, location_id, variant_id, now() FROM stock WHERE tenant_id = $1
"""
ADD_SHELVES = """
INSERT INTO shelf (tenant_id, store_id, variant_id, price)
SELECT $1, s, v.id, v.price - 1 FROM unnest($2::uuid[]) s, variant v WHERE v.tenant_id = $1
"""
ADD_CARTS = """
INSERT INTO cart (tenant_id, id, store_id, fulfilment, created_at, expires_at)
SELECT $1, c, $3, 'PICKUP', now(), now() + interval '9 days' FROM unnest($2::uuid[]) c
"""
ADD_CART_LINES = """
INSERT INTO cart_line (tenant_id, id, cart_id, variant_id, quantity)
SELECT $1, gen_random_uuid(), c.id, v, 1 FROM cart c, unnest($2::uuid[]) v WHERE c.tenant_id = $1
"""
ADD_CART_CODES = """
INSERT INTO cart_code (tenant_id, cart_id, code, plugin, label, added_at)
SELECT $1, c.id, 'CODE' || n, 'x', 'x', now() FROM cart c, generate_series(1, 3) n WHERE c.tenant_id = $1
"""
ADD_ORDERS = """
INSERT INTO sales_order (tenant_id, id, number, store_id, kind, status, payment_status, currency, items, discounts,
    delivery, points, payable, reserved_until, placed_at)
SELECT $1, o.id, 'N' || o.n, $3, 'PICKUP',
    CASE o.n % 20 WHEN 0 THEN 'PENDING_PAYMENT' WHEN 1 THEN 'COMPLETED' ELSE 'PAID' END, 'CAPTURED',
    'CNY', 3, 0, 0, 0, 3, CASE o.n % 20 WHEN 0 THEN now() + interval '1 min' * (o.n - 60) END, now()
FROM unnest($2::uuid[]) WITH ORDINALITY AS o(id, n)
"""
ADD_ORDER_LINES = """
INSERT INTO sales_order_line (tenant_id, id, order_id, variant_id, quantity, unit_price, total, paid, position)
SELECT $1, gen_random_uuid(), o.id, v.id, 1, 1, 1, 1, v.n
FROM sales_order o, unnest($2::uuid[]) WITH ORDINALITY AS v(id, n) WHERE o.tenant_id = $1
"""
ADD_EVENTS = """
INSERT INTO order_event (tenant_id, id, order_id, name, actor, at)
SELECT $1, gen_random_uuid(), o.id, 'placed', 'guest', now() FROM sales_order o WHERE o.tenant_id = $1
"""
ADD_RESERVATIONS = """
INSERT INTO reservation (tenant_id, order_id, location_id, variant_id, quantity, state)
SELECT $1, o.id, o.store_id, $2, 1,
    CASE o.status WHEN 'PENDING_PAYMENT' THEN 'OPEN' WHEN 'PAID' THEN 'CLAIMED' ELSE 'CONSUMED' END
FROM sales_order o WHERE o.tenant_id = $1
"""
HOLD = """
UPDATE stock s SET reserved = (SELECT count(*) FROM reservation r WHERE r.tenant_id = $1 AND r.state <> 'CONSUMED')
FROM reservation r WHERE r.tenant_id = $1 AND s.tenant_id = $1 AND s.location_id = r.location_id
AND s.variant_id = r.variant_id
"""
ADD_KEYS = """
INSERT INTO idempotency_key (tenant_id, operation, caller, key, request_hash, result, created_at)
SELECT $1, 'orderPlace', 'guest:' || o.id, 'k', 'x', o.id, now() FROM sales_order o WHERE o.tenant_id = $1
"""
ADD_OUTBOX = """
INSERT INTO outbox (tenant_id, id, name, payload, actor, at, dispatched_at)
SELECT $1, o.id, 'orders.OrderPlaced', '{}', 'guest', now(), now() FROM sales_order o WHERE o.tenant_id = $1
"""
ADD_DELIVERIES = """
INSERT INTO delivery (tenant_id, event_id, subscriber, id, due_at, done_at)
SELECT $1, o.id, 'x', gen_random_uuid(), now(), now() FROM sales_order o WHERE o.tenant_id = $1
"""
ADD_FULFILMENTS = """
INSERT INTO fulfilment (tenant_id, id, order_id, store_id, kind, status, accept_by)
SELECT $1, gen_random_uuid(), o.id, o.store_id, 'PICKUP', CASE o.status WHEN 'COMPLETED' THEN 'WAITING' ELSE 'DONE' END,
    now() FROM sales_order o WHERE o.tenant_id = $1
"""
ADD_HANDED_ON = """
INSERT INTO order_store (tenant_id, store_id, order_id)
SELECT $1, s.id, o.id
FROM unnest($2::uuid[]) WITH ORDINALITY AS o(id, n) JOIN unnest($3::uuid[]) WITH ORDINALITY AS s(id, n)
    ON s.n = 1 + o.n % 40
"""
#: most are over; of those that are not few are overdue
ADD_RETURNS = """
INSERT INTO sales_return (tenant_id, id, order_id, store_id, kind, status, reason, at_fault, requested_at, due_at,
    moved_by)
SELECT $1, r.id, o.id, s.id, 'RETURN', CASE o.n % 10 WHEN 0 THEN 'APPROVED' ELSE 'COMPLETED' END, 'OTHER', false, now(),
    CASE o.n % 10 WHEN 0 THEN now() + interval '1 min' * (o.n - 60) END, 'x'
FROM unnest($2::uuid[]) WITH ORDINALITY AS o(id, n) JOIN unnest($3::uuid[]) WITH ORDINALITY AS r(id, n) ON r.n = o.n
JOIN unnest($4::uuid[]) WITH ORDINALITY AS s(id, n) ON s.n = 1 + o.n % 40
"""
ADD_RETURN_LINES = """
INSERT INTO sales_return_line (tenant_id, return_id, order_line_id, quantity)
SELECT $1, r.id, l.id, 1 FROM sales_return r JOIN sales_order_line l ON l.tenant_id = $1 AND l.order_id = r.order_id
WHERE r.tenant_id = $1
"""
ON_ITS_WAY = """
UPDATE fulfilment f SET status = 'DISPATCHED', complete_by = now() + interval '1 day' FROM sales_order o
WHERE f.tenant_id = $1 AND o.tenant_id = $1 AND o.id = f.order_id AND o.status = 'PENDING_PAYMENT'
"""
ADD_PAYMENTS = """
INSERT INTO payment (tenant_id, id, order_id, provider, amount, currency, status, started_at)
SELECT $1, gen_random_uuid(), o.id, 'sandbox', 3, 'CNY', 'CAPTURED', now() FROM sales_order o WHERE o.tenant_id = $1
"""
ADD_MEMBERS = """
INSERT INTO member (tenant_id, id, phone, phone_index, joined_at)
SELECT $1, m.id, 'x', int8send(m.n), now() FROM unnest($2::uuid[]) WITH ORDINALITY AS m(id, n)
"""
ADD_KNOWN = """
INSERT INTO member_store (tenant_id, store_id, member_id)
SELECT $1, s.id, m.id
FROM unnest($2::uuid[]) WITH ORDINALITY AS s(id, n), unnest($3::uuid[]) WITH ORDINALITY AS m(id, n)
WHERE m.n % 5 = s.n % 5
"""
ADD_TOKENS = """
INSERT INTO refresh_token (tenant_id, token_hash, family, subject_kind, subject_id, issued_at, expires_at, provider_id)
SELECT $1, uuid_send(m.id), m.id, 'member', m.id, now(), now() + interval '30 days', CASE WHEN m.n % 9 = 0 THEN m.id END
FROM unnest($2::uuid[]) WITH ORDINALITY AS m(id, n)
"""
ADD_AUDIT = """
INSERT INTO audit_entry (tenant_id, id, at, actor_kind, actor_id, actor_name, address, request_id, action,
    subject_type, subject_id, store_id)
SELECT $1, o.id, now(), 'staff', (SELECT id FROM staff WHERE tenant_id = $1 LIMIT 1), '', '', '',
    CASE o.n % 100 WHEN 0 THEN 'stock.adjusted' ELSE 'orders.accepted' END, 'Order', o.id, s.id
FROM unnest($2::uuid[]) WITH ORDINALITY AS o(id, n) JOIN unnest($3::uuid[]) WITH ORDINALITY AS s(id, n) ON s.n = o.n
"""
SOME_VARIANTS = "SELECT id FROM variant WHERE tenant_id = $1 AND bundle = $2 ORDER BY sku LIMIT 50"
SOME_LINES = "SELECT id FROM sales_order_line WHERE tenant_id = $1 AND position = 1 LIMIT 50"


@dataclass(frozen=True)
class Bulk:
    """Some of what was made."""

    stores: Sequence[UUID]
    products: Sequence[UUID]
    variants: Sequence[UUID]  #: 50 of them
    carts: Sequence[UUID]
    orders: Sequence[UUID]
    members: Sequence[UUID]
    bundles: Sequence[UUID]  #: 50 of them
    lines: Sequence[UUID]  #: of orders, 50 of them
    returns: Sequence[UUID]


async def fill(work: Work) -> Bulk:
    """Fill a brand."""
    stores, products = [new_id() for _ in range(STORES)], [new_id() for _ in range(PRODUCTS)]
    carts, orders = [new_id() for _ in range(CARTS)], [new_id() for _ in range(ORDERS)]
    await _add_stores(work, stores)
    await work.execute(ADD_RULES, stores[0])
    await work.execute(ADD_CATEGORIES)
    await work.execute(ADD_PRODUCTS, products)
    await work.execute(ADD_VARIANTS)
    await work.execute(ADD_TERMS, products)
    await work.execute(ADD_STOCK, stores[:STOCKED])
    await work.execute(ADD_LOW)
    await work.execute(ADD_SHELVES, stores[:2])
    variants = [row["id"] for row in await work.fetch(SOME_VARIANTS, False)]
    await work.execute(ADD_BUNDLES)
    await work.execute(ADD_COMPONENTS)
    bundles = [row["id"] for row in await work.fetch(SOME_VARIANTS, True)]
    await work.execute(ADD_CARTS, carts, stores[0])
    await work.execute(ADD_CART_LINES, [*variants[:3], bundles[0]])
    await work.execute(ADD_CART_CODES)
    await work.execute(ADD_ORDERS, orders, stores[0])
    await work.execute(ADD_ORDER_LINES, variants[:3])
    await work.execute(ADD_PARTS, variants[:2])
    lines = [row["id"] for row in await work.fetch(SOME_LINES)]
    await work.execute(ADD_RESERVATIONS, variants[0])
    for statement in (HOLD, ADD_EVENTS, ADD_KEYS, ADD_OUTBOX, ADD_DELIVERIES, ADD_FULFILMENTS, ADD_PAYMENTS):
        await work.execute(statement)
    await work.execute(ADD_HANDED_ON, orders, stores[:40])
    returns = await _add_returns(work, orders, stores[:40])
    await work.execute(ADD_SLOTS, stores[0])
    members = [new_id() for _ in range(MEMBERS)]
    await work.execute(ADD_MEMBERS, members)
    await work.execute(ADD_KNOWN, stores[:20], members)
    for statement in (*bulk_messages.ADD, ADD_TOKENS):
        await work.execute(statement, members)
    await work.execute(ADD_AUDIT, orders, stores[:ORDERS])
    now = clock.now()
    await leave(work, list(LEFTOVERS), [now + timedelta(minutes=number - 20) for number in range(LEFT)])
    return Bulk(stores, products, variants, carts, orders, members, bundles, lines, returns)


async def _add_returns(work: Work, orders: Sequence[UUID], stores: Sequence[UUID]) -> list[UUID]:
    ids = [new_id() for _ in orders]
    await work.execute(ADD_RETURNS, orders, ids, stores)
    await work.execute(ADD_RETURN_LINES)
    await work.execute(ON_ITS_WAY)
    return ids


async def _add_stores(work: Work, ids: Sequence[UUID]) -> None:
    """Stores on a grid with 40 in a row, some 500 m apart, each delivering around itself."""
    steps = [divmod(number, 40) for number in range(len(ids))]
    points = [GeoPoint(CENTRE.latitude + row / 200, CENTRE.longitude + column / 200) for row, column in steps]
    await work.execute(ADD_STORES, ids, [p.latitude for p in points], [p.longitude for p in points])
    cells = [(key, r, point.cell(r)) for key, point in zip(ids, points, strict=True) for r in RESOLUTIONS]
    await work.execute(ADD_CELLS, *(list(column) for column in zip(*cells, strict=True)))
    around = [
        (key, h3.str_to_int(cell))
        for key, point in zip(ids, points, strict=True)
        for cell in h3.grid_disk(h3.latlng_to_cell(point.latitude, point.longitude, 9), 1)
    ]
    await work.execute(ADD_AREAS, *(list(column) for column in zip(*around, strict=True)))
    await work.execute(ADD_LOCATIONS)
