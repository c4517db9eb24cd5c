"""From carts to orders: stock is locked for a whole list of them in a fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from core import carts, clock, contacts, idempotency, inventory, stores
from core.actors import Actor, ActorKind
from core.carts import CartRow
from core.contacts import Contact
from core.errors import DomainError, Invalid, NotFound, Stale
from core.idempotency import Request
from core.ids import new_id
from core.inventory import Demand
from core.orders import ordering
from core.orders.events import OrderPlaced
from core.orders.ordering import Sale, SaleLine
from core.orders.rules import OrderRules
from core.orders.today import full, room_today
from core.stores import StoreRow
from core.work import Work

MARK_ORDERED = """
UPDATE cart c SET order_id = o.order_id FROM unnest($2::uuid[], $3::uuid[]) AS o(cart_id, order_id)
WHERE c.tenant_id = $1 AND c.id = o.cart_id AND c.order_id IS NULL
"""
_PATH = ("input", "cartId")


@dataclass(frozen=True, slots=True)
class PlaceRequest:
    cart_id: UUID
    actor: Actor
    key: str
    cart_version: int | None = None
    contact: Contact | None = None
    note: str | None = None

    @property
    def once(self) -> Request:
        """The same wish under the same key is fulfilled once. A guest is known by the cart, which is a secret."""
        caller = self.actor.label if self.actor.kind == ActorKind.MEMBER else f"guest:{self.cart_id}"
        contact = (self.contact.phone, self.contact.name) if self.contact else None
        return Request("orderPlace", caller, self.key, [str(self.cart_id), self.cart_version, contact, self.note])


@dataclass(slots=True)
class _Candidate:
    request: PlaceRequest
    cart: CartRow
    order_id: UUID

    @property
    def demand(self) -> Demand:
        assert self.cart.store_id is not None
        return Demand(self.order_id, self.cart.store_id, self.cart.quantities)


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
    answers: dict[int, UUID | DomainError] = {}
    locked = await carts.lock(work, [request.cart_id for request in requests])
    before = await idempotency.recall(work, [request.once for request in requests])
    shops = await _stores(work, locked)
    candidates: dict[int, _Candidate] = {}
    room = await room_today(work)
    for index, (request, cart, known) in enumerate(zip(requests, locked, before, strict=True)):
        if known is not None:
            answers[index] = known
            continue
        try:
            orderable = _orderable(work, request, cart, shops)
            if room is not None and len(candidates) >= room:
                raise full(work)
            candidates[index] = _Candidate(request, orderable, new_id())
        except DomainError as refusal:
            answers[index] = refusal
    refusals = await inventory.reserve(work, [candidate.demand for candidate in candidates.values()])
    for (index, candidate), short in zip(candidates.items(), refusals, strict=True):
        answers[index] = short or candidate.order_id
    await _write(work, [c for c, short in zip(candidates.values(), refusals, strict=True) if short is None])
    return [answers[index] for index in range(len(requests))]


async def _stores(work: Work, locked: Sequence[CartRow | None]) -> dict[UUID, StoreRow]:
    ids = sorted({cart.store_id for cart in locked if cart is not None and cart.store_id is not None})
    return {store.id: store for store in await stores.by_ids(work, ids) if store is not None}


def _orderable(work: Work, request: PlaceRequest, cart: CartRow | None, shops: Mapping[UUID, StoreRow]) -> CartRow:
    """The cart, if it can become an order as it is."""
    request.once.check()
    if cart is None or not carts.open_to(cart, request.actor):
        raise NotFound(what="cart", path=_PATH)
    if cart.order_id is not None:
        raise carts.CartOrdered(cart.order_id, path=_PATH)
    if request.cart_version is not None and request.cart_version != cart.version:
        raise Stale(path=("input", "cartVersion"))
    if not cart.lines:
        raise Invalid(reason="The cart is empty.", path=_PATH)
    store = shops.get(cart.store_id) if cart.store_id is not None else None
    if store is None:
        raise Invalid(reason="Choose a store first: cartFulfilmentSet finds the best one.", path=_PATH)
    if not carts.serves_now(cart, store, work.brand.time_zone):
        raise carts.StoreClosed(store=store.name, path=_PATH)
    _require_reachable(work, request, cart)
    return cart


def _require_reachable(work: Work, request: PlaceRequest, cart: CartRow) -> None:
    """A delivery needs an address; a guest who collects, a phone number where the brand wants one."""
    if cart.fulfilment == "DELIVERY" and cart.sealed_address is None:
        raise Invalid(reason="A delivery needs an address: use cartFulfilmentSet.", path=_PATH)
    unknown = request.actor.kind == ActorKind.ANONYMOUS and request.contact is None and cart.sealed_contact is None
    if unknown and cart.fulfilment == "PICKUP" and work.rules(OrderRules).guest_contact_required:
        raise Invalid(reason="Leave a phone number, so that the store can reach you.", path=("input", "contact"))


async def _write(work: Work, placed: Sequence[_Candidate]) -> None:
    if not placed:
        return
    sales = [_sale(work, candidate) for candidate in placed]
    await ordering.write(work, sales)
    await inventory.write_reservations(work, [candidate.demand for candidate in placed])
    await work.execute(MARK_ORDERED, [c.cart.id for c in placed], [c.order_id for c in placed])
    await ordering.tell(work, [sale.id for sale in sales], "placed")
    await idempotency.remember(work, [(candidate.request.once, candidate.order_id) for candidate in placed])
    for sale in sales:
        work.emit(OrderPlaced(order_id=sale.id, store_id=sale.store_id, payable=sale.totals.payable.minor))


def _sale(work: Work, candidate: _Candidate) -> Sale:
    cart, request = candidate.cart, candidate.request
    assert cart.store_id is not None
    assert cart.totals is not None
    contact = request.contact or contacts.open_contact(work.vault, cart.sealed_contact, "cart", cart.id)
    address = contacts.open_address(work.vault, cart.sealed_address, "cart", cart.id)
    return Sale(
        id=candidate.order_id,
        cart_id=cart.id,
        store_id=cart.store_id,
        member_id=cart.member_id or (request.actor.id if request.actor.kind == ActorKind.MEMBER else None),
        kind=cart.fulfilment,
        status="PENDING_PAYMENT",
        payment_status="PENDING",
        contact=contacts.seal(work.vault, contact, "sales_order", "contact", candidate.order_id),
        address=contacts.seal(work.vault, address, "sales_order", "address", candidate.order_id),
        slot_start=cart.slot_start,
        note=request.note,
        totals=cart.totals,
        lock_minutes=work.rules(OrderRules).lock_minutes,
        placed_at=clock.now(),
        lines=[
            SaleLine(line.variant_id, line.quantity, line.unit_price.minor, line.total.minor) for line in cart.lines
        ],
    )
