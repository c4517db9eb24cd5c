"""Why stock could not be had."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from core.errors import DomainError


@dataclass(frozen=True, slots=True)
class ShortLine:
    store_id: UUID
    variant_id: UUID
    wanted: int
    available: int


class OutOfStock(DomainError):
    """This store does not have all of it any more."""

    def __init__(self, lines: Sequence[ShortLine], *, path: tuple[str, ...] = ()) -> None:
        super().__init__(path=path)
        self.lines = list(lines)
