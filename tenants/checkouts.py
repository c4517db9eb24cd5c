"""Checkouts of a brand: read and priced together, then written together, a store at a time."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from uuid import UUID

from core import orders
from core.actors import system
from core.errors import DomainError
from core.orders import Candidate, OrderRow, PlaceRequest, Prepared, Settled
from core.work import Work
from tenants.batches import Batches, Bounds, Key
from tenants.registry import Tenant

CHECKOUT = system("checkout")
REPETITIONS = 3  #: of what has changed while it waited; then it is read and written in one transaction
Opener = Callable[..., AbstractAsyncContextManager[Work]]


@dataclass(frozen=True, slots=True)
class _Wish:
    """Someone's wish, to be read in their language."""

    tenant: Tenant
    request: PlaceRequest
    language: str


@dataclass(frozen=True, slots=True)
class _Taking:
    """An order that waits for what goes with it."""

    tenant: Tenant
    candidate: Candidate


class Checkouts:
    """Two lines that every checkout waits in, so that hundreds cost little more than one.

    In the first one it is read, priced and looked over by plugins: no lock is held while they think. The second one,
    of each store its own, takes stock and writes orders, after comparing what the first one relied on.
    """

    def __init__(self, open_work: Opener, bounds: Bounds) -> None:
        self._open_work = open_work
        self._reading: Batches[_Wish, Prepared] = Batches(self._prepare, bounds)
        self._taking: Batches[_Taking, Settled | None] = Batches(self._settle, bounds)

    async def place(self, tenant: Tenant, request: PlaceRequest, *, language: str) -> OrderRow | UUID:
        """The order, or the id of the one that was placed before; raises why there is none, or Busy."""
        settled = await self._place(_Wish(tenant, request, language))
        if isinstance(settled, DomainError):
            raise settled
        return settled

    async def _place(self, wish: _Wish) -> Settled:
        tenant = wish.tenant
        for _ in range(REPETITIONS):
            prepared = await self._reading.submit((tenant.id, (wish.language, tenant.plugins)), wish)
            if not isinstance(prepared, Candidate):
                return prepared
            key = tenant.id, (prepared.store_id, tenant.plugins)
            settled = await self._taking.submit(key, _Taking(tenant, prepared))
            if settled is not None:
                return settled
        async with self._open_work(tenant, CHECKOUT, language=wish.language) as work:
            return (await orders.place(work, [wish.request]))[0]

    async def close(self) -> None:
        """Wait for what is under way."""
        await self._reading.close()
        await self._taking.close()

    async def _prepare(self, _: Key, wishes: Sequence[_Wish]) -> Sequence[Prepared]:
        newest = wishes[-1]
        async with self._open_work(newest.tenant, CHECKOUT, language=newest.language, read_only=True) as work:
            return await orders.prepare(work, [wish.request for wish in wishes])

    async def _settle(self, _: Key, waiting: Sequence[_Taking]) -> Sequence[Settled | None]:
        async with self._open_work(waiting[-1].tenant, CHECKOUT) as work:
            return await orders.settle(work, [one.candidate for one in waiting])
