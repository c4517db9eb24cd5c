"""Calling for somebody who carries a fulfilment: first everybody says what it takes, then they are asked for it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core import audit, clock, fulfilment, orders
from core.deliveries import asking
from core.deliveries.asking import Line
from core.deliveries.broker import ask_next, ranked
from core.deliveries.errors import DeliveryCalled
from core.deliveries.events import CourierWanted
from core.deliveries.parcels import parcel_of, part_of
from core.deliveries.provider import Parcel, Quote, Refused
from core.deliveries.queries import CALL, CALLS
from core.deliveries.rows import CallRow
from core.deliveries.rules import DeliveryRules
from core.deliveries.writing import hold_call
from core.errors import Invalid, NotFound
from core.extensions import PluginFailed
from core.fulfilment import FulfilmentRow
from core.orders import OrderRow, OrderState
from core.work import Work, Works

DELIVERY = "DELIVERY"
BEGIN = f"""
INSERT INTO courier_call (tenant_id, fulfilment_id, order_id, store_id, strategy, provider, status, round,
    rounds_left, quoted, called_by, called_at)
VALUES ($1, $2, $3, $4, $5, $6, 'CALLING', 1, $9, false, $7, $8)
ON CONFLICT (tenant_id, fulfilment_id) DO UPDATE SET strategy = excluded.strategy, provider = excluded.provider,
    status = 'CALLING', round = courier_call.round + 1, rounds_left = excluded.rounds_left, quoted = false,
    winner_id = NULL, called_by = excluded.called_by, called_at = excluded.called_at, due_at = NULL
