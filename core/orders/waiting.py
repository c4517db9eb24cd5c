"""Orders whose store is short and whose buyer waits: the rest comes from elsewhere, and holds the order until then."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from core import clock, inventory, transfers
from core.inventory import Helpers, OutOfStock, Place
from core.orders import reclaiming
from core.orders.candidates import Candidate
from core.orders.checkout import Hold
from core.orders.rules import OrderRules
from core.transfers import NewTransfer
from core.work import Work

TRANSFER = "transfer"  #: the source of such a hold
_REASON = "Goods are on their way to the store."


async def reserve(work: Work, candidates: Sequence[Candidate]) -> list[OutOfStock | None]:
    """Take each order's stock in its store and, for whoever waits, what is missing there in another place."""
    patient = [one for one in candidates if one.request.accept_transfer]
    for one in patient:
        one.fetched = {}  # by an attempt that was undone
    helpers = await _lock(work, candidates, patient) if patient else {}
    answers = await reclaiming.reserve(work, [one.demand for one in candidates])
    short = [
        (index, one)
        for index, (one, answer) in enumerate(zip(candidates, answers, strict=True))
        if answer is not None and one.order_id in helpers
    ]
    again = await _reserve_elsewhere(work, [one for _, one in short], helpers) if short else []
    for (index, _), answer in zip(short, again, strict=True):
        answers[index] = answer
    return answers


async def _lock(work: Work, candidates: Sequence[Candidate], patient: Sequence[Candidate]) -> dict[UUID, Helpers]:
    """Who may help each order; the rows that are needed of them are held with all others, in key order."""
    found = await transfers.helpers(work, [one.demand for one in patient])
    helpers = {one.order_id: some for one, some in zip(patient, found, strict=True)}
    demands, some = [one.demand for one in candidates], [helpers.get(one.order_id, {}) for one in candidates]
    await inventory.lock_with_help(work, demands, some)
    return helpers


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
