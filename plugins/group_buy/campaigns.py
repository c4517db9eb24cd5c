"""Setting up campaigns, by staff."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core import audit, clock, turns
from core.errors import Invalid, NotFound
from core.ids import new_id
from core.work import Work
from plugins.group_buy.drafts import Draft, check, check_numbers
from plugins.group_buy.errors import GroupBuyOverlap
from plugins.group_buy.queries import CAMPAIGN, prices_of
from plugins.group_buy.rows import CampaignRow
from plugins.group_buy.scope import Places, manages, reach_of, readable, regions_of

KIND = "GroupBuyCampaign"

INSERT = """
INSERT INTO group_buy_campaign (tenant_id, id, product_id, name, active, starts_at, ends_at, hours, orders_per_member,
    quantity_per_order, stock, new_members_only, per_store, store_ids, region_ids)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
"""
INSERT_PRICES = """
INSERT INTO group_buy_price (tenant_id, campaign_id, variant_id, size, minor, leader_minor)
SELECT $1, $2, p.* FROM unnest($3::uuid[], $4::integer[], $5::bigint[], $6::bigint[]) AS p
"""
LOCK = f"SELECT {CAMPAIGN} FROM group_buy_campaign c WHERE c.tenant_id = $1 AND c.id = $2 FOR NO KEY UPDATE"
CHANGE = """
UPDATE group_buy_campaign SET name = $3, active = $4, ends_at = $5, hours = $6, orders_per_member = $7,
    quantity_per_order = $8, stock = $9
WHERE tenant_id = $1 AND id = $2
"""
END = "UPDATE group_buy_campaign SET ended_at = app_now() WHERE tenant_id = $1 AND id = $2 AND ended_at IS NULL"
AT_THE_SAME_TIME = f"""
SELECT {CAMPAIGN} FROM group_buy_campaign c
WHERE c.tenant_id = $1 AND c.id <> $2 AND c.active AND c.ended_at IS NULL AND c.starts_at < $4 AND c.ends_at > $3
    AND c.id IN (SELECT p.campaign_id FROM group_buy_price p WHERE p.tenant_id = $1 AND p.variant_id = any($5::uuid[]))
ORDER BY c.id
"""
PAGE = f"""
SELECT {CAMPAIGN} FROM group_buy_campaign c WHERE c.tenant_id = $1 AND ($2::uuid IS NULL OR c.id < $2)
    AND ($3::uuid[] IS NULL OR (c.store_ids = '{{}}' AND c.region_ids = '{{}}') OR c.store_ids && $3
        OR c.region_ids && $4::uuid[])
ORDER BY c.id DESC LIMIT $5
"""
COUNT = """
SELECT count(*) FROM group_buy_campaign c WHERE c.tenant_id = $1
    AND ($2::uuid[] IS NULL OR (c.store_ids = '{}' AND c.region_ids = '{}') OR c.store_ids && $2
        OR c.region_ids && $3::uuid[])
"""
VISIBLE = f"SELECT {CAMPAIGN} FROM group_buy_campaign c WHERE c.tenant_id = $1 AND c.id = any($2::uuid[])"


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be different of a campaign; None: nothing."""

    name: str | None = None
    active: bool | None = None
    ends_at: datetime | None = None
    hours: int | None = None
    orders_per_member: int | None = None
    quantity_per_order: int | None = None
    stock: int | None = None


async def create(work: Work, draft: Draft) -> UUID:
    """A new campaign; no variant has two at one time in one store."""
    numbers = {"hours": draft.hours, "ordersPerMember": draft.orders_per_member}
    check_numbers(numbers | {"quantityPerOrder": draft.quantity_per_order, "stock": draft.stock})
    await check(work, draft)
    if not manages(work.actor, draft.store_ids, draft.region_ids):
        raise NotFound(what="store within your reach", path=("input", "storeIds"))
    campaign_id = new_id()
    if draft.active:
        places = Places.of(draft.store_ids, draft.region_ids)
        variants = [price.variant_id for price in draft.prices]
        await _require_alone(work, campaign_id, places, variants, (draft.starts_at, draft.ends_at))
    await _insert(work, campaign_id, draft)
    await audit.record(work, "group_buy.campaign_created", KIND, campaign_id, after=_facts(draft))
    return campaign_id


