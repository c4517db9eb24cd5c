"""What travels with one request through its resolvers."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from core import audit
from core.actors import Actor
from core.carts import Scan, Scanned
from core.orders import OrderRow, PlaceRequest
from core.work import Work
from tenants import Platform, Tenant
from tenants.throttle import Guard

PERSONAL_READ = "personal.read"  #: in the audit log: a phone number or an address was seen in full


@dataclass(slots=True)
class Info:
    """The request: who asks which brand, in which language; and its one read transaction."""

    platform: Platform
    tenant: Tenant
    viewer: Actor
    language: str
    request_id: str
    loaders: dict[object, object] = field(default_factory=dict)
    loaded: list[tuple[object, Sequence[Any], Sequence[Any]]] = field(default_factory=list)  #: field, parents, results
    shared: bool = False  #: whether the answer is the same for every guest until what it read changes
    tables: set[str] = field(default_factory=set)  #: that were read, once the request is over
    spent: int = 0  #: what was really loaded, in the units that `cost` declares
    changed: UUID | None = None  #: the order, or the member, that a subscription is asked about
    shown: dict[str, dict[UUID, UUID | None]] = field(default_factory=dict)  #: in full, to whom it is not their own
    _work: Work | None = None
    _open: AsyncExitStack = field(default_factory=AsyncExitStack)
    _over: bool = False

    @property
    def work(self) -> Work:
        """The Work that this operation reads in: one snapshot, begun by its first statement."""
        if self._over:  # a loader runs in a task of its own, which may outlive the request that was cancelled
            raise RuntimeError("this request is over")
        if self._work is None:
            self._work = self.platform.reading(self._open, self.tenant, self.viewer, language=self.language)
        return self._work

    def results(self, field: object) -> dict[int, Any]:
        """What a field has given already, by the id of the parent; parents are kept, so that their ids stay theirs."""
        found = [(parents, results) for loaded, parents, results in self.loaded if loaded == field]
        return {
            id(parent): result for parents, results in found for parent, result in zip(parents, results, strict=True)
        }

    def writing(self) -> AbstractAsyncContextManager[Work]:
        """A transaction of its own, for a mutation."""
        return self.platform.open_work(self.tenant, self.viewer, language=self.language)

    async def place(self, request: PlaceRequest) -> OrderRow | UUID:
        """Have a cart become an order, together with others; an id where it was one before."""
        return await self.platform.checkouts.place(self.tenant, request, language=self.language)

    async def scan(self, scan: Scan) -> Scanned:
        """Have what was scanned put into a cart, together with others."""
        return await self.platform.scans.put(self.tenant, scan, language=self.language)

    def attempt(self, guard: Guard, subject: str = "") -> AbstractAsyncContextManager[None]:
        """Do the block as one guarded attempt: a refusal in it counts against its subject and the caller's address."""
        return self.platform.attempt(self.tenant, self.viewer.origin.address, guard, subject)

    async def close(self) -> None:
        """End the read transaction; the response is encoded after it, and what is read later begins another."""
        work, self._work = self._work, None
        try:
            if work is not None:
                self.tables |= work.read_tables
                await work.commit()
        finally:
            await self._open.aclose()

    def show(self, subject_type: str, subject_id: UUID, store_id: UUID | None) -> None:
        """Say that somebody else's personal data are in the answer, in full; the store they belong to, if to one."""
        self.shown.setdefault(subject_type, {})[subject_id] = store_id

    async def disclose(self) -> None:
        """Write down what was shown in full; an answer that cannot be written down is not given."""
        if self.shown:
            await self.close()
            async with self.writing() as work:
                for subject_type, subjects in self.shown.items():
                    await audit.record_readings(work, PERSONAL_READ, subject_type, list(subjects.items()))

    async def end(self) -> None:
        """Close for good."""
        self._over = True
        await self.close()
