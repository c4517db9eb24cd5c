"""Who may become an order: a wish, its cart, and what stands against it before anything is taken."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from core import carts
from core.actors import Actor, ActorKind
from core.carts import CartRow
from core.contacts import Contact
from core.errors import Invalid, NotFound, Stale
from core.idempotency import Request
from core.inventory import Demand, OutOfStock, Place
from core.orders.checkout import Checkout, Hold
from core.orders.rules import OrderRules
from core.orders.slots import require_slot
from core.pricing import Priced
from core.stores import StoreRow
from core.work import Work

PATH = ("input", "cartId")


@dataclass(frozen=True)
class PlaceRequest:
    cart_id: UUID
    actor: Actor
    key: str
    cart_version: int | None = None
    contact: Contact | None = None
    note: str | None = None
    accept_transfer: bool = False  #: whether the buyer waits for what the store does not have
    accept_split: bool = False  #: whether the buyer takes it in several packages
    accept_other_store: bool = False  #: whether the buyer collects it elsewhere where the store cannot have it ready

    @cached_property
    def once(self) -> Request:
        """The same wish under the same key is fulfilled once. A guest is known by the cart, which is a secret."""
        caller = self.actor.label if self.actor.kind == ActorKind.MEMBER else f"guest:{self.cart_id}"
        contact = (self.contact.phone, self.contact.name) if self.contact else None
        wish = [str(self.cart_id), self.cart_version, contact, self.note, self.accept_transfer]
        wish += ["other store"] if self.accept_other_store else []
        wish += ["split"] if self.accept_split else []
        return Request("orderPlace", caller, self.key, wish)


@dataclass
class Candidate:
    """A cart on its way to be an order; what is asked of it again and again is worked out once."""

    request: PlaceRequest
    cart: CartRow
    store_id: UUID
    priced: Priced
    order_id: UUID
    rules_version: int  #: of the brand's rules that it was priced by
    holds: list[tuple[str, Hold]] = field(default_factory=list)  #: by plugin
    fetched: Mapping[Place, int] = field(default_factory=dict)  #: what was taken in other places for want of it here
    packages: Mapping[UUID, UUID] = field(default_factory=dict)  #: the stores of the cart's lines that others give

    @cached_property
    def unit_prices(self) -> dict[UUID, int]:
        """What each variant costs, in minor units for its `priced_per`."""
        return {line.variant_id: line.unit_price.minor for line in self.cart.lines}

    @cached_property
    def demand(self) -> Demand:
        """What it takes off the shelves; here, and nowhere else, bundles become what they are made of."""
        return Demand(self.order_id, self.store_id, self.cart.goods, at_shelf=self.cart.at_shelf)

    @property
    def bundles(self) -> dict[UUID, dict[UUID, int]]:
        """What the bundles in it are made of, as far as it knows."""
        return {line.variant_id: line.goods for line in self.cart.lines if line.bundle}

    def told(self, refusal: OutOfStock) -> OutOfStock:
        """A refusal by what the buyer has asked for, where that is not the goods themselves."""
        if not self.bundles:
            return refusal
        free = {line.variant_id: line.available for line in refusal.lines}
        return OutOfStock(carts.short_lines(self.cart.lines, self.store_id, free), path=refusal.path)

    @property
    def kept(self) -> list[Demand]:
        """What of it is kept for it from the beginning, in its store and, of packages, in others."""
        coming = Counter({variant_id: quantity for (_, variant_id), quantity in self.fetched.items()})
        places: defaultdict[UUID, Counter[UUID]] = defaultdict(Counter)
        for line in self.cart.lines:
            goods = Counter({key: each * line.quantity for key, each in line.goods.items()})
            places[self.packages.get(line.id, self.store_id)] += goods
        places[self.store_id] -= coming
        return [Demand(self.order_id, place, goods) for place, goods in places.items() if goods]

    @property
    def also_at(self) -> list[UUID]:
        """Other stores that have a package of it."""
        return sorted(set(self.packages.values()))

    @property
    def member_id(self) -> UUID | None:
        """The buyer: of the cart, or who places it."""
        actor = self.request.actor
        return self.cart.member_id or (actor.id if actor.kind == ActorKind.MEMBER else None)

    @cached_property
    def checkout(self) -> Checkout:
        """The order as plugins see it."""
        return Checkout(self.order_id, self.cart.basket, self.member_id, self.priced.totals, self.priced.steps)


def candidate(
    work: Work, request: PlaceRequest, cart: CartRow | None, shops: Mapping[UUID, StoreRow], order_id: UUID
) -> Candidate:
    """The cart on its way to be an order, if it can become one as it is."""
    request.once.check()
    if cart is None or not carts.open_to(cart, request.actor):
        raise NotFound(what="cart", path=PATH)
    if cart.order_id is not None:
        raise carts.CartOrdered(cart.order_id, path=PATH)
    if request.cart_version is not None and request.cart_version != cart.version:
        raise Stale(path=("input", "cartVersion"))
    if not cart.lines:
        raise Invalid(reason="The cart is empty.", path=PATH)
    store = _store(work, cart, shops)
    require_slot(work, store, cart.slot_start, path=PATH)
    _require_reachable(work, request, cart)
    return Candidate(request, cart, store.id, _price(cart), order_id, work.rules.version)


def _store(work: Work, cart: CartRow, shops: Mapping[UUID, StoreRow]) -> StoreRow:
    store = shops.get(cart.store_id) if cart.store_id is not None else None
    if store is None:
        raise Invalid(reason="Choose a store first: cartFulfilmentSet finds the best one.", path=PATH)
    if not carts.serves_now(cart, store, work.brand.time_zone):
        raise carts.StoreClosed(store=store.name, path=PATH)
    return store


def _price(cart: CartRow) -> Priced:
    """Nothing is sold at a price in which a plugin that failed had no say."""
    if cart.failed:
        raise cart.failed[0]
    assert cart.priced is not None, "a cart that was locked has its price"
    return cart.priced


def _require_reachable(work: Work, request: PlaceRequest, cart: CartRow) -> None:
    """A delivery needs an address; a guest who collects, a phone number where the brand wants one."""
    if cart.fulfilment == "DELIVERY" and cart.sealed_address is None:
        raise Invalid(reason="A delivery needs an address: use cartFulfilmentSet.", path=PATH)
    unknown = request.actor.kind == ActorKind.ANONYMOUS and request.contact is None and cart.sealed_contact is None
    if unknown and cart.fulfilment == "PICKUP" and work.rules(OrderRules, cart.store_id).guest_contact_required:
        raise Invalid(reason="Leave a phone number, so that the store can reach you.", path=("input", "contact"))
