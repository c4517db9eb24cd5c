"""Goods that have come back: what of it, in which condition, and what the buyer gets for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from core import idempotency, inventory
from core.errors import Invalid, NotFound
from core.idempotency import Request
from core.ids import new_id
from core.orders import OrderLineRow
from core.returns import paying, replacing
from core.returns.machine import EXCHANGE, HANDED_OVER, RECEIVED, REFUNDED, RETURN, TAKEN_BACK
from core.returns.queries import lines_of
from core.returns.rows import ReturnLineRow, ReturnRow
from core.returns.steps import Step, hold, move, repeated
from core.work import Work

_LINES = ("input", "lines")
_RECEIVES = (TAKEN_BACK, RECEIVED)
_Pairs = Sequence[tuple[ReturnLineRow, OrderLineRow]]

RECEIVE = """
UPDATE sales_return_line l SET received = a.received, sellable = a.sellable, received_id = a.variant_id
FROM unnest($3::uuid[], $4::bigint[], $5::bigint[], $6::uuid[]) AS a(id, received, sellable, variant_id)
WHERE l.tenant_id = $1 AND l.return_id = $2 AND l.order_line_id = a.id
"""
#: what was handed out for a line before, which may come back now in its place
HANDED_OUT = """
SELECT l.order_line_id, l.replacement_id FROM sales_return_line l
JOIN sales_return r ON r.tenant_id = $1 AND r.id = l.return_id
JOIN replacement p ON p.tenant_id = $1 AND p.return_id = r.id AND p.variant_id = l.replacement_id
WHERE l.tenant_id = $1 AND l.order_line_id = any($2::uuid[]) AND p.state = 'HANDED_OUT'
"""


@dataclass(frozen=True, slots=True)
class Arrived:
    """How much of a line has come, and how much of that can be sold again."""

    quantity: int
    sellable: int
    variant_id: UUID | None = None  #: what has come, where it is not what was sold


async def receive(work: Work, return_id: UUID | None, arrived: Mapping[UUID, Arrived] | None, *, key: str) -> UUID:
    """Goods are here, all of them and sellable unless somebody says how much of each; they are paid back at once."""
    told = {str(line): [one.quantity, one.sellable, str(one.variant_id)] for line, one in (arrived or {}).items()}
    request = Request("returnReceive", work.actor.label, key, [str(return_id), told, arrived is None])

    async def perform(_: UUID) -> None:
        order, found = await hold(work, return_id, _RECEIVES)
        await move(work, order, found, _RECEIVES)
        pairs = await replacing.lines_with_sold(work, found)
        came = await _checked(work, pairs, arrived)
        await _write(work, found, came)
        received = {line: one.quantity for line, one in came.items()}
        if found.kind == RETURN:
            await paying.pay_back(work, order, found, received)
        await _shelve(work, found, pairs, came)

    return await idempotency.once(work, request, return_id or new_id(), perform)


async def hand_over(work: Work, return_id: UUID | None) -> Step:
    """The buyer gets the replacement."""
    order, found = await hold(work, return_id, (HANDED_OVER,))
    if repeated(work, found, (HANDED_OVER,)) and found.refund_id is None:
        return Step(found.id, repeated=True)
    await move(work, order, found, (HANDED_OVER,))
    await replacing.hand_out(work, found)
    return Step(found.id)


async def refund_instead(work: Work, return_id: UUID | None) -> Step:
    """There is no replacement to be had after all: the buyer gets the money."""
    order, found = await hold(work, return_id, (REFUNDED,))
    if repeated(work, found, (REFUNDED,)) and found.refund_id is not None:
        return Step(found.id, repeated=True)
    await move(work, order, found, (REFUNDED,))
    lines = (await lines_of(work, [found.id]))[0]
    await paying.pay_back(work, order, found, {line.order_line_id: line.received or 0 for line in lines})
    await replacing.let_go(work, found)
    return Step(found.id)


async def _checked(work: Work, pairs: _Pairs, arrived: Mapping[UUID, Arrived] | None) -> dict[UUID, Arrived]:
    """What has come of each line."""
    if arrived is None:
        return {sold.id: Arrived(line.quantity, line.quantity, sold.variant_id) for line, sold in pairs}
    if not arrived.keys() <= {sold.id for _, sold in pairs}:
        raise NotFound(what="line in this return", path=(*_LINES, "orderLineId"))
    if not any(one.quantity for one in arrived.values()):
        raise Invalid(reason="Say what has come; if nothing is taken, reject the return.", path=_LINES)
    handed_out = await _handed_out(work, pairs)
    return {sold.id: _arrival(line, sold, arrived.get(sold.id), handed_out) for line, sold in pairs}


def _arrival(
    line: ReturnLineRow, sold: OrderLineRow, came: Arrived | None, handed_out: set[tuple[UUID, UUID]]
) -> Arrived:
    if came is None:
        return Arrived(0, 0, sold.variant_id)
    if not 0 <= came.quantity <= line.quantity:
        raise Invalid(reason=f"Of this 0 to {line.quantity} can have come.", path=(*_LINES, "quantity"))
    if not 0 <= came.sellable <= came.quantity:
        raise Invalid(reason=f"Of what came 0 to {came.quantity} can be sellable.", path=(*_LINES, "sellable"))
    what = came.variant_id or sold.variant_id
    if what != sold.variant_id and (sold.id, what) not in handed_out:
        raise Invalid(reason="This was neither sold nor handed out for that line.", path=(*_LINES, "variantId"))
    return Arrived(came.quantity, came.sellable, what)


async def _handed_out(work: Work, pairs: _Pairs) -> set[tuple[UUID, UUID]]:
    rows = await work.fetch(HANDED_OUT, [sold.id for _, sold in pairs])
    return {(row["order_line_id"], row["replacement_id"]) for row in rows}


async def _write(work: Work, found: ReturnRow, came: Mapping[UUID, Arrived]) -> None:
    arrivals = came.values()
    columns = (
        [one.quantity for one in arrivals],
        [one.sellable for one in arrivals],
        [one.variant_id for one in arrivals],
    )
    await work.execute(RECEIVE, found.id, list(came), *columns)


async def _shelve(work: Work, found: ReturnRow, pairs: _Pairs, came: Mapping[UUID, Arrived]) -> None:
    """What can be sold again lies on the shelf of whoever has taken it; all rows of stock are held in one go."""
    goods = [(sold, came[sold.id].sellable, came[sold.id].variant_id) for _, sold in pairs]
    back = await replacing.shelved(work, goods)
    kept = await replacing.kept(work, found) if found.kind == EXCHANGE else {}
    await inventory.hold(work, found.store_id, {*back, *kept})
    await inventory.shift(work, found.store_id, back, inventory.TAKEN_BACK, order_id=found.order_id)
    if found.kind == EXCHANGE:
        await replacing.shrink(work, found, {line: one.quantity for line, one in came.items()})
