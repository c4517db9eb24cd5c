"""What the demo's brands have decided, so that there is something to see of it."""

from collections.abc import Mapping

from core import rulebook
from core.rulebook import Search, Wanted
from core.work import Work

#: a point for each yuan, which pays a fen; deliveries in two packages
RULES: Mapping[str, int] = {"points.minor_per_point": 100, "points.minor_each": 1, "orders.most_packages": 2}
_REASON = "The demo begins with it."


async def add_rules(work: Work) -> None:
    """Set them, but for those that somebody has set already."""
    for key, value in RULES.items():
        if not await rulebook.count(work, Search(key=key)):
            await rulebook.decide(work, Wanted(key=key, value=value, reason=_REASON))
