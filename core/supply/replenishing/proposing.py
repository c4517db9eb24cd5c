"""Which place could send what runs low: the warehouse that has most, else a store that sells little of what it has."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from core import clock, inventory, stores
from core.ids import first_id
from core.inventory import READ
from core.supply.replenishing.thresholds import thresholds
from core.work import Work

FILLED = 2  #: times the threshold: as much a place should have, and as much a store keeps that gives some away
PLENTY = 3  #: times the threshold: a store that has no more than that gives nothing
CANDIDATES = 50  #: stores that are asked how they sell, of each variant
SELLING = timedelta(days=30)  #: by whose sales a store is slow

# Any so many stores that have plenty, where the actor may read stock; what they have sold is summed for them alone.
STORES = f"""
SELECT w.variant_id, c.location_id, c.spare, (
    SELECT coalesce(-sum(m.delta), 0)::bigint FROM stock_movement m
    WHERE m.tenant_id = $1 AND m.location_id = c.location_id AND m.variant_id = w.variant_id
        AND m.id >= $3 AND m.reason = 'SALE') AS sold
FROM unnest($2::uuid[]) AS w(variant_id) JOIN variant v ON v.tenant_id = $1 AND v.id = w.variant_id
CROSS JOIN LATERAL (
    SELECT s.location_id, s.on_hand - s.reserved - {FILLED} * coalesce(own.threshold, $4) * v.priced_per AS spare
    FROM stock s JOIN location l ON l.tenant_id = $1 AND l.id = s.location_id AND l.active AND l.kind = 'STORE'
    LEFT JOIN unnest($5::uuid[], $6::bigint[]) AS own(location_id, threshold)
        ON own.location_id = s.location_id
    WHERE s.tenant_id = $1 AND s.variant_id = w.variant_id AND ($7::uuid[] IS NULL OR s.location_id = any($7))
        AND s.on_hand - s.reserved > {PLENTY} * coalesce(own.threshold, $4) * v.priced_per
    LIMIT {CANDIDATES}
) c
"""


@dataclass(frozen=True, slots=True)
class Wanting:
    """A variant that is low at a place."""

    location_id: UUID
    variant_id: UUID
    available: int
    threshold: int

    @property
    def wanted(self) -> int:
        """What fills the place up again."""
        return FILLED * self.threshold - self.available


@dataclass(frozen=True, slots=True)
class Proposal:
    location_id: UUID  #: that could send it
    quantity: int


@dataclass(frozen=True, slots=True)
class _Offer:
    location_id: UUID
    spare: int
    sold: int = 0


_Offers = Mapping[UUID, Sequence[_Offer]]  # by variant, the best first


async def propose(work: Work, wanting: Sequence[Wanting]) -> list[Proposal | None]:
    """Who could send each of these, as far as the actor may read stock; None where nobody has plenty."""
    variants = list({one.variant_id for one in wanting if one.wanted > 0})
    warehouses = await _in_warehouses(work, variants)
    lacking = {one.variant_id for one in wanting if _chosen(one, warehouses) is None}
    shops = await _in_stores(work, [key for key in variants if key in lacking])
    return [_chosen(one, warehouses) or _chosen(one, shops) for one in wanting]


def _chosen(one: Wanting, offers: _Offers) -> Proposal | None:
    """The best offer of another place."""
    found = next((offer for offer in offers.get(one.variant_id, ()) if offer.location_id != one.location_id), None)
    return Proposal(found.location_id, min(found.spare, one.wanted)) if found and one.wanted > 0 else None


async def _in_warehouses(work: Work, variants: Sequence[UUID]) -> _Offers:
    """What warehouses may give, those first that have most."""
    known = await stores.warehouses(work) if variants else []
    places = [one.id for one in known if one.active and work.actor.may(READ.name, one.id)]
    free = await inventory.available(work, places, variants) if places else {}
    offers = [(variant, _Offer(place, spare)) for (place, variant), spare in free.items()]
    return _ranked(offers)


async def _in_stores(work: Work, variants: Sequence[UUID]) -> _Offers:
    """What stores may give, those first that sell least of it."""
    if not variants:
        return {}
    since, reach = first_id(clock.now() - SELLING), work.actor.stores(READ.name)
    rows = await work.fetch(STORES, variants, since, *thresholds(work), reach)
    return _ranked((variant, _Offer(place, spare, sold)) for variant, place, spare, sold in rows)


def _ranked(offers: Iterable[tuple[UUID, _Offer]]) -> _Offers:
    found: dict[UUID, list[_Offer]] = {}
    for variant, offer in sorted(offers, key=lambda one: (one[1].sold, -one[1].spare, one[1].location_id)):
        found.setdefault(variant, []).append(offer)
    return found
