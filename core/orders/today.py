"""How many orders a brand has had today, and how many more its plan allows."""

from datetime import datetime
from zoneinfo import ZoneInfo

from core import clock
from core.errors import LimitReached
from core.ids import first_id
from core.work import Work

# Ids grow with time: today's orders are the end of the primary key, and nobody has to count them up in a row that every
# order would have to lock.
PLACED = "SELECT count(*) FROM sales_order WHERE tenant_id = $1 AND id >= $2"
PLACED_UP_TO = f"SELECT count(*) FROM ({PLACED.replace('count(*)', 'id')} LIMIT $3) AS placed"


async def placed_today(work: Work) -> int:
    """Orders since midnight in the brand's time zone, a till's sales among them."""
    return int(await work.value(PLACED, first_id(_midnight(work))))


async def room_today(work: Work) -> int | None:
    """How many more orders the plan allows today; None is any number.

    Orders that are placed at this moment by others are not seen yet: so many can be placed beyond it.
    """
    quota = work.brand.quotas.orders_per_day
    if quota is None:
        return None
    return quota - int(await work.value(PLACED_UP_TO, first_id(_midnight(work)), quota))


def full(work: Work) -> LimitReached:
    """Why no more orders are taken today."""
    quota = work.brand.quotas.orders_per_day
    reason = f"The shop takes {quota} orders a day, and has them: come again tomorrow."
    return LimitReached(reason=reason, path=("input", "cartId"))


def _midnight(work: Work) -> datetime:
    now = clock.now().astimezone(ZoneInfo(work.brand.time_zone))
    return now.replace(hour=0, minute=0, second=0, microsecond=0)
