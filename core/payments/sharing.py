"""Which goods a refund is for, and what was paid for them: in whichever parts they go back, all of it goes back."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from core import orders
from core.errors import Invalid
from core.orders import OrderLineRow
from core.work import Work

INSERT_LINES = """
INSERT INTO refund_line (tenant_id, refund_id, order_line_id, quantity, amount)
SELECT $1, $2, * FROM unnest($3::uuid[], $4::bigint[], $5::bigint[])
"""
REFUND_LINES = """
UPDATE sales_order_line l SET refunded_quantity = l.refunded_quantity + r.quantity,
    refunded_amount = l.refunded_amount + r.amount
FROM unnest($2::uuid[], $3::bigint[], $4::bigint[]) AS r(id, quantity, amount)
WHERE l.tenant_id = $1 AND l.id = r.id
"""


@dataclass(frozen=True, slots=True)
class Part:
    """Some of an order's line, and what was paid for it."""

    line: OrderLineRow
    quantity: int
    amount: int


def part(line: OrderLineRow, quantity: int) -> Part:
    """A quantity's share: what is due up to it, less what went back before, so that the last part takes the rest."""
    open_quantity = line.quantity - line.refunded_quantity
    if not 1 <= quantity <= open_quantity:
        raise Invalid(reason=f"Between 1 and {open_quantity} of this can go back.", path=("input", "lines", "quantity"))
    due = line.paid * (line.refunded_quantity + quantity) // line.quantity
    return Part(line, quantity, due - line.refunded_amount)


def everything(lines: Sequence[OrderLineRow]) -> list[Part]:
    """All that has not gone back."""
    return [part(line, open_) for line in lines if (open_ := line.quantity - line.refunded_quantity)]


def as_far_as_open(lines: Sequence[OrderLineRow], quantities: Mapping[UUID, int]) -> list[Part]:
    """What of these quantities, by line, has not been paid back in another way."""
    wanted = [(line, min(quantities.get(line.id, 0), line.quantity - line.refunded_quantity)) for line in lines]
    return [part(line, quantity) for line, quantity in wanted if quantity > 0]


def all_back(lines: Sequence[OrderLineRow], parts: Sequence[Part]) -> bool:
    """Whether none of an order's goods are left once these have gone back."""
    going = Counter({one.line.id: one.quantity for one in parts})
    return all(line.quantity == line.refunded_quantity + going[line.id] for line in lines)


async def note(work: Work, refund_id: UUID, parts: Sequence[Part]) -> None:
    """Write down which goods a refund is for."""
    ids, quantities, amounts = [p.line.id for p in parts], [p.quantity for p in parts], [p.amount for p in parts]
    await work.execute(INSERT_LINES, refund_id, ids, quantities, amounts)
    await work.execute(REFUND_LINES, ids, quantities, amounts)


async def goods_of(work: Work, quantities: Sequence[tuple[OrderLineRow, int]]) -> Counter[UUID]:
    """What of it lies on shelves: a bundle by what it was made of when it was sold."""
    made_of = await orders.parts_of(work, [line.id for line, _ in quantities])
    goods: Counter[UUID] = Counter()
    for (line, quantity), of in zip(quantities, made_of, strict=True):
        for variant_id, each in [(one.variant_id, one.quantity) for one in of] or [(line.variant_id, 1)]:
            goods[variant_id] += each * quantity
    return goods
