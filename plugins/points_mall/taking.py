"""Taking of offers within their stock and limits, for points: as many statements for one as for a hundred."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from core import clock, ledger
from core.errors import DomainError
from core.ledger import InsufficientPoints, Own, Short, Transfer, Unit
from core.work import Work
from plugins.points_mall.events import PointsMallRedeemed
from plugins.points_mall.queries import OFFERS
from plugins.points_mall.reasons import why_not
from plugins.points_mall.rows import OfferRow
from plugins.points_mall.wants import Share, Want

# Whoever takes of an offer or gives back waits here, so that what is counted of it, its members' shares too, is so.
LOCK_OFFERS = f"{OFFERS} ORDER BY o.id FOR NO KEY UPDATE"
SHARES = """
SELECT w.offer_id, m.id, m.tier, coalesce(t.taken, 0)::bigint,
    CASE WHEN t.day = $4 THEN t.today ELSE 0 END::bigint
FROM unnest($2::uuid[], $3::uuid[]) AS w(offer_id, member_id)
JOIN member m ON m.tenant_id = $1 AND m.id = w.member_id
LEFT JOIN points_mall_tally t ON t.tenant_id = $1 AND t.offer_id = w.offer_id AND t.member_id = w.member_id
"""
TAKE = """
UPDATE points_mall_offer o SET taken = o.taken + w.quantity FROM unnest($2::uuid[], $3::bigint[]) AS w(id, quantity)
WHERE o.tenant_id = $1 AND o.id = w.id AND (o.stock IS NULL OR o.taken + w.quantity <= o.stock)
"""
COUNT = """
INSERT INTO points_mall_tally (tenant_id, offer_id, member_id, taken, day, today)
SELECT $1, w.offer_id, w.member_id, w.quantity, $5, w.quantity
FROM unnest($2::uuid[], $3::uuid[], $4::bigint[]) AS w(offer_id, member_id, quantity)
ORDER BY w.offer_id, w.member_id
ON CONFLICT (tenant_id, offer_id, member_id) DO UPDATE SET taken = points_mall_tally.taken + excluded.taken,
    day = excluded.day, today = excluded.today
        + CASE WHEN points_mall_tally.day = excluded.day THEN points_mall_tally.today ELSE 0 END
WHERE NOT EXISTS (SELECT FROM points_mall_offer o WHERE o.tenant_id = $1 AND o.id = points_mall_tally.offer_id
    AND (points_mall_tally.taken + excluded.taken > o.per_member OR excluded.today
        + CASE WHEN points_mall_tally.day = excluded.day THEN points_mall_tally.today ELSE 0 END > o.per_day))
"""


@dataclass(slots=True)
class Books:
    """Offers that are held, and what was taken of them, these wants included."""

    offers: dict[UUID, OfferRow]
    shares: dict[tuple[UUID, UUID], Share]
    taken: Counter[UUID] = field(default_factory=Counter)
    had: Counter[tuple[UUID, UUID]] = field(default_factory=Counter)

    def count(self, want: Want) -> None:
        self.taken[want.offer_id] += want.quantity
        self.had[want.place] += want.quantity


async def take(work: Work, wants: Sequence[Want]) -> list[DomainError | None]:
    """Give each want what it is for, for its points, or say why not; whoever asked undoes what was refused."""
    books, answers = await _hold(work, wants), []
    for want in wants:
        offer, share = books.offers[want.offer_id], books.shares[want.place]
        refusal = why_not(offer, share, want, taken=books.taken[want.offer_id], had=books.had[want.place])
        answers.append(refusal)
        if refusal is None:
            books.count(want)
    await _write(work, books)
    admitted = [want for want, refusal in zip(wants, answers, strict=True) if refusal is None]
    short = dict(zip([one.redemption_id for one in admitted], await _pay(work, admitted), strict=True))
    return [refusal or short[want.redemption_id] for want, refusal in zip(wants, answers, strict=True)]


async def hold_offers(work: Work, ids: Sequence[UUID]) -> dict[UUID, OfferRow]:
    """Offers, in the order of their keys, as they stay until the transaction ends."""
    rows = await work.rows(OfferRow, LOCK_OFFERS, work.brand.currency, sorted(set(ids)))
    return {row.id: row for row in rows}


def today(work: Work) -> date:
    """The day in the brand's time zone."""
    return clock.now().astimezone(ZoneInfo(work.brand.time_zone)).date()


async def _hold(work: Work, wants: Sequence[Want]) -> Books:
    offers = await hold_offers(work, [want.offer_id for want in wants])
    places = sorted({want.place for want in wants})
    columns = [offer_id for offer_id, _ in places], [member_id for _, member_id in places]
    shares = await work.rows(Share, SHARES, *columns, today(work))
    return Books(offers, {(one.offer_id, one.member_id): one for one in shares})


async def _write(work: Work, books: Books) -> None:
    if not books.taken:
        return
    _require(await work.execute(TAKE, list(books.taken), list(books.taken.values())), len(books.taken))
    places = [offer_id for offer_id, _ in books.had], [member_id for _, member_id in books.had]
    _require(await work.execute(COUNT, *places, list(books.had.values()), today(work)), len(books.had))


async def _pay(work: Work, wants: Sequence[Want]) -> list[InsufficientPoints | None]:
    answers = await ledger.post(work, [_transfer(want) for want in wants])
    short: list[InsufficientPoints | None] = []
    for want, answer in zip(wants, answers, strict=True):
        if isinstance(answer, Short):
            needed = want.points * want.quantity
            path = ("input", "quantity")
            short.append(InsufficientPoints(needed=needed, available=answer.available, path=path))
        else:
            short.append(None)
            _tell(work, want)
    return short


def _transfer(want: Want) -> Transfer:
    return Transfer(
        key=want.key,
        unit=Unit.POINTS,
        amount=want.points * want.quantity,
        giver=want.member_id,
        taker=Own.SPENT,
    )


def _tell(work: Work, want: Want) -> None:
    spent = want.points * want.quantity
    work.emit(
        PointsMallRedeemed(
            redemption_id=want.redemption_id, offer_id=want.offer_id, quantity=want.quantity, points=spent
        )
    )


def _require(changed: int, wanted: int) -> None:
    """The offers were held; whoever changes them without that is stopped here."""
    if changed != wanted:
        raise RuntimeError("something was taken that the books did not show")
