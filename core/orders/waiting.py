"""Orders whose store is short and whose buyer waits: the rest comes from elsewhere, and holds the order until then."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from core import clock, inventory, transfers
from core.inventory import Helpers, OutOfStock, Place
from core.orders import reclaiming, splitting
from core.orders.candidates import Candidate
from core.orders.checkout import Hold
from core.orders.rules import OrderRules
from core.transfers import NewTransfer
from core.work import Work

TRANSFER = "transfer"  #: the source of such a hold
_REASON = "Goods are on their way to the store."


async def reserve(work: Work, candidates: Sequence[Candidate]) -> list[OutOfStock | None]:
    """Take each order's stock in its store; what is missing there, from stores that send packages or elsewhere."""
    for one in candidates:
        one.fetched, one.packages = {}, {}  # by an attempt that was undone
    sharing = [one for one in candidates if splitting.may_split(work, one)]
    patient = [one for one in candidates if one.request.accept_transfer]
    others = await splitting.sharers(work, sharing) if sharing else {}
    helpers = await _helpers(work, patient) if patient else {}
    if sharing or patient:
        await _lock(work, candidates, others, helpers)
    answers = await reclaiming.reserve(work, [one.demand for one in candidates])
    await _try_again(candidates, answers, others, lambda short: splitting.reserve(work, short, others))
    await _try_again(candidates, answers, helpers, lambda short: _reserve_elsewhere(work, short, helpers))
    return answers


async def _try_again(
    candidates: Sequence[Candidate],
    answers: list[OutOfStock | None],
    helped: Collection[UUID],
    reserve: Callable[[Sequence[Candidate]], Awaitable[Sequence[OutOfStock | None]]],
) -> None:
    """Have those that are short, and can be helped, served in another way."""
    pairs = enumerate(zip(candidates, answers, strict=True))
    short = {number: one for number, (one, answer) in pairs if answer is not None and one.order_id in helped}
    again = await reserve(list(short.values())) if short else []
    for number, answer in zip(short, again, strict=True):
        answers[number] = answer


async def _helpers(work: Work, patient: Sequence[Candidate]) -> dict[UUID, Helpers]:
    """Who may help each order whose buyer waits."""
    found = await transfers.helpers(work, [one.demand for one in patient])
    return {one.order_id: some for one, some in zip(patient, found, strict=True)}


async def _lock(
    work: Work,
    candidates: Sequence[Candidate],
    others: Mapping[UUID, Sequence[UUID]],
    helpers: Mapping[UUID, Helpers],
) -> None:
    """Hold every row that may be needed, of all orders, in key order."""
    demands = [one.demand for one in candidates]
    some = [
        {
            key: [*others.get(one.order_id, ()), *helpers.get(one.order_id, {}).get(key, ())]
            for key in one.demand.quantities
        }
        for one in candidates
    ]
    await inventory.lock_with_help(work, demands, some)


async def _reserve_elsewhere(
    work: Work, short: Sequence[Candidate], helpers: Mapping[UUID, Helpers]
) -> list[OutOfStock | None]:
    demands, some = [one.demand for one in short], [helpers[one.order_id] for one in short]
    answers = await inventory.reserve_with_help(work, demands, some)
    for one, answer in zip(short, answers, strict=True):
        one.fetched = {} if isinstance(answer, OutOfStock) else elsewhere(answer, one.store_id)
    return [answer if isinstance(answer, OutOfStock) else None for answer in answers]


async def send_for(work: Work, placed: Sequence[Candidate]) -> None:
    """Ask for what orders wait for, once they are written."""
    wanted = [new for one in placed for new in requests(one.order_id, one.store_id, one.fetched, "OPEN")]
    await transfers.request(work, wanted)


def waiting_holds(work: Work, candidate: Candidate) -> list[tuple[str, Hold]]:
    """What stands between an order and its store while goods for it are elsewhere."""
    return [(TRANSFER, hold(work, candidate.store_id))] if candidate.fetched else []


def hold(work: Work, store_id: UUID) -> Hold:
    """The hold of an order that waits from now on."""
    return Hold(_REASON, clock.now() + timedelta(hours=work.rules(OrderRules, store_id).transfer_hours))


def elsewhere(taken: Mapping[Place, int], store_id: UUID) -> dict[Place, int]:
    """What of the stock that was taken lies in other places."""
    return {place: quantity for place, quantity in taken.items() if place[0] != store_id}


def requests(order_id: UUID, store_id: UUID, fetched: Mapping[Place, int], claim: str) -> list[NewTransfer]:
    """A transfer from each place that gives something."""
    by_source: defaultdict[UUID, dict[UUID, int]] = defaultdict(dict)
    for (source_id, variant_id), quantity in fetched.items():
        by_source[source_id][variant_id] = quantity
    return [
        NewTransfer(source_id, store_id, quantities, order_id=order_id, claim=claim)
        for source_id, quantities in by_source.items()
    ]