WHERE courier_call.status IN ('FAILED', 'ENDED', 'BACK') RETURNING {CALL}
"""
QUOTED = """
UPDATE courier_call SET quoted = true
WHERE tenant_id = $1 AND fulfilment_id = $2 AND round = $3 AND status = 'CALLING' AND NOT quoted
"""
QUOTE = """
INSERT INTO courier_quote (tenant_id, fulfilment_id, round, provider, position, fee, currency, minutes, distance_meters,
    reference, expires_at, refusal, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
"""
Answers = Mapping[str, Quote | Refused | PluginFailed]  #: by provider


@dataclass(frozen=True, slots=True)
class Called:
    """Somebody is looked for; `repeated` when the same actor had said so before."""

    order_id: UUID
    repeated: bool = False


async def dispatch(work: Work, order_id: UUID | None, provider: str, *, fulfilment_id: UUID | None = None) -> Called:
    """Have a provider carry an order that is ready; the order is on its way once the courier has it."""
    order = await orders.lock(work, order_id) if order_id is not None else None
    if order is None or not any(work.actor.may(orders.FULFIL.name, store_id) for store_id in order.stores):
        raise NotFound(what="order", path=("input", "orderId"))
    if provider not in work.hooks.delivery_providers:
        names = ", ".join(sorted(work.hooks.delivery_providers)) or "none"
        raise Invalid(reason=f"Nobody of this name delivers here; there is: {names}.", path=("input", "provider"))
    parts = (await fulfilment.of_orders(work, [order.id]))[0]
    own = [part for part in parts if work.actor.may(orders.FULFIL.name, part.store_id)]
    part = _deliverable(order, own, fulfilment_id)
    await orders.require_free(work, order)
    if await call(work, order, part, provider):
        facts = {"provider": provider}
        await audit.record_if_staff(
            work, "order.courier_called", "Order", order.id, store_id=part.store_id, after=facts
        )
        return Called(order.id)
    under_way = (await work.rows(CallRow, CALLS, [part.id]))[0]
    if under_way.called_by != work.actor.label or under_way.provider != provider:
        raise DeliveryCalled(path=("input", "orderId"))
    return Called(order.id, repeated=True)


async def call(work: Work, order: OrderRow, part: FulfilmentRow, provider: str | None = None) -> bool:
    """Look for somebody who carries it; False where that is done already, or somebody has it."""
    rules = work.rules(DeliveryRules, part.store_id)
    strategy = "named" if provider else rules.strategy
    place = (part.id, order.id, part.store_id)
    by = (work.actor.label, clock.now(), rules.rounds - 1)
    begun = await work.row(CallRow, BEGIN, *place, strategy, provider, *by)
    if begun is None:
        return False
    await orders.record(work, order, "courier_called", note=provider)
    want(work, begun)
    return True


def want(work: Work, called: CallRow) -> None:
    """Have a round begin."""
    key, order_id, store_id = called.fulfilment_id, called.order_id, called.store_id
    work.emit(CourierWanted(fulfilment_id=key, order_id=order_id, store_id=store_id, round=called.round))


async def begin_round(works: Works, event: CourierWanted) -> None:
    """Ask everybody what it takes, outside of any transaction, then the first of them for it."""
    async with works() as work:
        called = (await work.rows(CallRow, CALLS, [event.fulfilment_id]))[0]
        if called.status != "CALLING" or called.round != event.round or called.quoted:
            return
        order = await orders.lock(work, called.order_id)
        assert order is not None, "a call without its order"
        part = await part_of(work, called.fulfilment_id)
        parcel, lines = await parcel_of(work, order, part), _lines(work, called)
    answers = await ask_all(lines, parcel)
    async with works() as work:
        await orders.lock(work, called.order_id)
        called = await hold_call(work, event.fulfilment_id)
        if await work.execute(QUOTED, called.fulfilment_id, event.round):
            await _note_quotes(work, called, answers)
            called.quoted = True
            await ask_next(work, called)


async def ask_all(lines: Mapping[str, Line], parcel: Parcel) -> Answers:
    """What each of them would take, all asked at once."""
    answers = await asyncio.gather(*(one.quote(parcel) for one in lines.values()))
    return dict(zip(lines, answers, strict=True))


def _lines(work: Work, called: CallRow) -> dict[str, Line]:
    names = [called.provider] if called.provider else sorted(work.hooks.delivery_providers)
    return {name: one for name in names if (one := asking.line(work, name)) is not None}


async def _note_quotes(work: Work, called: CallRow, answers: Answers) -> None:
    priority = work.rules(DeliveryRules, called.store_id).priority.split()
    # what is charged in another currency cannot be compared, nor booked
    offers = {
        name: said
        for name, said in answers.items()
        if isinstance(said, Quote) and said.fee.currency == work.brand.currency
    }
    order, now = ranked(called.strategy, offers, priority), clock.now()
    for name, said in answers.items():
        offer = _offer(offers[name], order.index(name)) if name in offers else (None, None)
        more = _more(offers[name]) if name in offers else (None, None, None, None)
        refusal = None if name in offers else refusal_of(said)
        head = (called.fulfilment_id, called.round, name)
        await work.execute(QUOTE, *head, *offer, work.brand.currency, *more, refusal, now)


def _offer(quote: Quote, position: int) -> tuple[int, int]:
    return position, quote.fee.minor


def _more(quote: Quote) -> tuple[int | None, int | None, str | None, datetime | None]:
    return quote.minutes, quote.distance_meters, quote.reference, quote.expires_at


def refusal_of(said: Quote | Refused | PluginFailed) -> str:
    if isinstance(said, Refused):
        return said.reason
    return "it did not answer" if isinstance(said, PluginFailed) else "it charges in another currency"


def _deliverable(order: OrderRow, parts: list[FulfilmentRow], named: UUID | None) -> FulfilmentRow:
    """The part that is ready to be carried: the one that was named, or the only one."""
    if order.kind != DELIVERY:
        raise Invalid(reason="Only a delivery has this step.", path=("input", "orderId"))
    if named is not None and named not in {part.id for part in parts}:
        raise NotFound(what="fulfilment in this order", path=("input", "fulfilmentId"))
    ready = [part for part in parts if part.status == "READY" and named in (None, part.id)]
    if not ready:
        raise OrderState(status=order.status, path=("input", "orderId"))
    if len(ready) > 1:
        raise Invalid(reason="Say which part of the order: several are ready.", path=("input", "fulfilmentId"))
    return ready[0]
