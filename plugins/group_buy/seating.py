"""Taking places with orders, in the transaction that places them: so many statements for one as for a hundred."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from core.errors import DomainError
from core.ids import new_id, new_reference
from core.orders import Checkout, Hold
from core.work import Work
from plugins.group_buy.books import Ask, Books, hold
from plugins.group_buy.events import GroupBuyJoined, GroupBuyOpened
from plugins.group_buy.queries import teams_of_orders, wishes_of
from plugins.group_buy.reasons import why_not
from plugins.group_buy.rules import GroupBuyRules

CODE_LENGTH = 10  #: of 32 letters and digits: 50 bits, and still short enough to be read out

OPEN = """
INSERT INTO group_buy_team (tenant_id, id, campaign_id, code, store_id, leader_id, size, state, taken, paid, opened_at,
    expires_at)
SELECT $1, t.id, t.campaign_id, t.code, t.store_id, t.leader_id, t.size, 'OPEN', 1, 0, app_now(),
    app_now() + make_interval(hours => t.hours)
FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::uuid[], $7::integer[], $8::integer[])
    AS t(id, campaign_id, code, store_id, leader_id, size, hours)
"""
JOIN = """
UPDATE group_buy_team t SET taken = t.taken + more.seats FROM unnest($2::uuid[], $3::integer[]) AS more(id, seats)
WHERE t.tenant_id = $1 AND t.id = more.id AND t.state = 'OPEN' AND t.expires_at > app_now()
    AND t.taken + more.seats <= t.size
"""
SELL = """
UPDATE group_buy_campaign c SET taken = c.taken + more.quantity
FROM unnest($2::uuid[], $3::bigint[]) AS more(id, quantity)
WHERE c.tenant_id = $1 AND c.id = more.id AND (c.stock IS NULL OR c.taken + more.quantity <= c.stock)
"""
SIT = """
INSERT INTO group_buy_seat (tenant_id, order_id, team_id, campaign_id, member_id, quantity, state, reserved_at)
SELECT $1, s.*, 'RESERVED', app_now()
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::bigint[])
    AS s(order_id, team_id, campaign_id, member_id, quantity)
"""


@dataclass(frozen=True, slots=True)
class _Place:
    """A seat that is given."""

    order_id: UUID
    ask: Ask
    team_id: UUID


async def claim(work: Work, checkouts: Sequence[Checkout]) -> list[DomainError | None]:
    """Give each order of a group purchase its place; the books are held, so what is counted in them is so."""
    wishes = await wishes_of(work, [checkout.basket.cart_id for checkout in checkouts])
    wanted = {
        index: Ask(wish, checkout.basket, checkout.member_id)
        for index, (wish, checkout) in enumerate(zip(wishes, checkouts, strict=True))
        if wish is not None
    }
    answers: list[DomainError | None] = [None] * len(checkouts)
    if not wanted:
        return answers
    books, places = await hold(work, list(wanted.values())), []
    for index, ask in wanted.items():
        answers[index] = why_not(books, ask, work.rules(GroupBuyRules, ask.basket.store_id))
        if answers[index] is None:
            books.count(ask)
            places.append(_Place(checkouts[index].order_id, ask, ask.wish.team_id or new_id()))
    await _seat(work, books, places)
    return answers


async def hold_orders(work: Work, checkouts: Sequence[Checkout]) -> list[Hold | None]:
    """An order waits for its team."""
    teams = await teams_of_orders(work, [checkout.order_id for checkout in checkouts])
    return [Hold("Its group is not complete yet.", team.expires_at) if team is not None else None for team in teams]


async def _seat(work: Work, books: Books, places: Sequence[_Place]) -> None:
    if not places:
        return
    opened = [place for place in places if place.ask.wish.team_id is None]
    joined = Counter(place.team_id for place in places if place.ask.wish.team_id is not None)
    sold: Counter[UUID] = Counter()
    for place in places:
        sold[place.ask.wish.campaign_id] += place.ask.quantity
    if opened:
        await work.execute(OPEN, *_columns([_team(books, place) for place in opened]))
    if joined:
        require(await work.execute(JOIN, list(joined), list(joined.values())), len(joined))
    require(await work.execute(SELL, list(sold), list(sold.values())), len(sold))
    await work.execute(SIT, *_columns([_seat_of(place) for place in places]))
    _tell(work, places)


def _team(books: Books, place: _Place) -> tuple[object, ...]:
    wish, hours = place.ask.wish, books.campaigns[place.ask.wish.campaign_id].hours
    code = new_reference(CODE_LENGTH)
    return place.team_id, wish.campaign_id, code, place.ask.basket.store_id, wish.member_id, wish.size, hours


def _seat_of(place: _Place) -> tuple[object, ...]:
    wish = place.ask.wish
    return place.order_id, place.team_id, wish.campaign_id, wish.member_id, place.ask.quantity


def _tell(work: Work, places: Sequence[_Place]) -> None:
    for place in places:
        kind = GroupBuyOpened if place.ask.wish.team_id is None else GroupBuyJoined
        work.emit(kind(team_id=place.team_id, order_id=place.order_id))


def _columns(rows: Sequence[tuple[object, ...]]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]


def require(changed: int, wanted: int) -> None:
    """The books were held; whoever changes them without that is stopped here."""
    if changed != wanted:
        raise RuntimeError("places were taken that the books did not show")
