"""Finding stores near a shopper and ranking them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from core import clock, inventory, stores
from core.errors import Invalid
from core.inventory import Offer
from core.matching.ranking import Candidate, StoreMatch, reasons
from core.money import Money
from core.pricing import PricingRules, fee_at
from core.stores import GeoPoint, StoreRow, StoreRules
from core.work import Work

DELIVERY = "DELIVERY"
FARTHEST = 100_000  #: metres


@dataclass(frozen=True, slots=True)
class Search:
    point: GeoPoint
    radius: int | None = None  #: metres; None: the brand's rule
    items: Mapping[UUID, int] = field(default_factory=dict)  #: wanted quantity by variant
    fulfilment: str | None = None
    first: int = 10


async def near(work: Work, search: Search) -> list[StoreMatch]:
    """Stores around a point, those that have all the items first, then by score."""
    _check(search)
    radius = search.radius or work.rules(StoreRules).near_radius
    found = await stores.near(work, search.point, radius)
    if search.fulfilment is not None:
        found = [match for match in found if search.fulfilment in match[0].fulfilments]
    ids = [store.id for store, _ in found]
    delivering = await stores.delivering_to(work, search.point, ids)
    offer = await inventory.offered(work, ids, search.items)
    matches = [_match(work, search, radius, store, away, store.id in delivering, offer) for store, away in found]
    if search.fulfilment == DELIVERY:
        matches = [match for match in matches if match.delivers]
    await _hear_plugins(work, search, matches)
    matches.sort(key=lambda match: (not match.has_all_items, -match.score, match.distance_meters, match.store.code))
    return matches[: search.first]


async def best(work: Work, point: GeoPoint, items: Mapping[UUID, int], fulfilment: str) -> StoreMatch | None:
    """The store that suits a shopper best, if one in reach does."""
    matches = await near(work, Search(point, FARTHEST, items, fulfilment, first=1))
    return matches[0] if matches else None


async def stocking(work: Work, point: GeoPoint, wanted: Mapping[UUID, int], first: int) -> list[list[StoreMatch]]:
    """For each variant the nearest stores that have so much of it."""
    radius = FARTHEST
    found = await stores.near(work, point, radius)
    ids = [store.id for store, _ in found]
    offer = await inventory.offered(work, ids, wanted)
    delivering = await stores.delivering_to(work, point, ids)
    nearest = []
    for variant, quantity in wanted.items():
        search = Search(point, radius, {variant: quantity})
        having = [match for match in found if offer.has(match[0].id, search.items)][:first]
        nearest.append([_match(work, search, radius, s, away, s.id in delivering, offer) for s, away in having])
    return nearest


async def _hear_plugins(work: Work, search: Search, matches: Sequence[StoreMatch]) -> None:
    """Add what plugins say of each store to the reasons that there are."""
    if not matches or not work.hooks.answers("store_ranking"):
        return
    candidates = [
        Candidate(match.store.id, match.distance_meters, match.has_all_items, search.fulfilment) for match in matches
    ]
    for match, more in zip(matches, await work.hooks.rank(work, candidates), strict=True):
        match.reasons += more


def _check(search: Search) -> None:
    if not -90 <= search.point.latitude <= 90:
        raise Invalid(reason="A latitude lies between -90 and 90.", path=("input", "location", "latitude"))
    if not -180 <= search.point.longitude <= 180:
        raise Invalid(reason="A longitude lies between -180 and 180.", path=("input", "location", "longitude"))
    if search.radius is not None and not 1 <= search.radius <= FARTHEST:
        raise Invalid(reason=f"A radius lies between 1 and {FARTHEST} metres.", path=("input", "radiusMeters"))
    if not 1 <= search.first <= 100:
        raise Invalid(reason="first lies between 1 and 100.", path=("input", "first"))


def _match(
    work: Work,
    search: Search,
    radius: int,
    store: StoreRow,
    away: float,
    delivers: bool,
    offer: Offer,
) -> StoreMatch:
    rules, pricing = work.rules(StoreRules, store.id), work.rules(PricingRules, store.id)
    open_now = stores.is_open(store.opening_hours, clock.now(), work.brand.time_zone)
    had = offer.has(store.id, search.items)
    travel = away / rules.courier_meters_per_minute if search.fulfilment == DELIVERY else 0
    offers = delivers and DELIVERY in store.fulfilments
    return StoreMatch(
        store=store,
        distance_meters=round(away),
        open=open_now,
        delivers=offers,
        has_all_items=had == len(search.items),
        delivery_fee=Money(fee_at(pricing, away), work.brand.currency) if offers else None,
        ready_in_minutes=round(rules.preparation_minutes + travel) if open_now else None,
        reasons=reasons(
            rules=rules,
            distance=away,
            radius=radius,
            open_now=open_now,
            share_in_stock=had / len(search.items) if search.items else None,
            rating=store.rating,
        ),
    )
