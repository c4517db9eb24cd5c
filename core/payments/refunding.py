"""Money on its way back: written down with its cause, asked of the provider from the outbox."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from core import audit, clock, fulfilment, idempotency, inventory, orders
from core.errors import Invalid, NotFound
from core.idempotency import Request
from core.ids import new_id
from core.orders import OrderRow, OrderState
from core.payments import sharing
from core.payments.events import RefundRequested
from core.payments.keeping import Kept, kept_of, shares
from core.payments.machine import REQUESTED
from core.payments.permissions import REFUND
from core.payments.rows import PaymentRow
from core.payments.sharing import Part, everything, part
from core.work import Work

INSERT = f"""
INSERT INTO refund (tenant_id, id, order_id, payment_id, amount, currency, reason, status, requested_at, beside_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, '{REQUESTED.to}', $8, $9)
"""
_PAID = frozenset({"CAPTURED", "PARTLY_REFUNDED"})
_LEFT_THE_SHELF = frozenset({"COMPLETED", "DISPATCHED"})
_ENDED = "Everything in this package was paid back."


@dataclass(frozen=True, slots=True)
class RefundWish:
    """What to pay back: the whole rest, an amount, or quantities of lines."""

    order_id: UUID | None
    reason: str
    key: str
    quantities: Mapping[UUID, int] = field(default_factory=dict)  #: by order line
    amount: int | None = None  #: minor units
    restock: bool = True


async def refund(work: Work, wish: RefundWish) -> UUID:
    """Pay an order back, in whole or in part; returns the refund's id."""
    order = await orders.lock(work, wish.order_id) if wish.order_id is not None else None
    if order is None or not work.actor.may(REFUND.name, order.store_id):
        raise NotFound(what="order", path=("input", "orderId"))
    found = order
    wanted = {str(key): quantity for key, quantity in wish.quantities.items()}
    input_ = [str(order.id), wanted, wish.amount, wish.reason, wish.restock]
    request = Request("refundCreate", work.actor.label, wish.key, input_)

    async def perform(refund_id: UUID) -> None:
        kept = await _captured(work, found)
        parts = await _wished(work, found, wish)
        amount = _amount(found, wish, parts)
        await _request(work, found, kept, amount, wish.reason, refund_id=refund_id)
        await orders.give_back(work, found, amount)
        await orders.release_refunded(work, found, amount)
        await _return(work, found, parts, refund_id=refund_id, restock=wish.restock)
        if found.refunded + amount == found.payable and found.status not in _LEFT_THE_SHELF:
            await orders.give_back_stock(
                work, [found.id], held=[found.id] if found.held else []
            )  # an amount may have been named instead of goods
            await fulfilment.end(work, found)

    return await idempotency.once(work, request, new_id(), perform)


async def refund_rest(work: Work, order: OrderRow, reason: str) -> None:
    """Pay back whatever an order that ends has left, without touching stock."""
    rest = order.payable - order.refunded
    kept = await kept_of(work, order)
    if kept and rest:
        refund_id = await _request(work, order, kept, rest, reason)
        await orders.give_back(work, order, rest)
        await _return(work, order, everything((await orders.lines_of(work, [order.id]))[0]), refund_id=refund_id)


async def pay_back_package(work: Work, order: OrderRow, line_ids: Collection[UUID], reason: str) -> None:
    """Pay back what of these lines has not gone back: nobody sends them; the delivery fee stays with the others."""
    lines = (await orders.lines_of(work, [order.id]))[0]
    parts = [one for one in everything(lines) if one.line.id in line_ids]
    await refund_parts(work, order, parts, reason=reason, more=0, whole=False)


async def request_refund(
    work: Work,
    order: OrderRow,
    payment: PaymentRow,
    amount: int,
    reason: str,
    *,
    refund_id: UUID | None = None,
    beside: UUID | None = None,
) -> UUID:
    """Write a refund down, perhaps beside another; the provider is asked once this has been committed."""
    refund_id = refund_id or new_id()
    money, asked = (amount, payment.currency), (reason, clock.now(), beside)
    await work.execute(INSERT, refund_id, order.id, payment.id, *money, *asked)
    await orders.record(work, order, "refund_requested", note=reason)
    facts = {"refund": refund_id, "amount": amount, "currency": payment.currency}
    await audit.record_if_staff(work, "order.refunded", "Order", order.id, store_id=order.store_id, after=facts)
    work.emit(RefundRequested(refund_id=refund_id, order_id=order.id))
    return refund_id


