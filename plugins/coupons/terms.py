"""What a coupon gives, for what and where: written into each when somebody gets it, and never changed there."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal
from uuid import UUID

from pydantic import TypeAdapter

from core.money import Money, exponent

Kind = Literal["AMOUNT", "PERCENT", "FREE_DELIVERY"]
Channel = Literal["CART", "COUNTER", "ANYWHERE"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    label: str  #: what shoppers call it
    kind: Kind
    currency: str  #: ISO 4217, of every amount
    off: int = 0  #: minor units; of AMOUNT
    basis_points: int = 0  #: hundredths of a percent; of PERCENT
    most: int | None = None  #: the most that PERCENT and FREE_DELIVERY take off, in minor units
    minimum_spend: int = 0  #: minor units, on the goods it is for, before anything is taken off them
    product_ids: tuple[UUID, ...] = ()  #: that it is for, besides those of the categories; neither: for all
    category_ids: tuple[UUID, ...] = ()  #: with what stands below them
    store_ids: tuple[UUID, ...] = ()  #: that take it; none: all
    fulfilments: tuple[str, ...] = ()  #: it is good for; none: all
    tiers: tuple[str, ...] = ()  #: whose members may use it; none: all
    channel: Channel = "CART"
    stackable: bool = False  #: with other coupons
    givable: bool = False

    @property
    def amount(self) -> Money | None:
        return Money(self.off, self.currency) if self.kind == "AMOUNT" else None

    @property
    def percent(self) -> Decimal | None:
        return Decimal(self.basis_points) / 100 if self.kind == "PERCENT" else None

    @property
    def at_most(self) -> Money | None:
        return Money(self.most, self.currency) if self.most is not None else None

    @property
    def minimum(self) -> Money:
        return Money(self.minimum_spend, self.currency)

    @property
    def is_scoped(self) -> bool:
        """Whether it is for some goods only."""
        return bool(self.product_ids or self.category_ids)

    def is_for(self, product_id: UUID, categories: Sequence[UUID]) -> bool:
        """Whether it is for a product that stands in these categories, its own and all above it."""
        return not self.is_scoped or product_id in self.product_ids or not set(categories).isdisjoint(self.category_ids)

    def off_goods(self, worth: int) -> int:
        """What it takes off goods that are worth so much, in minor units."""
        if self.kind == "AMOUNT":
            return min(self.off, worth)
        share = (2 * worth * self.basis_points + 10_000) // 20_000  # half a minor unit is rounded up, as in a cart
        return share if self.most is None else min(share, self.most)


_TERMS = TypeAdapter(Terms)


def dump(terms: Terms) -> str:
    """Terms as they are stored."""
    return _TERMS.dump_json(terms).decode()


@lru_cache(maxsize=4096)  # the coupons of a campaign have the same
def parse(stored: str) -> Terms:
    """Terms as they were stored."""
    return _TERMS.validate_json(stored)


def spoken(minor: int, currency: str) -> str:
    """An amount as a sentence has it."""
    return f"{Decimal(minor).scaleb(-exponent(currency))} {currency}"
