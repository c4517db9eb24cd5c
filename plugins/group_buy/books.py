"""What is known of campaigns, teams and members while places are given; a place that was given counts for the next."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from core import orders, stores
from core.pricing import Basket
from core.stores import StoreRow
from core.work import Work
from plugins.group_buy.queries import CAMPAIGNS, PRICES, TEAMS
from plugins.group_buy.rows import CampaignRow, PriceRow, TeamRow, Wish

# Whoever gives places or takes them back goes by this order: the campaign, its teams, their seats. So nobody waits in
# a circle, and what a transaction has counted stays so until it ends.
LOCK_CAMPAIGNS = f"{CAMPAIGNS} ORDER BY c.id FOR NO KEY UPDATE"
LOCK_TEAMS = f"{TEAMS} ORDER BY t.id FOR NO KEY UPDATE"
SEATED = """
SELECT campaign_id, team_id, member_id FROM group_buy_seat
WHERE tenant_id = $1 AND campaign_id = any($2::uuid[]) AND member_id = any($3::uuid[]) AND state IN ('RESERVED', 'PAID')
"""


@dataclass(frozen=True, slots=True)
class Ask:
    """A cart that is to become a place in a team."""

    wish: Wish
    basket: Basket
    member_id: UUID | None  #: who orders it

    @property
    def quantity(self) -> int:
        return sum(line.quantity for line in self.basket.lines)

    @property
    def variants(self) -> set[UUID]:
        return {line.variant_id for line in self.basket.lines}


@dataclass(slots=True)
class Books:
    campaigns: Mapping[UUID, CampaignRow]
    teams: Mapping[UUID, TeamRow]
    stores: Mapping[UUID, StoreRow]
    priced: Mapping[tuple[UUID, int], set[UUID]]  #: variants by campaign and size of team
    orders: Counter[tuple[UUID, UUID]]  #: by campaign and member
    seated: set[tuple[UUID, UUID]]  #: team and member
    buyers: set[UUID]  #: members who have bought before

    def count(self, ask: Ask) -> None:
        """Count a place that was given."""
        wish = ask.wish
        self.campaigns[wish.campaign_id].taken += ask.quantity
        self.orders[wish.campaign_id, wish.member_id] += 1
        if wish.team_id is not None:
            self.teams[wish.team_id].taken += 1
            self.seated.add((wish.team_id, wish.member_id))


async def look_up(work: Work, asks: Sequence[Ask]) -> Books:
    """The books as they are."""
    return await _read(work, asks, CAMPAIGNS, TEAMS)


async def hold(work: Work, asks: Sequence[Ask]) -> Books:
    """The same, held for the rest of the transaction."""
    return await _read(work, asks, LOCK_CAMPAIGNS, LOCK_TEAMS)


async def _read(work: Work, asks: Sequence[Ask], campaigns_sql: str, teams_sql: str) -> Books:
    """A fixed number of statements; what is counted is read once the campaigns are held."""
    campaign_ids = sorted({ask.wish.campaign_id for ask in asks})
    member_ids = sorted({ask.wish.member_id for ask in asks})
    campaigns = {row.id: row for row in await work.rows(CampaignRow, campaigns_sql, campaign_ids)}
    team_ids = sorted({ask.wish.team_id for ask in asks if ask.wish.team_id is not None})
    teams = {row.id: row for row in await work.rows(TeamRow, teams_sql, team_ids)}
    shops = await stores.by_ids(work, [ask.basket.store_id for ask in asks if ask.basket.store_id is not None])
    seated = await work.fetch(SEATED, campaign_ids, member_ids)
    particular = any(campaign.new_members_only for campaign in campaigns.values())
    return Books(
        campaigns=campaigns,
        teams=teams,
        stores={shop.id: shop for shop in shops if shop is not None},
        priced=_priced(await work.rows(PriceRow, PRICES, campaign_ids, work.brand.currency)),
        orders=Counter((row["campaign_id"], row["member_id"]) for row in seated),
        seated={(row["team_id"], row["member_id"]) for row in seated},
        buyers=await orders.buyers_among(work, member_ids) if particular else set(),
    )


def _priced(rows: Sequence[PriceRow]) -> dict[tuple[UUID, int], set[UUID]]:
    priced: dict[tuple[UUID, int], set[UUID]] = {}
    for row in rows:
        priced.setdefault((row.campaign_id, row.size), set()).add(row.variant_id)
    return priced
