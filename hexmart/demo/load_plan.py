"""How large each brand of a demo becomes."""

from collections.abc import Sequence
from dataclasses import dataclass

from hexmart.demo import profiles

MANY = 800_000  #: pairs of store and product; of variants, stock rows therefore, there are two to three times as many


@dataclass(frozen=True, slots=True)
class Plan:
    """How many stores, products and members a brand is to have, or has."""

    slug: str
    stores: int
    products: int
    members: int

    def reaches(self, wanted: "Plan") -> bool:
        """Whether nothing that is wanted is missing."""
        return self.grown_to(wanted) == self

    def grown_to(self, wanted: "Plan") -> "Plan":
        """As large as wanted, and in nothing smaller than this."""
        sizes = zip(self._sizes, wanted._sizes, strict=True)
        return Plan(self.slug, *(max(pair) for pair in sizes))

    @property
    def _sizes(self) -> tuple[int, int, int]:
        return self.stores, self.products, self.members


def plan(tenants: int, stores: int | None, products: int | None, members: int) -> tuple[Plan, ...]:
    """Every brand its own size, or its share of the totals."""
    who = [profiles.profile(profiles.slug(number)) for number in range(1, tenants + 1)]
    sizes = zip(
        [one.stores for one in who] if stores is None else _shares(stores, tenants, "stores"),
        [one.products for one in who] if products is None else _shares(products, tenants, "products"),
        strict=True,
    )
    return tuple(Plan(one.slug, *size, members) for one, size in zip(who, sizes, strict=True))


def is_large(plans: Sequence[Plan]) -> bool:
    """Whether a row for every variant in every store would be too many."""
    return sum(one.stores * one.products for one in plans) > MANY


class TooFew(Exception):
    """Totals that do not give every brand one."""


def _shares(total: int, tenants: int, what: str) -> list[int]:
    """A total in parts as equal as can be, the larger first."""
    if total < tenants:
        raise TooFew(f"{total} {what} are too few for {tenants} brands: each needs one.")
    least, more = divmod(total, tenants)
    return [least + (number < more) for number in range(tenants)]
