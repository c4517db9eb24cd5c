"""Teams whose time is up: each fails or succeeds once, whoever else changes it at the same moment."""

from core.work import Work
from plugins.group_buy.events import GroupBuyFailed, GroupBuySucceeded
from plugins.group_buy.queries import TEAM
from plugins.group_buy.rows import TeamRow
from plugins.group_buy.rules import GroupBuyRules

SWEEP = 200  #: teams ended in one transaction

IS_DUE = """
SELECT FROM group_buy_team WHERE tenant_id = $1 AND state = 'OPEN' AND expires_at <= (SELECT app_now()) LIMIT 1
"""
# SKIP LOCKED: a team that is being joined or paid for is looked at next time
DUE = f"""
SELECT {TEAM} FROM group_buy_team t WHERE t.tenant_id = $1 AND t.state = 'OPEN' AND t.expires_at <= (SELECT app_now())
ORDER BY t.expires_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
"""
END = """
UPDATE group_buy_team t SET state = ends.state, filled = ends.filled, closed_at = app_now()
FROM unnest($2::uuid[], $3::text[], $4::integer[]) AS ends(id, state, filled)
WHERE t.tenant_id = $1 AND t.id = ends.id AND t.state = 'OPEN' RETURNING t.id, t.state
"""


async def end_due(work: Work) -> int:
    """End teams whose time is up; what that means for their orders is done order by order, from the outbox."""
    due = await work.rows(TeamRow, DUE, SWEEP)
    if not due:
        return 0
    ends = [_end(work, team) for team in due]
    states, filled = [state for state, _ in ends], [places for _, places in ends]
    for row in await work.fetch(END, [team.id for team in due], states, filled):
        if row["state"] == "SUCCEEDED":
            work.emit(GroupBuySucceeded(team_id=row["id"]))
        else:
            work.emit(GroupBuyFailed(team_id=row["id"], state=row["state"]))
    return len(due)


def _end(work: Work, team: TeamRow) -> tuple[str, int]:
    """What becomes of a team, and how many of its places are filled with nobody for that."""
    enough = work.rules(GroupBuyRules, team.store_id).fill_from
    if 0 < enough <= team.paid:
        return "SUCCEEDED", team.size - team.taken
    return "FAILED_EXPIRED", 0
