"""Reads of offers and of what was redeemed."""

from collections.abc import Sequence
from uuid import UUID

from core import members
from core.work import Work
from plugins.points_mall.permissions import READ
from plugins.points_mall.rows import OfferRow, RedemptionRow

OFFER = """o.id, o.kind, o.name, o.variant_id, o.reward_kind, o.reward_id, o.points, o.minor, $2::text, o.stock,
    o.taken, o.per_member, o.per_day, o.starts_at, o.ends_at, o.ended_at, o.store_ids, o.tiers, o.valid_days"""
RUNNING = """o.ended_at IS NULL AND o.starts_at <= (SELECT app_now())
    AND (o.ends_at IS NULL OR o.ends_at > (SELECT app_now()))"""
REDEMPTION = """r.id, r.offer_id, r.member_id, r.kind, r.name,
    CASE WHEN r.state = 'OPEN' AND r.valid_until <= app_now() THEN 'LAPSED' ELSE r.state END,
    r.quantity, r.returned, r.points, r.minor, $2::text, r.turn, r.day, r.store_id, r.order_id, r.code,
    r.valid_until, r.used_at, r.created_at"""

OFFERS = f"SELECT {OFFER} FROM points_mall_offer o WHERE o.tenant_id = $1 AND o.id = any($3::uuid[])"
FILTER = "($3::text IS NULL OR o.kind = $3) AND ($4::uuid IS NULL OR o.store_ids = '{}' OR $4 = any(o.store_ids))"
PAGE = f"""
SELECT {OFFER} FROM points_mall_offer o WHERE o.tenant_id = $1 AND {RUNNING} AND {FILTER}
AND ($5::uuid IS NULL OR o.id < $5) ORDER BY o.id DESC LIMIT $6
"""
COUNT = f"""
SELECT count(*) FROM points_mall_offer o WHERE o.tenant_id = $1 AND {RUNNING}
AND {FILTER.replace("$3", "$2").replace("$4", "$3")}
"""
EVERY = f"""
SELECT {OFFER} FROM points_mall_offer o WHERE o.tenant_id = $1 AND ($3::uuid IS NULL OR o.id < $3)
ORDER BY o.id DESC LIMIT $4
"""
COUNT_EVERY = "SELECT count(*) FROM points_mall_offer WHERE tenant_id = $1"
REDEMPTIONS = f"SELECT {REDEMPTION} FROM points_mall_redemption r WHERE r.tenant_id = $1 AND r.id = any($3::uuid[])"
BY_CODE = f"SELECT {REDEMPTION} FROM points_mall_redemption r WHERE r.tenant_id = $1 AND r.code_index = $3"
OF_ORDERS = f"""
SELECT {REDEMPTION} FROM points_mall_redemption r WHERE r.tenant_id = $1 AND r.order_id = any($3::uuid[])
"""
MINE = f"""
SELECT {REDEMPTION} FROM points_mall_redemption r WHERE r.tenant_id = $1 AND r.member_id = $3
AND ($4::uuid IS NULL OR r.id < $4) ORDER BY r.id DESC LIMIT $5
"""
COUNTS = """
SELECT member_id, count(*) FROM points_mall_redemption
WHERE tenant_id = $1 AND member_id = any($2::uuid[]) GROUP BY member_id
"""


async def offers_by_ids(work: Work, ids: Sequence[UUID]) -> list[OfferRow | None]:
    """Offers in the order of their ids, whoever asks."""
    found = {row.id: row for row in await work.rows(OfferRow, OFFERS, work.brand.currency, list(set(ids)))}
    return [found.get(key) for key in ids]


async def visible_offers(work: Work, ids: Sequence[UUID]) -> list[OfferRow | None]:
    """Staff see every offer, everybody those that are on."""
    may = work.actor.may(READ.name)
    return [row if row is not None and (may or row.running) else None for row in await offers_by_ids(work, ids)]


async def page(
    work: Work, *, kind: str | None, store_id: UUID | None, after: UUID | None, limit: int
) -> list[OfferRow]:
    """Offers that are on, the newest first."""
    return await work.rows(OfferRow, PAGE, work.brand.currency, kind, store_id, after, limit)


async def count(work: Work, kind: str | None, store_id: UUID | None) -> int:
    """How many offers of a kind are on at a store."""
    return int(await work.value(COUNT, kind, store_id))


async def page_of_every(work: Work, *, after: UUID | None, limit: int) -> list[OfferRow]:
    """Every offer there is or was, the newest first."""
    return await work.rows(OfferRow, EVERY, work.brand.currency, after, limit)


async def count_every(work: Work) -> int:
    """How many there are or were."""
    return int(await work.value(COUNT_EVERY))


async def redemptions_by_ids(work: Work, ids: Sequence[UUID]) -> list[RedemptionRow | None]:
    """Redemptions in the order of their ids, whoever asks."""
    found = {row.id: row for row in await work.rows(RedemptionRow, REDEMPTIONS, work.brand.currency, list(set(ids)))}
    return [found.get(key) for key in ids]


async def visible(work: Work, ids: Sequence[UUID]) -> list[RedemptionRow | None]:
    """Redemptions in the order of their ids: a member's own; to staff, those of members in their reach."""
    return await _seen(work, await redemptions_by_ids(work, ids))


async def of_orders(work: Work, order_ids: Sequence[UUID]) -> list[RedemptionRow | None]:
    """What each order was redeemed by, as far as whoever asks may see it."""
    rows = await work.rows(RedemptionRow, OF_ORDERS, work.brand.currency, list(set(order_ids)))
    found = {row.order_id: row for row in await _seen(work, rows) if row is not None}
    return [found.get(key) for key in order_ids]


async def by_code(work: Work, code_index: bytes) -> RedemptionRow | None:
    """The service with that code, whoever may use it."""
    return await work.row(RedemptionRow, BY_CODE, work.brand.currency, code_index)


async def page_of_member(work: Work, member_id: UUID, *, after: UUID | None, limit: int) -> list[RedemptionRow]:
    """What a member has redeemed, the newest first."""
    return await work.rows(RedemptionRow, MINE, work.brand.currency, member_id, after, limit)


async def counts_of_members(work: Work, member_ids: Sequence[UUID]) -> list[int]:
    """How often each member has redeemed something."""
    found = {row["member_id"]: row["count"] for row in await work.fetch(COUNTS, list(set(member_ids)))}
    return [found.get(key, 0) for key in member_ids]


async def _seen(work: Work, rows: Sequence[RedemptionRow | None]) -> list[RedemptionRow | None]:
    ids = [row.member_id for row in rows if row is not None]
    seen = await members.within_reach(work, READ, ids) if ids else set()
    return [row if row is not None and row.member_id in seen else None for row in rows]
