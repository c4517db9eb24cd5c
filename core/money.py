"""Money in integer minor units; never a float."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

_EXPONENTS = {"JPY": 0, "KRW": 0, "VND": 0, "KWD": 3, "BHD": 3}  # ISO 4217; every other currency of ours has two


@dataclass(slots=True, frozen=True)
class Money:
    minor: int  #: fen for CNY, yen for JPY
    currency: str  #: ISO 4217

    @property
    def amount(self) -> Decimal:
        """The amount in whole units, with the currency's own number of decimals."""
        return _amount(self.minor, exponent(self.currency))


@lru_cache(maxsize=4096)  # a shop has a few hundred different prices, and shows each of them all day
def _amount(minor: int, decimals: int) -> Decimal:
    return Decimal(minor).scaleb(-decimals)


def of_units(amount: float | str | Decimal, currency: str) -> Money:
    """Money out of whole units, as others' protocols have them: what is finer than a minor unit is rounded, half up.

    A float is taken for the decimal number that it is written as.
    """
    minor = Decimal(str(amount)).scaleb(exponent(currency)).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return Money(int(minor), currency)


def exponent(currency: str) -> int:
    """How many decimals the currency has."""
    return _EXPONENTS.get(currency, 2)


def split(amount: int, weights: Sequence[int]) -> list[int]:
    """Share an amount by weight so that the parts add up again (largest remainder)."""
    total = sum(weights)
    if total == 0:
        weights, total = [1] * len(weights), len(weights)
    parts = [amount * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % total), i))
    for index in by_remainder[: amount - sum(parts)]:
        parts[index] += 1
    return parts
