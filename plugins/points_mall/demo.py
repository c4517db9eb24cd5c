"""Offers for a brand of the demo, and members with points: whoever tries it out has something to redeem."""

from uuid import UUID

from core import ledger
from core.ledger import Key, Own, Transfer, Unit
from core.work import Work
from plugins.points_mall import offers, queries
from plugins.points_mall.offers import Plan
from plugins.points_mall.permissions import MANAGE
from plugins.points_mall.rows import Kind

PLUGIN = "points_mall"
POINTS = 5_000  #: that each member begins with
MOST = 100  #: members that are given some

PIECES = """
SELECT v.id, p.name, v.price FROM product p JOIN variant v ON v.tenant_id = $1 AND v.product_id = p.id
WHERE p.tenant_id = $1 AND p.published AND v.priced_per = 1 AND NOT v.bundle
ORDER BY p.rating DESC NULLS LAST, p.slug, v.position LIMIT 2
"""
MEMBERS = "SELECT id FROM member WHERE tenant_id = $1 ORDER BY id LIMIT $2"


async def add_offers(work: Work) -> None:
    """Offer goods for points, goods for points and money, and a service, unless the brand has offers or no mall."""
    if MANAGE.name not in work.hooks.permissions or await queries.count_every(work):
        return
    for plan in await _plans(work):
        await offers.save(work, None, plan)
    await ledger.post(work, [_welcome(row["id"]) for row in await work.fetch(MEMBERS, MOST)])


async def _plans(work: Work) -> list[Plan]:
    goods = [(row["id"], row["name"], row["price"]) for row in await work.fetch(PIECES)]
    service = Plan(kind=Kind.SERVICE, name="免费礼品包装", points=300, valid_days=30, per_member=5, per_day=1)
    return [*(_goods(*one, half=bool(place)) for place, one in enumerate(goods)), service]


def _goods(variant_id: UUID, name: str, price: int, *, half: bool) -> Plan:
    """For points alone, or for half as many and half the price."""
    cash = price // 2 if half else 0
    return Plan(
        kind=Kind.GOODS,
        name=f"积分换{name}",
        points=max(price - cash, 1),
        minor=cash,
        variant_id=variant_id,
        stock=1_000,
        per_member=5,
    )


def _welcome(member_id: UUID) -> Transfer:
    key = Key("points_mall.demo", str(member_id))
    return Transfer(key=key, unit=Unit.POINTS, amount=POINTS, giver=Own.ISSUED, taker=member_id)
