"""Points for purchases: as many transfers as there are orders, in as many statements as one takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from core import catalog, clock, ledger, members, orders, stores
from core.ledger import Key, Own, Transfer, Unit
from core.money import split
from core.orders import OrderLineRow, OrderRow
from core.points.rules import PURCHASE, PointsRules
from core.points.taking_back import EARNED, take_back
from core.rules import Facts, holds
from core.work import Work

INSERT = """
INSERT INTO points_earning (tenant_id, order_id, points) SELECT $1, * FROM unnest($2::uuid[], $3::bigint[])
ON CONFLICT DO NOTHING RETURNING order_id
"""
INSERT_LINES = """
INSERT INTO points_earning_line (tenant_id, order_line_id, points) SELECT $1, * FROM unnest($2::uuid[], $3::bigint[])
"""


@dataclass(frozen=True, slots=True)
class Earning:
    """What a purchase earns, by line."""

    order: OrderRow
    by_line: Mapping[UUID, int]

    @property
    def points(self) -> int:
        return sum(self.by_line.values())


async def earn(work: Work, bought: Sequence[OrderRow], *, pending: bool) -> None:
    """Give members points for what they have bought, once an order; pending ones cannot be spent yet."""
    earnings = await _earnings(work, [one for one in bought if one.member_id is not None and _earns(work, one)])
    if not earnings:
        return
    ids, points = [one.order.id for one in earnings], [one.points for one in earnings]
    new = {row["order_id"] for row in await work.fetch(INSERT, ids, points)}
    lines = [item for one in earnings if one.order.id in new for item in one.by_line.items()]
    if lines:
        work.write(INSERT_LINES, *map(list, zip(*lines, strict=True)))
    fresh = [one.order for one in earnings if one.order.id in new]
    await ledger.post(work, [_transfer(work, one, pending=pending) for one in earnings if one.order.id in new])
    for order in fresh:
        if order.refunded:  # what was paid back before anybody came to it
            await take_back(work, order, source=f"{order.id}:earned")


def _earns(work: Work, order: OrderRow) -> bool:
    return work.rules(PointsRules, order.store_id).minor_per_point > 0


async def _earnings(work: Work, bought: Sequence[OrderRow]) -> list[Earning]:
    if not bought:
        return []
    lines = await orders.lines_of(work, [order.id for order in bought])
    named = work.rules(PointsRules).category_percent
    categories = await catalog.nearest_named(work, {one.variant_id for some in lines for one in some}, named)
    tiers = await _tiers(work, bought) if _speak(work, bought) else {}
    codes = await _codes(work, bought) if _speak(work, bought) else {}
    found = [
        _earning(work, order, some, categories, {"tier": tiers.get(order.id, ""), "store": codes.get(order.id, "")})
        for order, some in zip(bought, lines, strict=True)
    ]
    return [one for one in found if one.points]


def _speak(work: Work, bought: Sequence[OrderRow]) -> bool:
    """Whether anybody asks who has bought, and where."""
    return any(work.rules(PointsRules, order.store_id).more_when for order in bought)


async def _tiers(work: Work, bought: Sequence[OrderRow]) -> dict[UUID, str]:
    known = await members.tiers_of(work, {order.member_id for order in bought if order.member_id is not None})
    return {order.id: known.get(order.member_id) or "" for order in bought if order.member_id is not None}


async def _codes(work: Work, bought: Sequence[OrderRow]) -> dict[UUID, str]:
    found = await stores.by_ids(work, [order.store_id for order in bought])
    return {order.id: store.code for order, store in zip(bought, found, strict=True) if store is not None}


def _earning(
    work: Work, order: OrderRow, lines: Sequence[OrderLineRow], categories: Mapping[UUID, str], known: Facts
) -> Earning:
    """Points of the whole are whole, and its lines' are what they come to."""
    rules = work.rules(PointsRules, order.store_id)
    more = holds(PURCHASE, rules.more_when, _facts(work, order, lines) | dict(known)) if rules.more_when else False
    usual = rules.more_percent if more else 100
    percents = {key: rules.category_percent[slug] for key, slug in categories.items()}
    weights = [line.paid * usual * percents.get(line.variant_id, 100) for line in lines]
    points = sum(weights) // (10_000 * rules.minor_per_point)
    shares = split(points, weights) if points else [0] * len(lines)
    return Earning(order, dict(zip([line.id for line in lines], shares, strict=True)))


def _facts(work: Work, order: OrderRow, lines: Sequence[OrderLineRow]) -> dict[str, str | int | bool | float]:
    at = order.placed_at.astimezone(ZoneInfo(work.brand.time_zone))
    return {
        "fulfilment": order.kind,
        "paid": sum(line.paid for line in lines),
        "lines": len(lines),
        "weekday": at.isoweekday(),
        "day": at.day,
        "hour": at.hour,
    }


def _transfer(work: Work, one: Earning, *, pending: bool) -> Transfer:
    assert one.order.member_id is not None, "points are members'"
    return Transfer(
        key=Key(EARNED, str(one.order.id)),
        unit=Unit.POINTS,
        amount=one.points,
        giver=Own.ISSUED,
        taker=one.order.member_id,
        pending=pending,
        expires_at=good_until(work, one.order.store_id),
    )


def good_until(work: Work, store_id: UUID | None = None) -> datetime | None:
    """When points that are given now expire: at the end of a month, where the brand is."""
    months = work.rules(PointsRules, store_id).valid_months
    if not months:
        return None
    now = clock.now().astimezone(ZoneInfo(work.brand.time_zone))
    year, month = divmod(now.year * 12 + now.month + months, 12)
    first = now.replace(year=year, month=month + 1, day=1, hour=0, minute=0, second=0, microsecond=0)
    return first - timedelta(microseconds=1)
