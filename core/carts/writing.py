"""Writing carts down: set-based, for one as for a hundred."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from core import clock
from core.carts.rules import CartRules
from core.ids import new_id
from core.work import Work

#: carts with what is wanted in them: none for a store that is not there, and only what is sold
CREATE = """
WITH made AS (
    INSERT INTO cart (tenant_id, id, store_id, fulfilment, member_id, created_at, expires_at)
    SELECT $1, n.id, n.store_id, n.fulfilment, n.member_id, $6, $7
    FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::uuid[]) AS n(id, store_id, fulfilment, member_id)
    WHERE n.store_id IS NULL OR EXISTS (SELECT FROM store s WHERE s.tenant_id = $1 AND s.id = n.store_id)
    RETURNING id
), put AS (
    INSERT INTO cart_line (tenant_id, id, cart_id, variant_id, quantity)
    SELECT $1, l.id, made.id, l.variant_id, l.quantity
    FROM unnest($8::uuid[], $9::uuid[], $10::uuid[], $11::bigint[]) AS l(id, cart_id, variant_id, quantity)
    JOIN made ON made.id = l.cart_id
    JOIN variant v ON v.tenant_id = $1 AND v.id = l.variant_id
    JOIN product p ON p.tenant_id = $1 AND p.id = v.product_id AND p.published
    RETURNING 1
)
SELECT (SELECT count(*) FROM made) AS carts, (SELECT count(*) FROM put) AS lines
"""
PUT = """
INSERT INTO cart_line (tenant_id, id, cart_id, variant_id, quantity)
SELECT $1, * FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::bigint[])
ON CONFLICT (tenant_id, cart_id, variant_id) DO UPDATE SET quantity = excluded.quantity
"""
TOUCH = """
UPDATE cart SET version = version + 1, expires_at = $3 WHERE tenant_id = $1 AND id = any($2::uuid[])
RETURNING id, version, expires_at
"""
MARK = """
UPDATE cart SET version = version + 1, expires_at = $3, marks = array_append(array_remove(marks, $4), $4)
WHERE tenant_id = $1 AND id = $2
"""
_LINE = ("id", "cart_id", "variant_id", "quantity")


@dataclass(frozen=True, slots=True)
class NewCart:
    store_id: UUID | None
    fulfilment: str
    member_id: UUID | None
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Written:
    """How much of new carts was written: not what is unknown."""

    carts: int
    lines: int


@dataclass(frozen=True, slots=True)
class LineWanted:
    """A line as it is to be; its cart is held."""

    id: UUID
    cart_id: UUID
    variant_id: UUID
    quantity: int


@dataclass(frozen=True, slots=True)
class Touched:
    """What a changed cart has become."""

    id: UUID
    version: int
    expires_at: datetime


async def write_carts(work: Work, new: Sequence[NewCart], lines: Sequence[LineWanted] = ()) -> Written:
    """Begin carts with lines in them, by one statement; says what of it there was to write."""
    heads, now = _columns(new, "id", "store_id", "fulfilment", "member_id"), clock.now()
    return (await work.rows(Written, CREATE, *heads, now, now + _kept(work), *_columns(lines, *_LINE)))[0]


async def write_lines(work: Work, lines: Sequence[LineWanted]) -> list[Touched]:
    """Put lines into carts, or give those that are there another quantity; what their carts have become."""
    if not lines:
        return []
    await work.execute(PUT, *_columns(lines, *_LINE))
    return await touch(work, *{line.cart_id for line in lines})


async def touch(work: Work, *cart_ids: UUID) -> list[Touched]:
    """A changed cart is a new version of it, and is kept longer."""
    return await work.rows(Touched, TOUCH, list(cart_ids), clock.now() + _kept(work))


async def mark(work: Work, cart_id: UUID, plugin: str) -> None:
    """The same where a plugin has put something on the cart: its baskets say so from now on."""
    await work.execute(MARK, cart_id, clock.now() + _kept(work), plugin)


def _columns(rows: Sequence[object], *names: str) -> list[list[object]]:
    return [[getattr(row, name) for row in rows] for name in names]


def _kept(work: Work) -> timedelta:
    return timedelta(days=work.rules(CartRules).kept_days)
