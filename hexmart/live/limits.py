"""How many connections may stay open, and how much may be followed over one."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pydantic import PositiveInt

from core.errors import LimitReached
from schema.context import Info
from tenants.throttle.admission import network_of


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveLimits:
    """Of each process."""

    operations: PositiveInt = 20  #: at once over one WebSocket
    of_caller: PositiveInt = 10  #: connections of a member, a member of staff or an app
    of_address: PositiveInt = 500  #: of guests: thousands of phones may share an address of their carrier
    of_brand: PositiveInt = 10_000
    unnamed: PositiveInt = 1_000  #: WebSockets that have not said yet who they are


class Rooms:
    """Counts connections, by brand and by who is at the other end."""

    def __init__(self, limits: LiveLimits) -> None:
        self._limits = limits
        self._taken: Counter[str] = Counter()

    def require(self, info: Info) -> None:
        """Turn away one more of what there are enough of."""
        for whose, most in self._rooms(info).items():
            if self._taken[whose] >= most:
                raise LimitReached(reason="There are too many open connections already: close one, or come later.")

    @contextmanager
    def taken(self, info: Info) -> Iterator[None]:
        """Be one of them for as long as the block lasts."""
        rooms = list(self._rooms(info))
        self._taken.update(rooms)
        try:
            yield
        finally:
            self._taken -= Counter(rooms)

    def _rooms(self, info: Info) -> dict[str, int]:
        slug, viewer = info.tenant.slug, info.viewer
        if viewer.id is not None:
            return {slug: self._limits.of_brand, f"{slug}/{viewer.label}": self._limits.of_caller}
        network = network_of(viewer.origin.address)
        return {slug: self._limits.of_brand} | ({f"{slug}/{network}": self._limits.of_address} if network else {})
