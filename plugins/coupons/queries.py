"""Reads of campaigns and coupons."""

from collections.abc import Sequence
from uuid import UUID

from core import members
from core.actors import ActorKind
from core.work import Work
from plugins.coupons import permissions
from plugins.coupons.rows import CampaignRow, CouponRow, Figures

CAMPAIGN = """c.id, c.name, c.state, c.audience, c.terms::text, c.total, c.per_member, c.claim_from, c.claim_until,
    c.valid_from, c.valid_until, c.valid_days, c.delay_days, c.issued, c.printed, c.created_at"""
COUPON = """c.id, c.campaign_id, c.member_id,
    CASE WHEN c.state IN ('UNUSED', 'GIVEN') AND c.gift_taken_at IS NULL AND c.valid_until <= app_now()
        THEN 'EXPIRED' ELSE c.state END,
    c.code, c.terms::text, c.origin, c.valid_from, c.valid_until, c.issued_at, c.order_id, c.store_id, c.discount,
    c.used_at, c.gift, c.gift_taken_at, (SELECT m.tier FROM member m WHERE m.tenant_id = $1 AND m.id = c.member_id)"""
OPEN = """c.state = 'ACTIVE' AND (c.claim_from IS NULL OR c.claim_from <= app_now())
    AND (c.claim_until IS NULL OR c.claim_until > app_now()) AND (c.valid_until IS NULL OR c.valid_until > app_now())"""

CAMPAIGNS = f"SELECT {CAMPAIGN} FROM coupons_campaign c WHERE c.tenant_id = $1 AND c.id = any($2::uuid[])"
CAMPAIGNS_PAGE = f"""
SELECT {CAMPAIGN} FROM coupons_campaign c WHERE c.tenant_id = $1 AND ($2::uuid IS NULL OR c.id < $2)
ORDER BY c.id DESC LIMIT $3
"""
CAMPAIGNS_COUNT = "SELECT count(*) FROM coupons_campaign WHERE tenant_id = $1"
OFFERED = f"""
SELECT {CAMPAIGN} FROM coupons_campaign c WHERE c.tenant_id = $1 AND c.audience = $2 AND {OPEN}
AND (c.total IS NULL OR c.issued < c.total) ORDER BY c.id DESC LIMIT $3
"""
FIGURES = """
SELECT c.id, c.issued, p.used, p.taken, p.discount, c.terms->>'currency'
FROM coupons_campaign c CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE k.state = 'USED') AS used, count(*) FILTER (WHERE k.state = 'TAKEN') AS taken,
        coalesce(sum(k.discount) FILTER (WHERE k.state = 'USED'), 0)::bigint AS discount
    FROM coupons_coupon k WHERE k.tenant_id = $1 AND k.campaign_id = c.id) p
WHERE c.tenant_id = $1 AND c.id = any($2::uuid[])
"""
COUPONS = f"""
SELECT {COUPON} FROM coupons_coupon c WHERE c.tenant_id = $1 AND c.id = any($2::uuid[])
"""
PAGES = f"""
SELECT {COUPON} FROM unnest($2::uuid[]) AS asked(member_id) CROSS JOIN LATERAL (
    SELECT * FROM coupons_coupon k WHERE k.tenant_id = $1 AND k.member_id = asked.member_id
    AND ($3::uuid IS NULL OR k.id < $3) ORDER BY k.id DESC LIMIT $4) c
ORDER BY c.member_id, c.id DESC
"""
COUNTS = """
SELECT member_id, count(*) FROM coupons_coupon WHERE tenant_id = $1 AND member_id = any($2::uuid[]) GROUP BY member_id
"""
UNUSED = f"""
SELECT {COUPON} FROM coupons_coupon c
WHERE c.tenant_id = $1 AND c.member_id = any($2::uuid[]) AND c.state = 'UNUSED' AND c.valid_until > app_now()
ORDER BY c.member_id, c.valid_until, c.id LIMIT $3
"""
WORDS = """
SELECT campaign_id, word FROM coupons_code
WHERE tenant_id = $1 AND campaign_id = any($2::uuid[]) AND word IS NOT NULL ORDER BY id
"""
BY_CODE = f"SELECT {COUPON} FROM coupons_coupon c WHERE c.tenant_id = $1 AND c.code_index = $2"
#: the coupons that codes of carts stand for: their own, or the one that a word or printed code was turned into
OF_CODES = f"""
SELECT asked.place, {COUPON} FROM unnest($2::bigint[], $3::bytea[], $4::uuid[]) AS asked(place, code_index, member_id)
JOIN coupons_coupon c ON c.tenant_id = $1 AND c.code_index = asked.code_index AND c.member_id = asked.member_id
UNION ALL
SELECT asked.place, {COUPON} FROM unnest($2::bigint[], $3::bytea[], $4::uuid[]) AS asked(place, code_index, member_id)
JOIN coupons_code k ON k.tenant_id = $1 AND k.code_index = asked.code_index
JOIN coupons_coupon c ON c.tenant_id = $1 AND c.code_id = k.id AND c.member_id = asked.member_id
"""
MOST_UNUSED = 200


