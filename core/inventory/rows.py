"""Stock as it is read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StockRow:
    on_hand: int
    reserved: int

    @property
    def free(self) -> int:
        """What can still be promised."""
        return self.on_hand - self.reserved


NONE = StockRow(0, 0)
