"""Giving places back with orders that end: an unpaid seat is free again, a paid one too while its team is open."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from core.orders import Release
from core.work import Work
from plugins.group_buy.events import GroupBuyFailed, GroupBuyHandedOver, GroupBuyLeft

LOCK_CAMPAIGNS = """
SELECT c.id FROM group_buy_campaign c WHERE c.tenant_id = $1 AND c.id IN (
    SELECT s.campaign_id FROM group_buy_seat s WHERE s.tenant_id = $1 AND s.order_id = any($2::uuid[]))
ORDER BY c.id FOR NO KEY UPDATE
"""
LOCK_TEAMS = """
SELECT t.id, t.leader_id FROM group_buy_team t WHERE t.tenant_id = $1 AND t.id IN (
    SELECT s.team_id FROM group_buy_seat s WHERE s.tenant_id = $1 AND s.order_id = any($2::uuid[]))
ORDER BY t.id FOR NO KEY UPDATE
"""
LEAVE = """
UPDATE group_buy_seat s SET state = CASE s.state WHEN 'PAID' THEN 'REFUNDING' ELSE 'LEFT' END, ended_at = app_now()
FROM group_buy_team t
WHERE s.tenant_id = $1 AND s.order_id = any($2::uuid[]) AND s.state IN ('RESERVED', 'PAID')
    AND t.tenant_id = $1 AND t.id = s.team_id
RETURNING s.order_id, s.team_id, s.campaign_id, s.quantity, s.state = 'REFUNDING', t.state
"""
# The leader stays where the leader sits; else who has paid first leads on, and then who came first.
FREE = """
UPDATE group_buy_team t SET taken = t.taken - gone.seats, paid = t.paid - gone.paid,
    state = CASE t.taken - gone.seats WHEN 0 THEN 'FAILED_CANCELLED' ELSE t.state END,
    closed_at = CASE t.taken - gone.seats WHEN 0 THEN app_now() END,
    leader_id = coalesce((
        SELECT s.member_id FROM group_buy_seat s
        WHERE s.tenant_id = $1 AND s.team_id = t.id AND s.state IN ('RESERVED', 'PAID')
        ORDER BY s.member_id <> t.leader_id, s.paid_at, s.reserved_at, s.order_id LIMIT 1), t.leader_id)
FROM unnest($2::uuid[], $3::integer[], $4::integer[]) AS gone(id, seats, paid)
WHERE t.tenant_id = $1 AND t.id = gone.id AND t.state = 'OPEN' RETURNING t.id, t.leader_id, t.state
"""
RESTORE = """
UPDATE group_buy_campaign c SET taken = c.taken - back.quantity
FROM unnest($2::uuid[], $3::bigint[]) AS back(id, quantity) WHERE c.tenant_id = $1 AND c.id = back.id
"""


@dataclass(frozen=True, slots=True)
class _Gone:
    """A seat that was given back."""

    order_id: UUID
    team_id: UUID
    campaign_id: UUID
    quantity: int
    paid: bool
    team_state: str


async def release(work: Work, releases: Sequence[Release]) -> None:
    """Free the seats of orders of which nothing is left; a seat that is free already stays so."""
    order_ids = [one.order_id for one in releases if one.whole]
    if not await work.fetch(LOCK_CAMPAIGNS, order_ids):
        return
    leaders = {row["id"]: row["leader_id"] for row in await work.fetch(LOCK_TEAMS, order_ids)}
    gone = await work.rows(_Gone, LEAVE, order_ids)
    if gone:
        await _free(work, [one for one in gone if one.team_state == "OPEN"], leaders)
        await _restore(work, gone)
    for one in gone:
        work.emit(GroupBuyLeft(team_id=one.team_id, order_id=one.order_id))


async def _free(work: Work, gone: Sequence[_Gone], leaders: dict[UUID, UUID]) -> None:
    """Have teams go on without whoever left; a team that nobody is left in is over."""
    seats, paid = Counter(one.team_id for one in gone), Counter(one.team_id for one in gone if one.paid)
    counted = [paid[key] for key in seats]
    for team in await work.fetch(FREE, list(seats), list(seats.values()), counted) if seats else []:
        if team["state"] != "OPEN":
            work.emit(GroupBuyFailed(team_id=team["id"], state=team["state"]))
        elif team["leader_id"] != leaders[team["id"]]:
            work.emit(GroupBuyHandedOver(team_id=team["id"], member_id=team["leader_id"]))


async def _restore(work: Work, gone: Sequence[_Gone]) -> None:
    """What was not bought after all may be sold again; what a team that succeeded sends back may not."""
    back: Counter[UUID] = Counter()
    for one in gone:
        if not one.paid or one.team_state != "SUCCEEDED":
            back[one.campaign_id] += one.quantity
    if back:
        await work.execute(RESTORE, list(back), list(back.values()))
