"""Money in integer minor units; never a float."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from core.errors import Invalid

MOST = 10**12  #: minor units
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


def minor_of(amount: Decimal, currency: str, path: tuple[str, ...]) -> int:
    """An amount in minor units; it must not be negative or finer than the currency."""
    minor = amount.scaleb(exponent(currency)) if 0 <= amount <= MOST else amount
    if minor != minor.to_integral_value() or not 0 <= minor <= MOST:
        raise Invalid(reason="This is not an amount of money.", path=path)
    return int(minor)


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
