"""Reads of campaigns, teams and seats."""

from collections.abc import Sequence
from uuid import UUID

from core.work import Work
from plugins.group_buy.rows import CampaignRow, PriceRow, SeatRow, TeamRow, Wish

CAMPAIGN = """c.id, c.product_id, c.name, c.active, c.starts_at, c.ends_at, c.ended_at, c.hours, c.orders_per_member,
    c.quantity_per_order, c.stock, c.taken, c.new_members_only, c.per_store, c.store_ids, c.region_ids, app_now()"""
TEAM = """t.id, t.campaign_id, t.code, t.store_id, t.leader_id, t.size, t.state, t.taken, t.paid, t.filled, t.opened_at,
    t.expires_at, t.closed_at, app_now()"""

CAMPAIGNS = f"SELECT {CAMPAIGN} FROM group_buy_campaign c WHERE c.tenant_id = $1 AND c.id = any($2::uuid[])"
CAMPAIGNS_OF = f"""
SELECT {CAMPAIGN} FROM group_buy_campaign c
WHERE c.tenant_id = $1 AND c.product_id = any($2::uuid[]) AND c.active AND c.ended_at IS NULL
    AND c.starts_at <= app_now() AND c.ends_at > app_now() ORDER BY c.id
"""
TEAMS = f"SELECT {TEAM} FROM group_buy_team t WHERE t.tenant_id = $1 AND t.id = any($2::uuid[])"
TEAM_BY_CODE = f"SELECT {TEAM} FROM group_buy_team t WHERE t.tenant_id = $1 AND t.code = $2"
TEAMS_OF_ORDERS = f"""
SELECT s.order_id, {TEAM} FROM group_buy_seat s JOIN group_buy_team t ON t.tenant_id = $1 AND t.id = s.team_id
WHERE s.tenant_id = $1 AND s.order_id = any($2::uuid[])
"""
#: teams that somebody has paid for and that have room, the first to end first
JOINABLE = f"""
SELECT {TEAM} FROM unnest($2::uuid[]) AS wanted(id) CROSS JOIN LATERAL (
    SELECT * FROM group_buy_team o WHERE o.tenant_id = $1 AND o.campaign_id = wanted.id
    AND o.expires_at > (SELECT app_now())
    AND o.state = 'OPEN' AND o.paid > 0 AND o.taken < o.size AND ($3::uuid IS NULL OR o.store_id = $3)
    ORDER BY o.expires_at, o.id LIMIT $4) t
"""
PRICES = """
SELECT campaign_id, variant_id, size, minor, leader_minor, $3 FROM group_buy_price
WHERE tenant_id = $1 AND campaign_id = any($2::uuid[]) ORDER BY campaign_id, size, minor, variant_id
"""
PRICES_OF_VARIANTS = """
SELECT p.campaign_id, p.variant_id, p.size, p.minor, p.leader_minor, $3 FROM group_buy_price p
WHERE p.tenant_id = $1 AND p.variant_id = any($2::uuid[]) ORDER BY p.minor, p.size
"""
SEATS = """
SELECT s.order_id, s.team_id, s.member_id, s.quantity, s.state,
    row_number() OVER (PARTITION BY s.team_id ORDER BY s.reserved_at, s.order_id), s.member_id = t.leader_id
FROM group_buy_seat s JOIN group_buy_team t ON t.tenant_id = $1 AND t.id = s.team_id
WHERE s.tenant_id = $1 AND s.team_id = any($2::uuid[]) ORDER BY s.team_id, s.reserved_at, s.order_id
"""
WISHES = """
SELECT cart_id, campaign_id, team_id, size, member_id FROM group_buy_wish
WHERE tenant_id = $1 AND cart_id = any($2::uuid[])
"""


async def campaigns_by_ids(work: Work, ids: Sequence[UUID]) -> list[CampaignRow | None]:
    """Campaigns in the order of their ids, whoever asks."""
    found = {row.id: row for row in await work.rows(CampaignRow, CAMPAIGNS, list(set(ids)))}
    return [found.get(key) for key in ids]


async def campaigns_of(work: Work, product_ids: Sequence[UUID]) -> list[list[CampaignRow]]:
    """What is on for each product, in any store."""
    grouped: dict[UUID, list[CampaignRow]] = {key: [] for key in product_ids}
    for row in await work.rows(CampaignRow, CAMPAIGNS_OF, list(grouped)):
        grouped[row.product_id].append(row)
    return [grouped[key] for key in product_ids]


async def prices_of(work: Work, campaign_ids: Sequence[UUID]) -> list[list[PriceRow]]:
    """The ladder of each campaign, small teams first."""
    grouped: dict[UUID, list[PriceRow]] = {key: [] for key in campaign_ids}
    for row in await work.rows(PriceRow, PRICES, list(grouped), work.brand.currency):
        grouped[row.campaign_id].append(row)
    return [grouped[key] for key in campaign_ids]


async def prices_of_variants(work: Work, variant_ids: Sequence[UUID]) -> list[list[PriceRow]]:
    """Every price that a group has paid or pays for each variant, the lowest first."""
    grouped: dict[UUID, list[PriceRow]] = {key: [] for key in variant_ids}
    for row in await work.rows(PriceRow, PRICES_OF_VARIANTS, list(grouped), work.brand.currency):
        grouped[row.variant_id].append(row)
    return [grouped[key] for key in variant_ids]


async def teams_by_ids(work: Work, ids: Sequence[UUID]) -> list[TeamRow | None]:
    """Teams in the order of their ids."""
    found = {row.id: row for row in await work.rows(TeamRow, TEAMS, list(set(ids)))}
    return [found.get(key) for key in ids]


async def team_by_code(work: Work, code: str) -> TeamRow | None:
    """The team that a member has shared."""
    return await work.row(TeamRow, TEAM_BY_CODE, code.strip().upper())


async def teams_of_orders(work: Work, order_ids: Sequence[UUID]) -> list[TeamRow | None]:
    """The team that each order is a seat in."""
    records = await work.fetch(TEAMS_OF_ORDERS, list(set(order_ids)))
    found = {record[0]: TeamRow(*record[1:]) for record in map(tuple, records)}
    return [found.get(key) for key in order_ids]


async def joinable(work: Work, campaign_ids: Sequence[UUID], store_id: UUID | None, limit: int) -> list[list[TeamRow]]:
    """Teams of each campaign that wait for somebody, at a store or anywhere."""
    grouped: dict[UUID, list[TeamRow]] = {key: [] for key in campaign_ids}
    for row in await work.rows(TeamRow, JOINABLE, list(grouped), store_id, limit):
        grouped[row.campaign_id].append(row)
    return [grouped[key] for key in campaign_ids]


async def seats_of(work: Work, team_ids: Sequence[UUID]) -> list[list[SeatRow]]:
    """The seats of each team, those that were given up included."""
    grouped: dict[UUID, list[SeatRow]] = {key: [] for key in team_ids}
    for row in await work.rows(SeatRow, SEATS, list(grouped)):
        grouped[row.team_id].append(row)
    return [grouped[key] for key in team_ids]


async def wishes_of(work: Work, cart_ids: Sequence[UUID]) -> list[Wish | None]:
    """What each cart is bought for."""
    found = {row.cart_id: row for row in await work.rows(Wish, WISHES, list(set(cart_ids)))}
    return [found.get(key) for key in cart_ids]