async def campaigns_by_ids(work: Work, ids: Sequence[UUID]) -> list[CampaignRow | None]:
    """Campaigns in the order of their ids, whoever asks."""
    found = {row.id: row for row in await work.rows(CampaignRow, CAMPAIGNS, list(set(ids)))}
    return [found.get(key) for key in ids]


async def visible_campaigns(work: Work, ids: Sequence[UUID]) -> list[CampaignRow | None]:
    """Staff see every campaign, everybody those that the public may claim from."""
    rows, may = await campaigns_by_ids(work, ids), work.actor.may(permissions.READ.name)
    return [row if row is not None and (may or is_public(row)) else None for row in rows]


def is_public(row: CampaignRow) -> bool:
    """Whether whoever comes may claim a coupon of it."""
    return row.audience == "PUBLIC" and row.why_not_offered is None


async def page_of_campaigns(work: Work, *, after: UUID | None, limit: int) -> list[CampaignRow]:
    """Campaigns, the newest first."""
    return await work.rows(CampaignRow, CAMPAIGNS_PAGE, after, limit)


async def count_campaigns(work: Work) -> int:
    """How many there are."""
    return int(await work.value(CAMPAIGNS_COUNT))


async def offered(work: Work, audience: str, limit: int) -> list[CampaignRow]:
    """Campaigns of an audience that give out coupons now, the newest first."""
    return await work.rows(CampaignRow, OFFERED, audience, limit)


async def figures(work: Work, ids: Sequence[UUID]) -> list[Figures | None]:
    """What has become of each campaign's coupons."""
    found = {row.campaign_id: row for row in await work.rows(Figures, FIGURES, list(set(ids)))}
    return [found.get(key) for key in ids]


async def by_ids(work: Work, ids: Sequence[UUID]) -> list[CouponRow | None]:
    """Coupons in the order of their ids, whoever asks."""
    found = {row.id: row for row in await work.rows(CouponRow, COUPONS, list(set(ids)))}
    return [found.get(key) for key in ids]


async def visible(work: Work, ids: Sequence[UUID]) -> list[CouponRow | None]:
    """Coupons in the order of their ids: a member's own; to staff, those of members in their reach."""
    rows = await by_ids(work, ids)
    seen = await seen_members(work, [row.member_id for row in rows if row is not None])
    return [row if row is not None and row.member_id in seen else None for row in rows]


async def seen_members(work: Work, ids: Sequence[UUID]) -> set[UUID]:
    """Members whose coupons the actor may see."""
    if work.actor.kind == ActorKind.MEMBER:
        return {key for key in ids if key == work.actor.id}
    return await members.within_reach(work, permissions.READ, ids) if ids else set()


async def pages_of_members(
    work: Work, member_ids: Sequence[UUID], limit: int, *, after: UUID | None
) -> list[list[CouponRow]]:
    """A page of the coupons of each member, the newest first."""
    grouped: dict[UUID, list[CouponRow]] = {key: [] for key in member_ids}
    for row in await work.rows(CouponRow, PAGES, list(grouped), after, limit):
        grouped[row.member_id].append(row)
    return [grouped[key] for key in member_ids]


async def counts_of_members(work: Work, member_ids: Sequence[UUID]) -> list[int]:
    """How many coupons each member has or had."""
    found = {row["member_id"]: row["count"] for row in await work.fetch(COUNTS, list(set(member_ids)))}
    return [found.get(key, 0) for key in member_ids]


async def unused_of(work: Work, member_ids: Sequence[UUID]) -> list[CouponRow]:
    """What members could use, the soonest to expire first."""
    return await work.rows(CouponRow, UNUSED, list(set(member_ids)), MOST_UNUSED * len(set(member_ids)))


async def by_code(work: Work, code_index: bytes) -> CouponRow | None:
    """The coupon with that code, whoever holds it."""
    return await work.row(CouponRow, BY_CODE, code_index)


async def words(work: Work, campaign_ids: Sequence[UUID]) -> list[list[str]]:
    """The words of each campaign."""
    grouped: dict[UUID, list[str]] = {key: [] for key in campaign_ids}
    for row in await work.fetch(WORDS, list(grouped)):
        grouped[row["campaign_id"]].append(row["word"])
    return [grouped[key] for key in campaign_ids]
