"""Where campaigns hold, and how far the reach of staff goes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from core import stores
from core.actors import Actor
from core.work import Work
from plugins.group_buy.permissions import MANAGE, READ
from plugins.group_buy.rows import CampaignRow


@dataclass(frozen=True, slots=True)
class Places:
    """Stores and regions; with neither, everywhere."""

    store_ids: frozenset[UUID]
    region_ids: frozenset[UUID]

    @classmethod
    def of(cls, store_ids: Collection[UUID], region_ids: Collection[UUID]) -> "Places":
        return cls(frozenset(store_ids), frozenset(region_ids))

    @property
    def everywhere(self) -> bool:
        return not self.store_ids and not self.region_ids

    def meet(self, other: "Places", region_of: dict[UUID, UUID | None]) -> bool:
        """Whether some store lies in both; two that name the same region are taken to meet."""
        if self.everywhere or other.everywhere:
            return True
        if self.store_ids & other.store_ids or self.region_ids & other.region_ids:
            return True
        return self._has_store_of(other, region_of) or other._has_store_of(self, region_of)

    def _has_store_of(self, other: "Places", region_of: dict[UUID, UUID | None]) -> bool:
        return any(region_of.get(store_id) in other.region_ids for store_id in self.store_ids)


async def regions_of(work: Work, store_ids: Collection[UUID]) -> dict[UUID, UUID | None]:
    """The region that each store lies in."""
    shops = await stores.by_ids(work, sorted(store_ids)) if store_ids else []
    return {shop.id: shop.region_id for shop in shops if shop is not None}


def manages(actor: Actor, store_ids: Collection[UUID], region_ids: Collection[UUID]) -> bool:
    """Whether a campaign in these places is the actor's to set up: all of it lies within their stores."""
    if not actor.may(MANAGE.name):
        return False
    reach = actor.stores(MANAGE.name)
    return reach is None or (bool(store_ids) and not region_ids and set(store_ids) <= set(reach))


async def reach_of(work: Work) -> tuple[list[UUID], list[UUID]] | None:
    """The stores whose campaigns the actor may read, and their regions; None: everywhere."""
    reach = work.actor.stores(READ.name)
    if reach is None:
        return None
    found = await regions_of(work, reach)
    return reach, sorted({region for region in found.values() if region is not None})


async def readable(work: Work, campaigns: Sequence[CampaignRow]) -> set[UUID]:
    """Those that whoever asks may see: what has begun everybody, the rest whoever reads campaigns there."""
    public = {campaign.id for campaign in campaigns if campaign.begun}
    reach = await reach_of(work)
    if reach is None:
        return {campaign.id for campaign in campaigns}
    own = Places.of(*reach)
    if own.everywhere:  # of an actor who reaches no store at all
        return public
    return public | {one.id for one in campaigns if own.meet(Places.of(one.store_ids, one.region_ids), {})}
