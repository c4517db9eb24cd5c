"""Offers, for the staff who set them up."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import strawberry
from strawberry import ID

from core import contacts
from core.errors import NotFound
from core.money import minor_of
from core.rewards import Reward
from core.work import Work
from plugins.points_mall import offers, queries
from plugins.points_mall.offers import Plan
from plugins.points_mall.permissions import MANAGE
from plugins.points_mall.rows import OfferRow
from plugins.points_mall.schema.offers import PointsMallKind, PointsMallOffer
from schema import relay
from schema.fields import field, mutation
from schema.payloads import Payload


@strawberry.type(description="The offer, or why nothing was done.")
class PointsMallOfferPayload(Payload):
    offer: PointsMallOffer | None = field("The offer as it is now.")


@strawberry.input(description="An offer as it is to be.")
class PointsMallOfferSaveInput:
    offer_id: ID | None = strawberry.field(description="The offer that is changed; absent: a new one.", default=None)
    kind: PointsMallKind = field("What it gives; that stays as it is.")
    name: str = field("What it is called.")
    points: int = field("How many points one takes.")
    cash: Decimal | None = strawberry.field(description="What goods cost beside the points, for one.", default=None)
    variant_id: ID | None = strawberry.field(description="The goods; sold by the piece.", default=None)
    reward_id: ID | None = strawberry.field(
        description="Whose coupon it gives: a campaign of a plugin that gives coupons.", default=None
    )
    valid_days: int | None = strawberry.field(description="For how many days a service waits.", default=None)
    stock: int | None = strawberry.field(
        description="How many there are in all; absent: as many as are wanted.", default=None
    )
    per_member: int | None = strawberry.field(
        description="How many one member may have; absent: any number.", default=None
    )
    per_day: int | None = strawberry.field(description="How many of them in a day; absent: any number.", default=None)
    starts_at: datetime | None = strawberry.field(description="When it begins; absent: now.", default=None)
    ends_at: datetime | None = strawberry.field(description="When it ends; absent: when it is ended.", default=None)
    store_ids: list[ID] | None = strawberry.field(description="Only at these stores.", default=None)
    tiers: list[str] | None = strawberry.field(description="Only for members of these tiers.", default=None)


@strawberry.input(description="An offer that is to end.")
class PointsMallOfferEndInput:
    offer_id: ID = field("The offer.")


@mutation(PointsMallOfferPayload, access=MANAGE)
async def points_mall_offer_save(work: Work, input: PointsMallOfferSaveInput) -> OfferRow | None:
    """Make an offer, or change what whoever redeems from now on gets, in stores that your role reaches."""
    offer_id = relay.filter_key("PointsMallOffer", input.offer_id)
    return await _shown(work, await offers.save(work, offer_id, _plan(work, input)))


@mutation(PointsMallOfferPayload, access=MANAGE)
async def points_mall_offer_end(work: Work, input: PointsMallOfferEndInput) -> OfferRow | None:
    """End an offer for good; what members have had for points stays theirs."""
    return await _shown(work, await offers.end(work, relay.key_of("PointsMallOffer", input.offer_id)))


async def _shown(work: Work, offer_id: UUID) -> OfferRow | None:
    return (await queries.offers_by_ids(work, [offer_id]))[0]


def _plan(work: Work, input: PointsMallOfferSaveInput) -> Plan:
    cash = input.cash if input.cash is not None else Decimal(0)
    return Plan(
        kind=input.kind,
        name=contacts.text(input.name, path=("input", "name")),
        points=input.points,
        variant_id=relay.filter_key("ProductVariant", input.variant_id),
        reward=_reward(input.reward_id),
        minor=minor_of(cash, work.brand.currency, ("input", "cash")),
        stock=input.stock,
        per_member=input.per_member,
        per_day=input.per_day,
        starts_at=input.starts_at,
        ends_at=input.ends_at,
        store_ids=list(dict.fromkeys(relay.key_or_nothing("Store", one) for one in input.store_ids or [])),
        tiers=_tiers(input.tiers or []),
        valid_days=input.valid_days,
    )


def _reward(value: ID | None) -> Reward | None:
    """What another plugin gives, by the type and the key of its id."""
    if value is None:
        return None
    known = relay.parse(value)
    if known is None:
        raise NotFound(what="coupon to be had for points", path=("input", "rewardId"))
    return Reward(*known)


def _tiers(given: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(contacts.text(one, path=("input", "tiers")) for one in given))
