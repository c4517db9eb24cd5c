"""What shoppers scan at a brand, put into their carts together."""

from collections.abc import Sequence
from dataclasses import dataclass

from core import carts
from core.actors import system
from core.carts import Scan, Scanned
from core.errors import DomainError
from tenants.batches import Batches, Bounds, Key, Unsure
from tenants.checkouts import Opener
from tenants.registry import Tenant

SCANNING = system("scan")


@dataclass(frozen=True, slots=True)
class _Wish:
    """A scan, to be answered in the shopper's language."""

    tenant: Tenant
    scan: Scan
    language: str


class Scans:
    """A line for each brand and language: it has nothing to wait for but the cart that it holds."""

    def __init__(self, open_work: Opener, bounds: Bounds) -> None:
        self._open_work = open_work
        self._batches: Batches[_Wish, Scanned | DomainError] = Batches(self._perform, bounds)

    async def put(self, tenant: Tenant, scan: Scan, *, language: str) -> Scanned:
        """The cart with what was scanned in it; raises why it is not, or Busy."""
        wish = _Wish(tenant, scan, language)
        answer = await self._batches.submit((tenant.id, (language, tenant.plugins)), wish)
        if isinstance(answer, DomainError):
            raise answer
        return answer

    async def close(self) -> None:
        """Wait for what is under way."""
        await self._batches.close()

    async def _perform(self, _: Key, wishes: Sequence[_Wish]) -> Sequence[Scanned | DomainError]:
        newest, work = wishes[-1], None
        try:
            async with self._open_work(newest.tenant, SCANNING, language=newest.language) as work:
                return await carts.scan(work, [wish.scan for wish in wishes])
        except Exception as error:
            if work is not None and work.committing:  # no key tells a scan from the same one again
                raise Unsure from error
            raise
