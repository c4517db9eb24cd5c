"""Asking for a return: by the buyer within the time for it, or by staff who have heard of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from core import clock, idempotency, orders, stores
from core.actors import ActorKind
from core.errors import Invalid, NotFound
from core.idempotency import Request
from core.ids import new_id
from core.orders import OrderLineRow, OrderRow, OrderState
from core.orders.machine import SOLD
from core.returns import deciding, exchanging, steps
from core.returns.errors import NotReturnable, ReturnTooLate
from core.returns.machine import EXCHANGE, REQUESTED
from core.returns.permissions import MANAGE, RECEIVE
from core.returns.queries import by_id
from core.returns.rows import Returnable
from core.returns.rules import ReturnRules
from core.returns.windows import returnable
from core.work import Work

_LINES = ("input", "lines")
#: reasons that say that the shop is at fault; staff may see it otherwise
AT_FAULT = ("DEFECTIVE", "WRONG_GOODS", "MISSING", "NOT_AS_DESCRIBED", "LATE")

INSERT = f"""
INSERT INTO sales_return (tenant_id, id, order_id, store_id, kind, status, reason, note, at_fault, requested_at,
    moved_by)
VALUES ($1, $2, $3, $4, $5, '{REQUESTED.to}', $6, $7, $8, $9, $10)
"""
INSERT_LINES = """
INSERT INTO sales_return_line (tenant_id, return_id, order_line_id, quantity, replacement_id)
SELECT $1, $2, * FROM unnest($3::uuid[], $4::bigint[], $5::uuid[])
"""


@dataclass(frozen=True, slots=True)
class ReturnWish:
    """What is to become of which goods, and where they are brought."""

    order_id: UUID | None
    kind: str
    reason: str
    quantities: Mapping[UUID, int]  #: by order line
    key: str
    replacements: Mapping[UUID, UUID] = field(default_factory=dict)  #: variants, by order line; else the same again
    store_id: UUID | None = None  #: that takes the goods; None: the order's own
    note: str | None = None

    @property
    def facts(self) -> list[object]:
        lines = {str(key): [n, str(self.replacements.get(key))] for key, n in self.quantities.items()}
        return [str(self.order_id), self.kind, self.reason, lines, str(self.store_id), self.note]


async def request(work: Work, wish: ReturnWish) -> UUID:
    """Write down what a buyer wants, and approve it at once where that needs nobody; returns the return's id."""
    order = await orders.lock(work, wish.order_id) if wish.order_id is not None else None
    if order is None or not orders.readable(order, work.actor):
        raise NotFound(what="order", path=("input", "orderId"))
    store_id = await _place(work, order, wish)
    by_staff = not orders.owned(order, work.actor)
    caller = f"guest:{order.id}" if work.actor.kind == ActorKind.ANONYMOUS else work.actor.label

    async def perform(return_id: UUID) -> None:
        await _check(work, order, wish, by_staff=by_staff)
        await _write(work, order, wish, return_id, store_id)
        found = await by_id(work, return_id)
        assert found is not None, "a return that was just written"
        await steps.tell(work, order, found, REQUESTED, note=wish.note or wish.reason)
        await deciding.decide_at_once(work, order, found, wish.quantities)

    return await idempotency.once(work, Request("returnRequest", caller, wish.key, wish.facts), new_id(), perform)


async def _place(work: Work, order: OrderRow, wish: ReturnWish) -> UUID:
    """The store that takes the goods; staff take them at their own."""
    path, store_id = ("input", "storeId"), wish.store_id or order.store_id
    place = (await stores.locations_by_ids(work, [store_id]))[0]
    reached = orders.owned(order, work.actor) or any(work.actor.may(one.name, store_id) for one in (MANAGE, RECEIVE))
    if place is None or place.kind != "STORE" or not reached:
        raise NotFound(what="store", path=path)
    if store_id != order.store_id and not (place.active and work.rules(ReturnRules).other_stores):
        raise Invalid(reason="Goods of this order are taken back where they are from.", path=path)
    return store_id


async def _check(work: Work, order: OrderRow, wish: ReturnWish, *, by_staff: bool) -> None:
    if order.status != SOLD.to:
        raise OrderState(status=order.status, path=("input", "orderId"))
    lines = {line.id: line for line in (await orders.lines_of(work, [order.id]))[0]}
    if not wish.quantities:
        raise Invalid(reason="Say which goods.", path=_LINES)
    if not wish.quantities.keys() <= lines.keys():
        raise NotFound(what="line in this order", path=(*_LINES, "orderLineId"))
    wanted = [lines[key] for key in wish.quantities]
    can = await returnable(work, {order.id: order}, wanted)
    for line in wanted:
        _check_line(can[line.id], wish.quantities[line.id], by_staff=by_staff)
    await _check_replacements(work, order, wish, wanted)


def _check_line(can: Returnable, quantity: int, *, by_staff: bool) -> None:
    """Staff may take back what is late: they see the goods, and the buyer."""
    if not by_staff and can.until is None:
        raise NotReturnable(path=_LINES)
    if not by_staff and can.until is not None and can.until < clock.now():
        raise ReturnTooLate(until=can.until.isoformat(timespec="minutes"), path=_LINES)
    if not 1 <= quantity <= can.quantity:
        reason = (
            f"Between 1 and {can.quantity} of this can come back." if can.quantity else "All of this has come back."
        )
        raise Invalid(reason=reason, path=(*_LINES, "quantity"))


async def _check_replacements(work: Work, order: OrderRow, wish: ReturnWish, lines: Sequence[OrderLineRow]) -> None:
    if wish.replacements and wish.kind != EXCHANGE:
        raise Invalid(reason="Only an exchange has replacements.", path=(*_LINES, "replacementId"))
    others = [(line.variant_id, wanted) for line in lines if (wanted := wish.replacements.get(line.id)) is not None]
    await exchanging.check(work, order.store_id, others)


async def _write(work: Work, order: OrderRow, wish: ReturnWish, return_id: UUID, store_id: UUID) -> None:
    about = (wish.kind, wish.reason, wish.note, wish.reason in AT_FAULT)
    await work.execute(INSERT, return_id, order.id, store_id, *about, clock.now(), work.actor.label)
    keys = list(wish.quantities)
    wanted = [wish.replacements.get(key) for key in keys]
    await work.execute(INSERT_LINES, return_id, keys, [wish.quantities[key] for key in keys], wanted)
