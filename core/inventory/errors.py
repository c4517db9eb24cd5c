"""Why stock could not be had."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from core.errors import DomainError


@dataclass(frozen=True, slots=True)
class ShortLine:
    store_id: UUID
    variant_id: UUID
    wanted: int
    available: int
    lacking: Mapping[UUID, int] | None = None  #: of a bundle: how much of each part

    @property
    def missing(self) -> Mapping[UUID, int]:
        """How much more there would have to be, of which goods."""
        return {self.variant_id: self.wanted - self.available} if self.lacking is None else self.lacking


class OutOfStock(DomainError):
    """This store does not have all of it any more."""

    def __init__(self, lines: Sequence[ShortLine], *, path: tuple[str, ...] = ()) -> None:
        super().__init__(path=path)
        self.lines = list(lines)
