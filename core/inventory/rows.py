"""Stock as it is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class StockRow:
    on_hand: int
    reserved: int
    location_id: UUID | None  #: None: of every place together
    sellable: int  #: what online orders may still take

    @property
    def free(self) -> int:
        """What nobody has been promised."""
        return self.on_hand - self.reserved

    def left(self, *, at_shelf: bool) -> int:
        """What may still be taken: by whoever stands at the shelf all that nobody has been promised."""
        return max(self.free, 0) if at_shelf else self.sellable


def whole(parts: Sequence[tuple[StockRow, int]]) -> StockRow:
    """How many there are of what takes so many of each part: as many as of the part that runs out first."""
    on_hand = min(stock.on_hand // each for stock, each in parts)
    free = min(stock.free // each for stock, each in parts)
    sellable = min(stock.sellable // each for stock, each in parts)
    return StockRow(on_hand, on_hand - free, parts[0][0].location_id, sellable)
