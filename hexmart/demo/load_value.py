"""one brand of the demo whose members pay in beforehand, with a bonus, and pay orders in parts."""

from core import rulebook
from core.rulebook import Wanted
from core.work import Work

PLUGIN = "value"
RULES = {"payments.mixed": True, "value.bonus_every": 50_000, "value.bonus": 5_000}
ANY = "SELECT 1 FROM rule_version WHERE tenant_id = $1 AND key = any($2::text[]) LIMIT 1"


async def decide_value(work: Work) -> None:
    """Set the brand's rules, unless somebody has set any of them already."""
    if not await work.value(ANY, list(RULES)):
        for key, value in RULES.items():
            await rulebook.decide(work, Wanted(key=key, value=value, reason="demo"))
