"""Stock that unpaid orders keep past their time is sold at once to whoever is short of it, without waiting for a sweep.

Nothing is waited for here: the stock of new orders is locked already, so whatever else is needed is locked now or left
to the sweep, as are orders that wait for goods of other places. Plugins give back from the outbox, since their rows
come before stock in the order of locks.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from uuid import UUID

from core import inventory
from core.inventory import Demand, OutOfStock
from core.orders.expiring import SWEEP, Expired, end_expired
from core.orders.releasing import owe
from core.work import MOST_EVENTS, Work

Place = tuple[UUID, UUID]  #: location, variant

# Of each variant the orders that expired first, as many as make up for what is short.
KEEPERS = """
WITH keeping AS (
    SELECT r.order_id, short.quantity AS wanted, sum(r.quantity) OVER (
        PARTITION BY r.location_id, r.variant_id ORDER BY o.reserved_until, o.id) - r.quantity AS before
    FROM sales_order o
    JOIN reservation r ON r.tenant_id = $1 AND r.order_id = o.id AND r.state = 'OPEN'
    JOIN unnest($2::uuid[], $3::uuid[], $4::bigint[]) AS short(location_id, variant_id, quantity)
        ON short.location_id = r.location_id AND short.variant_id = r.variant_id
    WHERE o.tenant_id = $1 AND o.status = 'PENDING_PAYMENT' AND o.reserved_until <= (SELECT app_now())
)
SELECT o.id, o.store_id, o.held FROM sales_order o
WHERE o.tenant_id = $1 AND o.id IN (SELECT order_id FROM keeping WHERE before < wanted)
  AND o.status = 'PENDING_PAYMENT' AND o.reserved_until <= (SELECT app_now())
  AND NOT EXISTS (SELECT FROM transfer t WHERE t.tenant_id = $1 AND t.order_id = o.id)
ORDER BY o.reserved_until LIMIT $5 FOR UPDATE OF o SKIP LOCKED
"""


async def reserve(work: Work, demands: Sequence[Demand]) -> list[OutOfStock | None]:
    """Take stock for each demand that can be met whole; what is short is first taken from orders that have expired."""
    answers = await inventory.reserve(work, demands)
    short = {index: answer for index, answer in enumerate(answers) if answer is not None}
    if short and await _reclaim(work, _wanted(short.values())):
        again = await inventory.reserve(work, [demands[index] for index in short])
        for index, answer in zip(short, again, strict=True):
            answers[index] = answer
    return answers


def _wanted(refusals: Iterable[OutOfStock]) -> Counter[Place]:
    """How much all of them together want of what is short; some of it may be there."""
    wanted: Counter[Place] = Counter()
    for line in (line for refusal in refusals for line in refusal.lines):
        wanted[line.store_id, line.variant_id] += line.wanted
    return wanted


async def _reclaim(work: Work, wanted: Counter[Place]) -> bool:
    """End orders that keep what is wanted; says whether there were any."""
    places = sorted(wanted)
    columns = [place[0] for place in places], [place[1] for place in places], [wanted[place] for place in places]
    keepers = await work.rows(Expired, KEEPERS, *columns, _most(work))
    if not keepers:
        return False
    free = await inventory.lock_at_once(work, [one.id for one in keepers])
    await end_expired(work, [one for one in keepers if one.id in free], owe)
    return bool(free)


def _most(work: Work) -> int:
    """How many orders are ended at once: each is told of, and every plugin of each."""
    return min(SWEEP, MOST_EVENTS // 2 // (1 + len(work.hooks.asked("release"))))
