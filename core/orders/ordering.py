"""Writing orders down: set-based, for one as for a hundred."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from core import clock, members
from core.ids import new_id, new_reference
from core.orders.checkout import Hold
from core.orders.formerly import remember
from core.orders.holding import write_holds
from core.orders.queries import WRITTEN
from core.orders.rows import OrderRow
from core.orders.steps import write_steps
from core.pricing import Step, Totals
from core.work import Work

# The lock ends by the database's clock: it must not depend on which process placed the order.
ORDERS = f"""
INSERT INTO sales_order (tenant_id, id, number, cart_id, store_id, member_id, kind, status, payment_status,
    contact, address, slot_start, note, currency, items, discounts, fees, delivery, points, payable, held,
    also_at, other_store, reserved_until, external_reference, placed_at)
SELECT $1, n.id, n.number, n.cart_id, n.store_id, n.member_id, n.kind, n.status, n.payment_status, n.contact,
    n.address, n.slot_start, n.note, n.currency, n.items, n.discounts, n.fees, n.delivery, n.points, n.payable, n.held,
    n.also_at::uuid[], n.other_store, app_now() + make_interval(mins => n.lock_minutes), n.external_reference,
    n.placed_at
FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::text[],
    $10::bytea[], $11::bytea[], $12::timestamptz[], $13::text[], $14::text[], $15::bigint[], $16::bigint[],
    $17::bigint[], $18::bigint[], $19::bigint[], $20::bigint[], $21::boolean[], $22::text[], $23::boolean[],
    $24::integer[], $25::text[], $26::timestamptz[])
    AS n(id, number, cart_id, store_id, member_id, kind, status, payment_status, contact, address, slot_start, note,
    currency, items, discounts, fees, delivery, points, payable, held, also_at, other_store, lock_minutes,
    external_reference, placed_at)
RETURNING {WRITTEN}
"""
LINES = """
INSERT INTO sales_order_line (tenant_id, id, order_id, variant_id, store_id, quantity, unit_price, total, paid,
    position)
SELECT $1, * FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::bigint[], $7::bigint[], $8::bigint[],
    $9::bigint[], $10::integer[])
"""
PARTS = """
INSERT INTO sales_order_line_part (tenant_id, order_line_id, variant_id, quantity, position)
SELECT $1, * FROM unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::integer[])
"""


@dataclass(frozen=True, slots=True)
class SaleLine:
    variant_id: UUID
    quantity: int
    unit_price: int  #: minor units, for the variant's `priced_per`
    total: int
    paid: int  #: what of the total is paid, fees among it, so that refunds of parts add up
    parts: Mapping[UUID, int] = field(default_factory=dict)  #: how many of what a bundle is made of
    store_id: UUID | None = None  #: that gives it, where that is not the order's
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Sale:
    """Everything there is to write about a new order."""

    id: UUID
    store_id: UUID
    kind: str
    status: str
    payment_status: str
    totals: Totals
    lines: Sequence[SaleLine]
    placed_at: datetime
    cart_id: UUID | None = None
    member_id: UUID | None = None
    contact: bytes | None = None
    address: bytes | None = None
    slot_start: datetime | None = None
    note: str | None = None
    other_store: bool = False  #: whether its buyer collects it at another store too
    lock_minutes: int | None = None  #: how long an unpaid order keeps its stock
    external_reference: str | None = None
    steps: Sequence[Step] = ()  #: how its price came about; their lines are the order's own
    holds: Sequence[tuple[str, Hold]] = ()  #: by plugin
    number: str = field(default_factory=lambda: f"{clock.now():%y%m%d}{new_reference(8)}")

    @property
    def also_at(self) -> list[UUID]:
        """Other stores that have a package of it."""
        return sorted({line.store_id for line in self.lines if line.store_id is not None})

    @property
    def stores(self) -> list[UUID]:
        """Its own and those."""
        return [self.store_id, *self.also_at]

    @property
    def goods(self) -> Counter[UUID]:
        """What it takes off the shelf, bundles by their parts."""
        goods: Counter[UUID] = Counter()
        for line in self.lines:
            for variant_id, each in (line.parts or {line.variant_id: 1}).items():
                goods[variant_id] += each * line.quantity
        return goods


async def write(work: Work, sales: Sequence[Sale]) -> list[OrderRow]:
    """Insert orders with their lines; their stores know the members who bought from now on."""
    if not sales:
        return []
    written = await work.rows(OrderRow, ORDERS, *(list(column) for column in zip(*map(_order, sales), strict=True)))
    lines = [line for sale in sales for line in _lines(sale)]
    work.write(LINES, *(list(column) for column in zip(*lines, strict=True)))
    await _write_parts(work, [line for sale in sales for line in sale.lines if line.parts])
    await write_steps(work, [(sale.id, sale.steps, [line.id for line in sale.lines]) for sale in sales])
    await write_holds(work, [(sale.id, source, hold) for sale in sales for source, hold in sale.holds])
    await members.meet(work, {(s, sale.member_id) for sale in sales if sale.member_id for s in sale.stores})
    remember(work, [(store_id, sale.id) for sale in sales for store_id in sale.also_at])
    return written


async def _write_parts(work: Work, bundles: Sequence[SaleLine]) -> None:
    rows = [(line.id, *part, number) for line in bundles for number, part in enumerate(line.parts.items())]
    if rows:
        work.write(PARTS, *(list(column) for column in zip(*rows, strict=True)))


def _order(sale: Sale) -> tuple[object, ...]:
    totals = sale.totals
    parts = (totals.items, totals.discounts, totals.fees, totals.delivery, totals.points, totals.payable)
    return (
        sale.id,
        sale.number,
        sale.cart_id,
        sale.store_id,
        sale.member_id,
        sale.kind,
        sale.status,
        sale.payment_status,
        sale.contact,
        sale.address,
        sale.slot_start,
        sale.note,
        totals.items.currency,
        *(part.minor for part in parts),
        bool(sale.holds),
        _array(sale.also_at),
        sale.other_store,
        sale.lock_minutes,
        sale.external_reference,
        sale.placed_at,
    )


def _array(keys: Sequence[UUID]) -> str | None:
    """As PostgreSQL writes an array: unnest() takes arrays of arrays apart whole."""
    return f"{{{','.join(map(str, keys))}}}" if keys else None


def _lines(sale: Sale) -> list[tuple[object, ...]]:
    return [
        (
            line.id,
            sale.id,
            line.variant_id,
            line.store_id,
            line.quantity,
            line.unit_price,
            line.total,
            line.paid,
            position,
        )
        for position, line in enumerate(sale.lines)
    ]
