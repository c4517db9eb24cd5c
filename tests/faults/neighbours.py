"""A plugin that does its part, beside one that does not; the tests say that this module is one."""

from collections import Counter
from datetime import timedelta

from core.events import Within
from core.ids import new_id
from core.jobs import Job
from core.orders import OrderPlaced
from core.work import Work

served: Counter[tuple[str, str]] = Counter()  #: by brand and what was done


async def hears(work: Work, _event: OrderPlaced) -> None:
    served[work.brand.slug, "heard"] += 1


async def sweeps(work: Work) -> int:
    served[work.brand.slug, "swept"] += 1
    return 0


def tell(work: Work, times: int) -> None:
    for _ in range(times):
        work.emit(OrderPlaced(order_id=new_id(), store_id=new_id(), payable=1))


SUBSCRIBER = Within(OrderPlaced, hears)
JOBS = (
    Job("neighbours.sweeps", timedelta(seconds=1), sweeps),
    Job("neighbours.sweeps_if_due", timedelta(seconds=1), sweeps, due="SELECT 1 FROM outbox WHERE tenant_id = $1"),
    Job("neighbours.is_never_due", timedelta(seconds=1), sweeps, due="SELECT 1 FROM outbox WHERE tenant_id = $1 - 1"),
)
