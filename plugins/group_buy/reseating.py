"""A place that was given back with an order that expired, taken again since it was paid after all."""

from uuid import UUID

from core.errors import DomainError
from core.work import Work
from plugins.group_buy.errors import GroupBuyClosed
from plugins.group_buy.leaving import LOCK_CAMPAIGNS, LOCK_TEAMS
from plugins.group_buy.reasons import PATH
from plugins.group_buy.seating import JOIN, SELL, require

GAVE_UP = "SELECT 1 FROM group_buy_seat WHERE tenant_id = $1 AND order_id = $2 AND state = 'LEFT'"
SIT_AGAIN = """
UPDATE group_buy_seat s SET state = 'RESERVED', ended_at = NULL
FROM group_buy_team t, group_buy_campaign c
WHERE s.tenant_id = $1 AND s.order_id = $2 AND s.state = 'LEFT'
  AND t.tenant_id = $1 AND t.id = s.team_id AND t.state = 'OPEN' AND t.expires_at > app_now() AND t.taken < t.size
  AND c.tenant_id = $1 AND c.id = s.campaign_id AND c.active AND (c.stock IS NULL OR c.taken + s.quantity <= c.stock)
  AND (SELECT count(*) FROM group_buy_seat o WHERE o.tenant_id = $1 AND o.campaign_id = s.campaign_id
       AND o.member_id = s.member_id AND o.state IN ('RESERVED', 'PAID')) < coalesce(c.orders_per_member, 1000000)
  AND NOT EXISTS (SELECT FROM group_buy_seat o WHERE o.tenant_id = $1 AND o.team_id = s.team_id
       AND o.member_id = s.member_id AND o.state IN ('RESERVED', 'PAID'))
RETURNING s.team_id, s.campaign_id, s.quantity
"""


async def claim_again(work: Work, order_id: UUID) -> DomainError | None:
    """Take the same place in the same team, if it is free and the team still waits."""
    await work.fetch(LOCK_CAMPAIGNS, [order_id])
    await work.fetch(LOCK_TEAMS, [order_id])
    if await work.value(GAVE_UP, order_id) is None:
        return None  # it has no place, or has it still
    places = await work.fetch(SIT_AGAIN, order_id)
    if not places:
        return GroupBuyClosed(path=PATH)
    [place] = places
    require(await work.execute(JOIN, [place["team_id"]], [1]), 1)
    require(await work.execute(SELL, [place["campaign_id"]], [place["quantity"]]), 1)
    return None
