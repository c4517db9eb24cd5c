"""From carts to orders: stock is locked for a whole list of them in a fixed number of statements."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from core import clock, contacts, idempotency, inventory
from core.errors import DomainError
from core.orders import ordering, telling
from core.orders.candidates import Candidate, PlaceRequest
from core.orders.checking import still_good
from core.orders.claiming import secure
from core.orders.events import OrderPlaced
from core.orders.ordering import Sale, SaleLine
from core.orders.preparing import Prepared, prepare
from core.orders.rows import OrderRow
from core.orders.rules import OrderRules
from core.orders.today import full, room_today
from core.orders.waiting import send_for, waiting_holds
from core.pricing import Step
from core.work import Work

Settled = OrderRow | UUID | DomainError  #: an order, the id of one that was there before, or why there is none

MARK_ORDERED = """
UPDATE cart c SET order_id = o.order_id FROM unnest($2::uuid[], $3::uuid[]) AS o(cart_id, order_id)
WHERE c.tenant_id = $1 AND c.id = o.cart_id AND c.order_id IS NULL
"""


async def place(work: Work, requests: Sequence[PlaceRequest]) -> list[UUID | DomainError]:
    """Turn carts into orders in one transaction; each request gets its order's id or its own refusal."""
    answers: dict[int, UUID | DomainError] = {}
    waiting = dict(enumerate(requests))
    while waiting:
        prepared = await prepare(work, list(waiting.values()), hold=True)
        settled = zip(waiting, await settle(work, prepared), strict=True)
        answers.update({index: _named(answer) for index, answer in settled if answer is not None})
        waiting = {index: request for index, request in waiting.items() if index not in answers}
    return [answers[index] for index in range(len(requests))]


def _named(answer: Settled) -> UUID | DomainError:
    return answer.id if isinstance(answer, OrderRow) else answer


async def settle(work: Work, prepared: Sequence[Prepared]) -> list[Settled | None]:
    """Take what goes with each candidate and write its order; None: it has changed, and is to be prepared again.

    An order is written whole or not at all, and what was settled before is its own answer. A fixed number of
    statements, however many there are.
    """
    candidates = [one for one in prepared if isinstance(one, Candidate)]
    if not candidates:
        return [None if isinstance(one, Candidate) else one for one in prepared]
    good = [one for one, holds in zip(candidates, await still_good(work, candidates), strict=True) if holds]
    refusals: dict[UUID, DomainError] = await _beyond_quota(work, good)
    refusals |= await secure(work, [one for one in good if one.order_id not in refusals])
    written = await _write(work, [one for one in good if one.order_id not in refusals])
    orders = {order.id: order for order in written}
    return [
        refusals.get(one.order_id) or orders.get(one.order_id) if isinstance(one, Candidate) else one
        for one in prepared
    ]


async def _beyond_quota(work: Work, candidates: Sequence[Candidate]) -> dict[UUID, DomainError]:
    """Those that the plan has no room for today."""
    room = await room_today(work)
    return {} if room is None else {one.order_id: full(work) for one in candidates[max(room, 0) :]}


async def _write(work: Work, placed: Sequence[Candidate]) -> list[OrderRow]:
    if not placed:
        return []
    sales = [_sale(work, candidate) for candidate in placed]
    written = await ordering.write(work, sales)
    await inventory.write_reservations(work, [kept for candidate in placed for kept in candidate.kept])
    await send_for(work, placed)
    work.write(MARK_ORDERED, [c.cart.id for c in placed], [c.order_id for c in placed])
    actors = [candidate.request.actor for candidate in placed]
    await telling.tell(work, [sale.id for sale in sales], "placed", actors=actors)
    await idempotency.remember(work, [(candidate.request.once, candidate.order_id) for candidate in placed])
    for sale in sales:
        work.emit(OrderPlaced(order_id=sale.id, store_id=sale.store_id, payable=sale.totals.payable.minor))
    return written


def _sale(work: Work, candidate: Candidate) -> Sale:
    cart, request = candidate.cart, candidate.request
    lines, steps = _lines(candidate)
    contact = request.contact or contacts.open_contact(work.vault, cart.sealed_contact, "cart", cart.id)
    address = contacts.open_address(work.vault, cart.sealed_address, "cart", cart.id)
    return Sale(
        id=candidate.order_id,
        cart_id=cart.id,
        store_id=candidate.store_id,
        member_id=candidate.member_id,
        kind=cart.fulfilment,
        status="PENDING_PAYMENT",
        payment_status="PENDING",
        contact=contacts.seal(work.vault, contact, "sales_order", "contact", candidate.order_id),
        address=contacts.seal(work.vault, address, "sales_order", "address", candidate.order_id),
        slot_start=cart.slot_start,
        note=request.note,
        other_store=request.accept_other_store,
        totals=candidate.priced.totals,
        lock_minutes=work.rules(OrderRules, candidate.store_id).lock_minutes,
        placed_at=clock.now(),
        lines=lines,
        steps=steps,
        holds=[*candidate.holds, *waiting_holds(work, candidate)],
    )


def _lines(candidate: Candidate) -> tuple[list[SaleLine], list[Step]]:
    """The order's lines, and the steps of its price with shares by those lines instead of the cart's."""
    paid = candidate.priced.paid
    lines = {
        line.id: SaleLine(
            line.variant_id,
            line.quantity,
            line.unit_price.minor,
            line.total.minor,
            paid[line.id],
            line.goods if line.parts else {},
            candidate.packages.get(line.id),
        )
        for line in candidate.cart.lines
    }
    steps = [
        replace(step, by_line={lines[key].id: part for key, part in step.by_line.items()})
        for step in candidate.priced.steps
    ]
    return list(lines.values()), steps
