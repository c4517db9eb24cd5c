"""Orders and inboxes that something was told of: said to every process, for whoever follows them there."""

import base64
from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import count
from typing import Self
from uuid import UUID

from core import clock
from tenants.doorbell import Doorbell

CHANNEL = "hexmart_orders"  #: NOTIFY with News
MOST = 300  #: ids that a notification has room for


@dataclass(frozen=True, slots=True)
class News:
    """Orders of a tenant, and inboxes by their members, that a transaction has told something of."""

    slug: str
    keys: tuple[UUID, ...]
    at: int  #: milliseconds: when it was committed

    @property
    def payload(self) -> str:
        """As it travels."""
        return " ".join((self.slug, str(self.at), *map(_written, self.keys)))

    @classmethod
    def of(cls, payload: str) -> Self:
        slug, at, *ids = payload.split(" ")
        return cls(slug, tuple(map(_read, ids)), int(at))


class Bulletin:
    """Told of every commit with facts about these. It is said in no business transaction, many in one statement."""

    def __init__(self, doorbell: Doorbell) -> None:
        self._doorbell = doorbell
        self._numbers = count()
        self.heard: Callable[[str], None] | None = None  #: told of what is said by any process; None: nobody follows

    def tell(self, slug: str, keys: Collection[UUID]) -> None:
        """Something about these was committed, or may have been."""
        ids, at = tuple(keys), milliseconds()
        for first in range(0, len(ids), MOST):
            news = News(slug, ids[first : first + MOST], at)
            self._doorbell.ring(f"{slug} {next(self._numbers)}", channel=CHANNEL, payload=news.payload)


def milliseconds() -> int:
    """What time it is."""
    return int(clock.now().timestamp() * 1_000)


def _written(key: UUID) -> str:
    return base64.urlsafe_b64encode(key.bytes).rstrip(b"=").decode()


def _read(text: str) -> UUID:
    return UUID(bytes=base64.urlsafe_b64decode(f"{text}=="))
