"""From carts to orders: stock is locked for a whole list of them in a fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from core import carts, clock, contacts, idempotency, inventory, rulebook, stores
from core.carts import CartRow
from core.errors import DomainError
from core.ids import new_id
from core.orders import ordering, telling
from core.orders.candidates import Candidate, PlaceRequest, candidate
from core.orders.claiming import secure
from core.orders.events import OrderPlaced
from core.orders.ordering import Sale, SaleLine
from core.orders.rules import OrderRules
from core.orders.today import full, room_today
from core.pricing import Step
from core.stores import StoreRow
from core.work import Work

MARK_ORDERED = """
UPDATE cart c SET order_id = o.order_id FROM unnest($2::uuid[], $3::uuid[]) AS o(cart_id, order_id)
WHERE c.tenant_id = $1 AND c.id = o.cart_id AND c.order_id IS NULL
"""


async def place(work: Work, requests: Sequence[PlaceRequest]) -> list[UUID | DomainError]:
    """Turn carts into orders and reserve their stock; each request gets its order's id or its own refusal."""
    answers: dict[int, UUID | DomainError] = {}
    waiting = dict(enumerate(requests))
    while waiting:
        turn = _turn(waiting)
        answers.update(zip(turn, await _place(work, list(turn.values())), strict=True))
        waiting = {index: request for index, request in waiting.items() if index not in turn}
    return [answers[index] for index in range(len(requests))]


def _turn(waiting: Mapping[int, PlaceRequest]) -> dict[int, PlaceRequest]:
    """The first request for each cart and key: who names one again must see what became of it."""
    turn: dict[int, PlaceRequest] = {}
    named: set[object] = set()
    for index, request in waiting.items():
        names = {request.cart_id, request.once.identity}
        if named.isdisjoint(names):
            turn[index] = request
        named |= names
    return turn


async def _place(work: Work, requests: Sequence[PlaceRequest]) -> list[UUID | DomainError]:
    answers = await _begin(work, requests)
    candidates = {index: one for index, one in enumerate(answers) if isinstance(one, Candidate)}
    refusals = await _validate(work, list(candidates.values()))
    refusals |= await secure(work, [one for one in candidates.values() if one.order_id not in refusals])
    await _write(work, [one for one in candidates.values() if one.order_id not in refusals])
    return [refusals.get(one.order_id, one.order_id) if isinstance(one, Candidate) else one for one in answers]


async def _begin(work: Work, requests: Sequence[PlaceRequest]) -> list[Candidate | UUID | DomainError]:
    """What each request is: on its way to be an order, an order already, or refused."""
    await rulebook.renew(work)  # before anything is priced: nobody sells by a rule that is no longer one
    locked = await carts.lock(work, [request.cart_id for request in requests])
    before = await idempotency.recall(work, [request.once for request in requests])
    shops = await _stores(work, locked)
    room = await room_today(work)
    answers: list[Candidate | UUID | DomainError] = []
    for request, cart, known in zip(requests, locked, before, strict=True):
        try:
            one = known or candidate(work, request, cart, shops, new_id())
            if isinstance(one, Candidate) and room is not None:
                room = _with_one_more(work, room)
            answers.append(one)
        except DomainError as refusal:
            answers.append(refusal)
    return answers


def _with_one_more(work: Work, room: int) -> int:
    """How many more orders there is room for after this one."""
    if room <= 0:
        raise full(work)
    return room - 1


async def _stores(work: Work, locked: Sequence[CartRow | None]) -> dict[UUID, StoreRow]:
    ids = sorted({cart.store_id for cart in locked if cart is not None and cart.store_id is not None})
    return {store.id: store for store in await stores.by_ids(work, ids) if store is not None}


async def _validate(work: Work, candidates: Sequence[Candidate]) -> dict[UUID, DomainError]:
    """What plugins have against orders, before anything is taken for them."""
    if not candidates or not work.hooks.answers("validate_checkout"):
        return {}
    said = await work.hooks.refusals(work, "validate_checkout", [one.checkout for one in candidates])
    return {one.order_id: refusal for one, refusal in zip(candidates, said, strict=True) if refusal is not None}


async def _write(work: Work, placed: Sequence[Candidate]) -> None:
    if not placed:
        return
    sales = [_sale(work, candidate) for candidate in placed]
    await ordering.write(work, sales)
    await inventory.write_reservations(work, [candidate.demand for candidate in placed])
    await work.execute(MARK_ORDERED, [c.cart.id for c in placed], [c.order_id for c in placed])
    await telling.tell(work, [sale.id for sale in sales], "placed")
    await idempotency.remember(work, [(candidate.request.once, candidate.order_id) for candidate in placed])
    for sale in sales:
        work.emit(OrderPlaced(order_id=sale.id, store_id=sale.store_id, payable=sale.totals.payable.minor))


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
        totals=candidate.priced.totals,
        lock_minutes=work.rules(OrderRules, candidate.store_id).lock_minutes,
        placed_at=clock.now(),
        lines=lines,
        steps=steps,
        holds=candidate.holds,
    )


def _lines(candidate: Candidate) -> tuple[list[SaleLine], list[Step]]:
    """The order's lines, and the steps of its price with shares by those lines instead of the cart's."""
    paid = candidate.priced.paid
    lines = {
        line.id: SaleLine(line.variant_id, line.quantity, line.unit_price.minor, line.total.minor, paid[line.id])
        for line in candidate.cart.lines
    }
    steps = [
        replace(step, by_line={lines[key].id: part for key, part in step.by_line.items()})
        for step in candidate.priced.steps
    ]
    return list(lines.values()), steps
