"""Writing down what tills have sold: two hundred sales in as many statements as one, each with an answer of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from core import idempotency, members, orders, payments, points, stores
from core.errors import DomainError, IdempotencyKeyReused, LimitReached, NotFound
from core.idempotency import Request
from core.orders import Sale
from core.payments import TILL
from core.tills import noting
from core.tills.errors import TillReferenceReused
from core.tills.goods import Goods, goods_of, sale_of
from core.tills.told import TillSale, Told, understood
from core.work import Work

MOST_SALES = 200
MOST_LINES = 4_000  #: of all sales together


@dataclass(frozen=True, slots=True)
class Outcome:
    """What has become of a sale that was told: the order that it is, or why it is none."""

    reference: str
    result: UUID | DomainError
    repeated: bool = False  #: whether it was told before

    @property
    def order_id(self) -> UUID | None:
        return self.result if isinstance(self.result, UUID) else None

    @property
    def refusal(self) -> DomainError | None:
        return self.result if isinstance(self.result, DomainError) else None


async def record_sale(work: Work, store_id: UUID | None, told: Told) -> Outcome:
    """Write a sale down with its stock and money, or raise why not; told again, the order it became is the answer."""
    outcome = (await _record(work, await _store(work, store_id), [told]))[0]
    if isinstance(outcome.refusal, TillReferenceReused):  # of one sale its reference is the key
        raise IdempotencyKeyReused(path=outcome.refusal.path)
    if outcome.refusal is not None:
        raise outcome.refusal
    return outcome


async def record_sales(work: Work, store_id: UUID | None, told: Sequence[Told]) -> list[Outcome]:
    """The same for many, in whatever order they come: what is refused is kept for people, the rest is written down."""
    place = await _store(work, store_id)
    if not 1 <= len(told) <= MOST_SALES or sum(len(one.lines) for one in told) > MOST_LINES:
        reason = f"A batch has 1 to {MOST_SALES} sales, and at most {MOST_LINES} lines in all."
        raise LimitReached(reason=reason, path=("input", "sales"))
    outcomes = await _record(work, place, told)
    refused = [(one, how.refusal) for one, how in zip(told, outcomes, strict=True) if how.refusal is not None]
    noting.note_refused(work, place, refused)
    return outcomes


async def _store(work: Work, store_id: UUID | None) -> UUID:
    found = (await stores.by_ids(work, [store_id]))[0] if store_id is not None else None
    if found is None or not work.actor.may(orders.RECORD_SALE.name, found.id):
        raise NotFound(what="store", path=("input", "storeId"))
    return found.id


async def _record(work: Work, store_id: UUID, told: Sequence[Told]) -> list[Outcome]:
    read = [_understood(work, one) for one in told]
    first: dict[str, TillSale] = {}
    for sale in read:
        if isinstance(sale, TillSale):
            first.setdefault(sale.reference, sale)
    known = await _recall(work, store_id, list(first.values())) if first else {}
    fresh = sorted((sale for sale in first.values() if sale.reference not in known), key=lambda sale: sale.sold_at)
    made = await _sell(work, store_id, fresh) if fresh else {}
    return [_outcome(one, sale, first, known | made) for one, sale in zip(told, read, strict=True)]


def _understood(work: Work, told: Told) -> TillSale | DomainError:
    try:
        return understood(work.brand, told)
    except DomainError as refusal:
        return refusal


def _outcome(
    told: Told, sale: TillSale | DomainError, first: dict[str, TillSale], answers: dict[str, Outcome]
) -> Outcome:
    """The answer to one of them; whatever bears the same reference is the same again, or a mistake."""
    if isinstance(sale, DomainError):
        return Outcome(told.reference, sale)
    if sale is first[sale.reference]:
        return answers[sale.reference]
    if sale.facts != first[sale.reference].facts:
        return _reused(sale)
    return replace(answers[sale.reference], repeated=True)


def _reused(sale: TillSale) -> Outcome:
    return Outcome(sale.reference, TillReferenceReused(path=(*sale.path, "externalReference")))


def _answer(sale: TillSale, result: UUID | IdempotencyKeyReused) -> Outcome:
    return Outcome(sale.reference, result, repeated=True) if isinstance(result, UUID) else _reused(sale)


async def _recall(work: Work, store_id: UUID, sales: Sequence[TillSale]) -> dict[str, Outcome]:
    """What became of those that were told before: by their keys for a day, by their orders for ever."""
    recalled = await idempotency.recall(work, [_request(store_id, sale) for sale in sales])
    known = await orders.known_sales(work, store_id, [sale.reference for sale in sales])
    results = [one or known.get(sale.reference) for sale, one in zip(sales, recalled, strict=True)]
    return {sale.reference: _answer(sale, one) for sale, one in zip(sales, results, strict=True) if one is not None}


def _request(store_id: UUID, sale: TillSale) -> Request:
    return Request("posSaleRecord", str(store_id), sale.reference, sale.facts)


async def _sell(work: Work, store_id: UUID, sales: Sequence[TillSale]) -> dict[str, Outcome]:
    """Write down what nobody has told before, or say why not."""
    goods, wanted = await goods_of(work, store_id, sales), list[tuple[TillSale, Sale]]()
    answers: dict[str, Outcome] = {}
    for told in sales:
        try:
            wanted.append((told, sale_of(work, store_id, told, goods)))
        except DomainError as refusal:
            answers[told.reference] = Outcome(told.reference, refusal)
    begun = await idempotency.begin(work, [(_request(store_id, told), sale.id) for told, sale in wanted])
    ours = [pair for pair, one in zip(wanted, begun, strict=True) if one.new]
    await _write(work, store_id, ours, goods)
    for (told, sale), one in zip(wanted, begun, strict=True):  # who was first elsewhere has the answer
        answers[told.reference] = Outcome(told.reference, sale.id) if one.new else _answer(told, one.result)
    return answers


async def _write(work: Work, store_id: UUID, wanted: Sequence[tuple[TillSale, Sale]], goods: Goods) -> None:
    if not wanted:
        return
    joined = await members.join_all(work, {told.member_phone for told, _ in wanted if told.member_phone})
    sales = [replace(sale, member_id=joined.get(told.member_phone or "")) for told, sale in wanted]
    written, short = await orders.sell_over_counter(work, store_id, sales)
    await points.earn(work, written, pending=False)
    references = {sale.id: f"{store_id}:{sale.external_reference}" for sale in sales}
    payments.record_taken(work, [(order, references[order.id]) for order in written], provider=TILL)
    noting.settle_recorded(work, store_id, sales)
    noting.note_sold(work, store_id, sales, short, goods)
