"""How points are given by hand, and how that is refused: cases for the log."""

from schema.relay import global_id
from tests.ledgers import join
from tests.schema.auditing import Case, Input, Stage


async def given(stage: Stage) -> Input:
    [member] = await join(stage.platform, stage.world)
    return {"memberId": global_id("Member", member), "points": 5, "reason": "an apology", "idempotencyKey": "1"}


CASES = {"pointsAdjust": Case(given, {"points": 0})}