async def change(work: Work, campaign_id: UUID | None, wanted: Change) -> UUID:
    """Change what does not touch anybody who has bought already: prices and sizes stay as they were announced."""
    before = await _held(work, campaign_id)
    _check_change(before, wanted)
    after = Change(**{name: _or(getattr(wanted, name), getattr(before, name)) for name in Change.__slots__})
    assert after.ends_at is not None, "it has ended at some time before"
    if after.active and (not before.active or after.ends_at != before.ends_at):
        variants = [price.variant_id for price in (await prices_of(work, [before.id]))[0]]
        places = Places.of(before.store_ids, before.region_ids)
        await _require_alone(work, before.id, places, variants, (before.starts_at, after.ends_at))
    await work.execute(CHANGE, before.id, *astuple(after))
    was = {name: getattr(before, name) for name in Change.__slots__}
    await audit.record(work, "group_buy.campaign_changed", KIND, before.id, before=was, after=asdict(after))
    return before.id


async def end(work: Work, campaign_id: UUID | None) -> tuple[UUID, bool]:
    """End a campaign for good; says whether it had not ended before. Teams go on to their own end, by rule."""
    campaign = await _held(work, campaign_id)
    ended = bool(await work.execute(END, campaign.id))
    if ended:
        await audit.record(work, "group_buy.campaign_ended", KIND, campaign.id, after={"ended_at": clock.now()})
    return campaign.id, ended


async def visible(work: Work, ids: Sequence[UUID]) -> list[CampaignRow | None]:
    """Campaigns in the order of their ids, as far as whoever asks may see them."""
    rows = await work.rows(CampaignRow, VISIBLE, list(set(ids)))
    seen = await readable(work, rows)
    found = {row.id: row for row in rows if row.id in seen}
    return [found.get(key) for key in ids]


async def page(work: Work, *, after: UUID | None, limit: int) -> list[CampaignRow]:
    """The campaigns that reach a store which the actor's group_buy.read reaches, newest first."""
    store_ids, region_ids = await reach_of(work) or (None, None)
    return await work.rows(CampaignRow, PAGE, after, store_ids, region_ids, limit)


async def count(work: Work) -> int:
    """How many of them there are."""
    store_ids, region_ids = await reach_of(work) or (None, None)
    return int(await work.value(COUNT, store_ids, region_ids))


async def _held(work: Work, campaign_id: UUID | None) -> CampaignRow:
    found = await work.row(CampaignRow, LOCK, campaign_id) if campaign_id is not None else None
    if found is None or not manages(work.actor, found.store_ids, found.region_ids):
        raise NotFound(what="group purchase", path=("input", "campaignId"))
    return found


def _check_change(before: CampaignRow, wanted: Change) -> None:
    numbers = {"hours": wanted.hours, "ordersPerMember": wanted.orders_per_member}
    check_numbers(numbers | {"quantityPerOrder": wanted.quantity_per_order, "stock": wanted.stock})
    if before.ended_at is not None:
        raise Invalid(reason="It has ended: set up another one.", path=("input", "campaignId"))
    if wanted.ends_at is not None and wanted.ends_at <= before.starts_at:
        raise Invalid(reason="It ends before it begins.", path=("input", "endsAt"))
    if wanted.stock is not None and wanted.stock < before.taken:
        raise Invalid(reason=f"{before.taken} are sold already.", path=("input", "stock"))


async def _require_alone(
    work: Work, campaign_id: UUID, places: Places, variant_ids: Sequence[UUID], time: tuple[datetime, datetime]
) -> None:
    """Refuse a second price for a variant in a store; whoever sets up another campaign waits here."""
    await turns.take(work, "group_buy")
    others = await work.rows(CampaignRow, AT_THE_SAME_TIME, campaign_id, *time, list(variant_ids))
    region_of = await regions_of(work, places.store_ids.union(*(other.store_ids for other in others)))
    for other in others:
        if places.meet(Places.of(other.store_ids, other.region_ids), region_of):
            raise GroupBuyOverlap(name=other.name, path=("input", "prices"))


async def _insert(work: Work, campaign_id: UUID, draft: Draft) -> None:
    limits = (draft.hours, draft.orders_per_member, draft.quantity_per_order, draft.stock)
    about = (draft.product_id, draft.name, draft.active, draft.starts_at, draft.ends_at)
    places = (draft.new_members_only, draft.per_store, list(draft.store_ids), list(draft.region_ids))
    await work.execute(INSERT, campaign_id, *about, *limits, *places)
    rows = [(price.variant_id, price.size, price.minor, price.leader_minor) for price in draft.prices]
    await work.execute(INSERT_PRICES, campaign_id, *(list(column) for column in zip(*rows, strict=True)))


def _facts(draft: Draft) -> Mapping[str, object]:
    prices = [[str(price.variant_id), price.size, price.minor, price.leader_minor] for price in draft.prices]
    return {
        "name": draft.name,
        "active": draft.active,
        "starts_at": draft.starts_at,
        "ends_at": draft.ends_at,
        "stock": draft.stock,
        "prices": prices,
    }


def _or(wanted: Any, before: Any) -> Any:
    return before if wanted is None else wanted