async def _request(
    work: Work, order: OrderRow, kept: Sequence[Kept], amount: int, reason: str, *, refund_id: UUID | None = None
) -> UUID:
    """A refund of each payment that some of an amount goes back to; the first is the one that stands for all."""
    first, *others = shares(work, kept, amount)
    refund_id = await request_refund(work, order, first.payment, first.minor, reason, refund_id=refund_id)
    for one in others:
        await request_refund(work, order, one.payment, one.minor, reason, beside=refund_id)
    return refund_id


async def _captured(work: Work, order: OrderRow) -> list[Kept]:
    kept = await kept_of(work, order) if order.payment_status in _PAID else []
    if not kept or order.payable == order.refunded:
        raise OrderState(status=order.status, path=("input", "orderId"))
    return kept


async def refund_parts(
    work: Work, order: OrderRow, parts: Sequence[Part], *, reason: str, more: int, whole: bool
) -> tuple[UUID | None, int]:
    """Pay parts of a locked order back, with something on top, as far as money is left; the refund, and how much."""
    kept, rest = await kept_of(work, order), order.payable - order.refunded
    amount = min(sum(one.amount for one in parts) + more, rest)
    if not kept or not amount:
        return None, 0
    refund_id = await _request(work, order, kept, amount, reason)
    await orders.give_back(work, order, amount)
    await orders.release_refunded(work, order, amount, whole=whole)
    await sharing.note(work, refund_id, parts)
    return refund_id, amount


async def _wished(work: Work, order: OrderRow, wish: RefundWish) -> list[Part]:
    """Which goods a wish means, with each one's share of the money."""
    lines = {line.id: line for line in (await orders.lines_of(work, [order.id]))[0]}
    if not wish.quantities:
        return everything(list(lines.values())) if wish.amount is None else []
    if not wish.quantities.keys() <= lines.keys():
        raise NotFound(what="line in this order", path=("input", "lines", "orderLineId"))
    return [part(lines[key], quantity) for key, quantity in wish.quantities.items()]


def _amount(order: OrderRow, wish: RefundWish, parts: Sequence[Part]) -> int:
    rest = order.payable - order.refunded
    of_goods = sum(one.amount for one in parts) if wish.quantities else rest
    amount = of_goods if wish.amount is None else wish.amount
    if not 0 < amount <= rest:
        raise Invalid(reason=f"Between 1 and {rest} minor units can go back.", path=("input", "amount"))
    return amount


async def _return(
    work: Work, order: OrderRow, parts: Sequence[Part], *, refund_id: UUID, restock: bool = False
) -> None:
    """Note which goods the refund is for: what had left the shelf goes back if it may, what had not is free again."""
    if not parts:
        return
    await sharing.note(work, refund_id, parts)
    gone = await _gone(work, order)
    here = [(one.line, one.quantity) for one in parts if one.line.id not in gone]
    if here:
        await orders.give_up(work, order, await sharing.goods_of(work, here))
    for store_id in sorted({gone[one.line.id] for one in parts if one.line.id in gone}) if restock else []:
        there = [(one.line, one.quantity) for one in parts if gone.get(one.line.id) == store_id]
        await inventory.return_to_shelf(work, store_id, await sharing.goods_of(work, there), order_id=order.id)
    if order.also_at:
        await _end_empty(work, order)


async def _gone(work: Work, order: OrderRow) -> dict[UUID, UUID]:
    """The lines whose goods have left the shelf, each with its store."""
    if order.also_at:
        return await fulfilment.gone(work, order.id)
    lines = (await orders.lines_of(work, [order.id]))[0] if order.status in _LEFT_THE_SHELF else []
    return {line.id: order.store_id for line in lines}


async def _end_empty(work: Work, order: OrderRow) -> None:
    """Packages of which everything was paid back before they left are not sent; the order goes on with the others."""
    rest = await fulfilment.end_empty(work, order.id)
    if rest:
        await orders.follow(work, order, rest, told="package_ended", note=_ENDED)
