"""A campaign as staff wish it, and what can be wrong with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core import catalog, clock, stores
from core.errors import Invalid, NotFound
from core.work import Work

SIZES = (2, 100)
HOURS = (1, 720)
_MOST_NAMED = 200  # stores or regions
_MOST_PRICES = 200


@dataclass(frozen=True, slots=True)
class Price:
    variant_id: UUID
    size: int
    minor: int
    leader_minor: int | None


@dataclass(frozen=True, slots=True)
class Draft:
    product_id: UUID
    name: str
    prices: Sequence[Price]
    starts_at: datetime
    ends_at: datetime
    hours: int
    orders_per_member: int | None = None
    quantity_per_order: int | None = None
    stock: int | None = None
    new_members_only: bool = False
    per_store: bool = False
    store_ids: Sequence[UUID] = ()
    region_ids: Sequence[UUID] = ()
    active: bool = True


async def check(work: Work, draft: Draft) -> None:
    """Refuse a campaign that could not work."""
    problem = next(_problems(draft), None)
    if problem is not None:
        raise problem
    if draft.ends_at <= clock.now():
        raise Invalid(reason="This lies in the past.", path=("input", "endsAt"))
    await _require_known(work, draft)


def check_numbers(numbers: Mapping[str, int | None], path: str = "input") -> None:
    """Limits that are set are at least 1, and hours are not endless."""
    for name, number in numbers.items():
        most = HOURS[1] if name == "hours" else 10**9
        if number is not None and not 1 <= number <= most:
            raise Invalid(reason=f"This lies between 1 and {most}.", path=(path, name))


def _problems(draft: Draft) -> Iterator[Invalid]:
    if draft.starts_at >= draft.ends_at:
        yield Invalid(reason="It ends before it begins.", path=("input", "endsAt"))
    for name, keys in (("storeIds", draft.store_ids), ("regionIds", draft.region_ids)):
        if len(keys) > _MOST_NAMED:
            yield Invalid(reason=f"At most {_MOST_NAMED} can be named.", path=("input", name))
    yield from _problems_of_prices(draft.prices)


def _problems_of_prices(prices: Sequence[Price]) -> Iterator[Invalid]:
    path = ("input", "prices")
    if not 1 <= len(prices) <= _MOST_PRICES:
        yield Invalid(reason=f"There are 1 to {_MOST_PRICES} prices.", path=path)
    if any(not SIZES[0] <= price.size <= SIZES[1] for price in prices):
        yield Invalid(reason=f"A team has {SIZES[0]} to {SIZES[1]} members.", path=(*path, "size"))
    if any(price.leader_minor is not None and price.leader_minor > price.minor for price in prices):
        yield Invalid(reason="A leader pays no more than the others.", path=(*path, "leaderPrice"))
    ladders: dict[UUID, dict[int, int]] = {}
    for price in prices:
        ladders.setdefault(price.variant_id, {})[price.size] = price.minor
    if sum(map(len, ladders.values())) != len(prices):
        yield Invalid(reason="A variant has one price for each size.", path=path)
    if len({frozenset(ladder) for ladder in ladders.values()}) > 1:
        yield Invalid(reason="Every variant has a price for every size.", path=path)
    if any(not _falls(ladder) for ladder in ladders.values()):
        yield Invalid(reason="A larger team pays no more than a smaller one.", path=(*path, "price"))


def _falls(ladder: Mapping[int, int]) -> bool:
    steps = [ladder[size] for size in sorted(ladder)]
    return steps == sorted(steps, reverse=True)


async def _require_known(work: Work, draft: Draft) -> None:
    if (await catalog.products_by_ids(work, [draft.product_id]))[0] is None:
        raise NotFound(what="product", path=("input", "productId"))
    its = {variant.id for variant in (await catalog.variants_of(work, [draft.product_id]))[0]}
    if not {price.variant_id for price in draft.prices} <= its:
        raise NotFound(what="variant of this product", path=("input", "prices", "variantId"))
    if None in await stores.by_ids(work, draft.store_ids):
        raise NotFound(what="store within your reach", path=("input", "storeIds"))
    if None in await stores.regions_by_ids(work, draft.region_ids):
        raise NotFound(what="region", path=("input", "regionIds"))
