"""Setting up offers, by staff."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from core import audit, catalog, clock, stores
from core.errors import Invalid, NotFound
from core.ids import new_id
from core.rewards import Reward
from core.work import Work
from plugins.points_mall.permissions import MANAGE
from plugins.points_mall.rows import Kind, OfferRow
from plugins.points_mall.taking import hold_offers

TYPE = "PointsMallOffer"
MOST = 10**9
MOST_DAYS = 3_650
MOST_NAMED = 200  #: stores or tiers

INSERT = """
INSERT INTO points_mall_offer (tenant_id, id, kind, variant_id, reward_kind, reward_id, name, points, minor, stock,
    per_member, per_day, starts_at, ends_at, store_ids, tiers, valid_days, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
"""
UPDATE = """
UPDATE points_mall_offer SET name = $3, points = $4, minor = $5, stock = $6, per_member = $7, per_day = $8,
    starts_at = $9, ends_at = $10, store_ids = $11, tiers = $12, valid_days = $13
WHERE tenant_id = $1 AND id = $2 AND ended_at IS NULL
"""
END = "UPDATE points_mall_offer SET ended_at = app_now() WHERE tenant_id = $1 AND id = $2 AND ended_at IS NULL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an offer is to be like."""

    kind: str
    name: str
    points: int
    variant_id: UUID | None = None
    reward: Reward | None = None
    minor: int = 0
    stock: int | None = None
    per_member: int | None = None
    per_day: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    store_ids: Sequence[UUID] = ()
    tiers: Sequence[str] = ()
    valid_days: int | None = None

    @property
    def subject(self) -> tuple[object, ...]:
        """What it gives: that stays as it is."""
        reward = (self.reward.kind, self.reward.subject_id) if self.reward is not None else (None, None)
        return (self.kind, self.variant_id, *reward)

    @property
    def terms(self) -> tuple[object, ...]:
        """All the rest."""
        limits = (self.stock, self.per_member, self.per_day)
        window = (self.starts_at or clock.now(), self.ends_at)
        return (
            self.name,
            self.points,
            self.minor,
            *limits,
            *window,
            list(self.store_ids),
            list(self.tiers),
            self.valid_days,
        )

    @property
    def facts(self) -> dict[str, object]:
        """The plan for the log."""
        limits = {"stock": self.stock, "per_member": self.per_member, "per_day": self.per_day}
        return {"name": self.name, "kind": self.kind, "points": self.points, "minor": self.minor} | limits

    def check(self) -> None:
        """Refuse what makes no sense."""
        self._check_numbers()
        self._check_subject()
        if self.ends_at is not None and self.ends_at <= (self.starts_at or clock.now()):
            raise invalid("It ends before it begins.", "endsAt")
        for name, named in (("storeIds", self.store_ids), ("tiers", self.tiers)):
            if len(named) > MOST_NAMED:
                raise invalid(f"At most {MOST_NAMED} can be named.", name)

    def _check_numbers(self) -> None:
        limits = {"points": self.points, "stock": self.stock, "perMember": self.per_member, "perDay": self.per_day}
        for name, number in limits.items():
            if number is not None and not 1 <= number <= MOST:
                raise invalid(f"This lies between 1 and {MOST}.", name)
        if self.valid_days is not None and not 1 <= self.valid_days <= MOST_DAYS:
            raise invalid(f"This lies between 1 and {MOST_DAYS}.", "validDays")

    def _check_subject(self) -> None:
        """Each kind has what it needs, and nothing of the others."""
        has = {"variantId": self.variant_id, "rewardId": self.reward, "validDays": self.valid_days}
        needs = {Kind.GOODS: "variantId", Kind.COUPON: "rewardId", Kind.SERVICE: "validDays"}[Kind(self.kind)]
        for name, value in has.items():
            if (value is not None) != (name == needs):
                raise invalid(f"An offer of {self.kind} needs {needs}, and none of the others.", name)
        if self.minor and self.kind != Kind.GOODS:
            raise invalid("Only goods cost money beside points.", "cash")


async def save(work: Work, offer_id: UUID | None, plan: Plan) -> UUID:
    """Make an offer, or change what whoever redeems from now on gets; returns its id."""
    plan.check()
    _require_reach(work, plan.store_ids)
    await _require_known(work, plan)
    return await (_create(work, plan) if offer_id is None else _change(work, offer_id, plan))


async def end(work: Work, offer_id: UUID | None) -> UUID:
    """Give no more of it; what members have had stays good."""
    offer = await _held(work, offer_id)
    if not await work.execute(END, offer.id):
        raise Invalid(reason="It has ended before.", path=("input", "offerId"))
    await audit.record(work, "points_mall.offer_ended", TYPE, offer.id, after={"taken": offer.taken})
    return offer.id


async def _create(work: Work, plan: Plan) -> UUID:
    offer_id = new_id()
    await work.execute(INSERT, offer_id, *plan.subject, *plan.terms, clock.now())
    await audit.record(work, "points_mall.offer_created", TYPE, offer_id, after=plan.facts)
    return offer_id


async def _change(work: Work, offer_id: UUID, plan: Plan) -> UUID:
    before = await _held(work, offer_id)
    was = plan_of(before)
    if was.subject != plan.subject:
        raise invalid("What an offer gives stays as it is: end it and make another one.", "kind")
    if plan.stock is not None and plan.stock < before.taken:
        raise invalid(f"{before.taken} were had already.", "stock")
    since = plan.starts_at or before.starts_at
    if not await work.execute(UPDATE, before.id, *replace(plan, starts_at=since).terms):
        raise invalid("It has ended: make another one.", "offerId")
    await audit.record(work, "points_mall.offer_changed", TYPE, before.id, before=was.facts, after=plan.facts)
    return before.id


def plan_of(row: OfferRow) -> Plan:
    """The plan that an offer follows."""
    return Plan(
        kind=row.kind,
        name=row.name,
        points=row.points,
        variant_id=row.variant_id,
        reward=Reward(row.reward_kind, row.reward_id) if row.reward_kind and row.reward_id else None,
        minor=row.minor,
        stock=row.stock,
        per_member=row.per_member,
        per_day=row.per_day,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        store_ids=row.store_ids,
        tiers=row.tiers,
        valid_days=row.valid_days,
    )


async def _held(work: Work, offer_id: UUID | None) -> OfferRow:
    held = await hold_offers(work, [offer_id] if offer_id is not None else [])
    found = next(iter(held.values()), None)
    if found is None or not manages(work, found.store_ids):
        raise NotFound(what="offer", path=("input", "offerId"))
    return found


def manages(work: Work, store_ids: Sequence[UUID]) -> bool:
    """Whether an offer of these stores is the actor's: all of it lies within their reach."""
    reach = work.actor.stores(MANAGE.name)
    return reach is None or (bool(store_ids) and set(store_ids) <= set(reach))


def _require_reach(work: Work, store_ids: Sequence[UUID]) -> None:
    if not manages(work, store_ids):
        raise NotFound(what="store within your reach", path=("input", "storeIds"))


async def _require_known(work: Work, plan: Plan) -> None:
    if None in await stores.by_ids(work, plan.store_ids):
        raise NotFound(what="store within your reach", path=("input", "storeIds"))
    await _require_pieces(work, plan.variant_id)
    if plan.reward is not None and await work.hooks.name_reward(work, plan.reward) is None:
        raise NotFound(what="coupon to be had for points", path=("input", "rewardId"))


async def _require_pieces(work: Work, variant_id: UUID | None) -> None:
    """Points are for one: what is sold by weight has no such thing."""
    if variant_id is None:
        return
    [variant] = await catalog.variants_by_ids(work, [variant_id])
    if variant is None:
        raise NotFound(what="variant", path=("input", "variantId"))
    if variant.priced_per != 1:
        raise invalid("Only what is sold by the piece can be had for points.", "variantId")


def invalid(reason: str, field: str) -> Invalid:
    """A refusal of one field of the plan."""
    return Invalid(reason=reason, path=("input", field))
