"""Carts on their way to be orders: priced and looked over, with nothing taken for them yet."""

from collections.abc import Sequence
from uuid import UUID

from core import carts, idempotency, rulebook, stores
from core.carts import CartRow
from core.errors import DomainError
from core.ids import new_id
from core.orders.candidates import Candidate, PlaceRequest, candidate
from core.stores import StoreRow
from core.work import Work

Prepared = Candidate | UUID | DomainError  #: on its way to be an order, an order already, or refused


async def prepare(work: Work, requests: Sequence[PlaceRequest], *, hold: bool = False) -> list[Prepared]:
    """What each request is; `hold` keeps the carts as they are until the transaction ends."""
    await rulebook.renew(work)  # before anything is priced: nobody sells by a rule that is no longer one
    found = await (carts.lock if hold else carts.by_ids)(work, [request.cart_id for request in requests])
    before = await idempotency.recall(work, [request.once for request in requests])
    shops = await _stores(work, found)
    prepared: list[Prepared] = []
    for request, cart, known in zip(requests, found, before, strict=True):
        try:
            prepared.append(known or candidate(work, request, cart, shops, new_id()))
        except DomainError as refusal:
            prepared.append(refusal)
    return await _validated(work, prepared)


async def _stores(work: Work, found: Sequence[CartRow | None]) -> dict[UUID, StoreRow]:
    ids = sorted({cart.store_id for cart in found if cart is not None and cart.store_id is not None})
    return {store.id: store for store in await stores.by_ids(work, ids) if store is not None}


async def _validated(work: Work, prepared: list[Prepared]) -> list[Prepared]:
    """The same, less what plugins have something against."""
    candidates = [one for one in prepared if isinstance(one, Candidate)]
    if not candidates or not work.hooks.answers("validate_checkout"):
        return prepared
    said = await work.hooks.refusals(work, "validate_checkout", [one.checkout for one in candidates])
    refused = {one.order_id: refusal for one, refusal in zip(candidates, said, strict=True) if refusal is not None}
    return [refused.get(one.order_id, one) if isinstance(one, Candidate) else one for one in prepared]
