"""How and where a cart is to reach the shopper."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core import clock, contacts, matching, stores
from core.carts.changing import changeable
from core.carts.errors import OutOfDeliveryArea
from core.carts.rows import DELIVERY, CartRow
from core.carts.writing import touch
from core.contacts import Address, Contact
from core.errors import Invalid, NotFound
from core.stores import StoreRow, StoreRules
from core.work import Work

_STORE = ("input", "storeId")

SET = """
UPDATE cart SET fulfilment = $3, store_id = $4, address = $5, slot_start = $6, contact = coalesce($7, contact)
WHERE tenant_id = $1 AND id = $2
"""


@dataclass(frozen=True, slots=True)
class Wish:
    fulfilment: str
    store_id: UUID | None = None  #: None: the store that suits best
    address: Address | None = None
    slot_start: datetime | None = None
    contact: Contact | None = None


async def set_fulfilment(work: Work, cart_id: UUID | None, wish: Wish) -> UUID:
    """Choose kind, store, address and time; an address outside the store's area is refused with alternatives."""
    cart = await changeable(work, cart_id)
    if wish.fulfilment == DELIVERY and wish.address is None:
        raise Invalid(reason="A delivery needs an address.", path=("input", "address"))
    if wish.slot_start is not None and wish.slot_start <= clock.now():
        raise Invalid(reason="The slot has begun already.", path=("input", "slotStart"))
    store = await _store(work, cart, wish)
    if wish.fulfilment not in store.fulfilments:
        raise Invalid(reason=f"{store.name} does not offer this.", path=("input", "fulfilment"))
    address = wish.address if wish.fulfilment == DELIVERY else None
    await work.execute(
        SET,
        cart.id,
        wish.fulfilment,
        store.id,
        contacts.seal(work.vault, address, "cart", "address", cart.id),
        wish.slot_start,
        contacts.seal(work.vault, wish.contact, "cart", "contact", cart.id),
    )
    await touch(work, cart.id)
    return cart.id


async def _store(work: Work, cart: CartRow, wish: Wish) -> StoreRow:
    """The wanted store, else the best one for the address, else the one the cart has."""
    if wish.store_id is None and wish.address is not None:
        return await _best(work, cart, wish, wish.address)
    store_id = wish.store_id or cart.store_id
    if store_id is None:
        raise Invalid(reason="Say which store, or where you are: an address finds the best one.", path=_STORE)
    store = (await stores.by_ids(work, [store_id]))[0]
    if store is None:
        raise NotFound(what="store", path=_STORE)
    if wish.fulfilment == DELIVERY and wish.address is not None:
        await _require_delivery(work, cart, store, wish.address)
    return store


async def _best(work: Work, cart: CartRow, wish: Wish, address: Address) -> StoreRow:
    match = await matching.best(work, address.location, cart.quantities, wish.fulfilment)
    if match is None:
        first = work.rules(StoreRules).alternatives
        around = await matching.near(work, matching.Search(address.location, items=cart.quantities, first=first))
        raise OutOfDeliveryArea("No store", around, path=("input", "address"))
    return match.store


async def _require_delivery(work: Work, cart: CartRow, store: StoreRow, address: Address) -> None:
    if store.id in await stores.delivering_to(work, address.location, [store.id]):
        return
    first = work.rules(StoreRules).alternatives
    others = matching.Search(address.location, matching.FARTHEST, cart.quantities, fulfilment=DELIVERY, first=first)
    raise OutOfDeliveryArea(store.name, await matching.near(work, others), path=("input", "address"))
