"""Points go back with the money: as much of a line's as was paid back of it, in whichever parts."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from core import ledger, orders
from core.ledger import Key, Own, Transfer, Unit
from core.orders import OrderLineRow, OrderRow
from core.work import Work

EARNED = "points.earned"  #: in the ledger; the source is the order
TAKEN_BACK = "points.taken_back"

HOLD = "SELECT points, taken_back FROM points_earning WHERE tenant_id = $1 AND order_id = $2 FOR UPDATE"
LINES = """
SELECT e.order_line_id, e.points FROM points_earning_line e
JOIN sales_order_line l ON l.tenant_id = $1 AND l.id = e.order_line_id WHERE e.tenant_id = $1 AND l.order_id = $2
"""
TAKE = "UPDATE points_earning SET taken_back = $3 WHERE tenant_id = $1 AND order_id = $2"


async def take_back(work: Work, order: OrderRow, *, source: str) -> None:
    """Take back what a locked order's refunds have made undue; what is spent already is owed."""
    earning = next(iter(await work.fetch(HOLD, order.id)), None)
    if earning is None or order.member_id is None:
        return
    points = {row["order_line_id"]: row["points"] for row in await work.fetch(LINES, order.id)}
    lines = (await orders.lines_of(work, [order.id]))[0]
    undue = max(due_back(order, lines, points), earning["taken_back"])
    amount = undue - earning["taken_back"]
    if not amount:
        return
    await work.execute(TAKE, order.id, undue)
    earned = Key(EARNED, str(order.id))
    back = {"unit": Unit.POINTS, "amount": amount, "giver": order.member_id, "taker": Own.ISSUED}
    await ledger.post(work, [Transfer(key=Key(TAKEN_BACK, source), of=earned, owing=True, **back)])


def due_back(order: OrderRow, lines: Sequence[OrderLineRow], points: Mapping[UUID, int]) -> int:
    """How many points of an order have to be back by now: of each line its share, and of an amount that is of no line.

    The last part takes the rest, so that in whichever order it is paid back all of them are back in the end.
    """
    by_line = {line.id: _share(points.get(line.id, 0), line.refunded_amount, line.paid) for line in lines}
    of_lines = sum(line.refunded_amount for line in lines)
    left, loose = sum(line.paid for line in lines) - of_lines, max(order.refunded - order.delivery - of_lines, 0)
    back = sum(by_line.values())
    return back + _share(sum(points.values()) - back, min(loose, left), left)


def _share(points: int, part: int, whole: int) -> int:
    """As many as are not kept for what is left, which is never rounded up."""
    return points - points * (whole - part) // whole if part else 0
