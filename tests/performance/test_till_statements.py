"""Two hundred sales of a till take as many statements as one."""

from decimal import Decimal

import pytest

from core import clock, tills
from core.actors import Actor, ActorKind
from core.ids import new_id
from core.tills import MOST_SALES, Told, ToldLine
from hexmart.app import Application
from hexmart.testing import World
from hexmart.testing.statements import listening

pytestmark = pytest.mark.anyio
STATEMENTS = 24  #: BEGIN and COMMIT included
SOLD_AT = clock.now()
MILK, BREAD = "6900000000010", "6900000000041"


def told(reference: str) -> Told:
    """A new member buys milk, of which there is too little, and bread at another price than the store's."""
    lines = [ToldLine(MILK, 200, Decimal("15.90")), ToldLine(BREAD, 1, Decimal("1.00"))]
    phone = f"1390000{int(reference):04d}"
    return Told(reference, SOLD_AT, lines, Decimal("3000.00"), phone)


async def sent(application: Application, world: World, *references: int) -> list[str]:
    actor = Actor(ActorKind.STAFF, new_id(), grants={"orders.record_sale": None})
    with listening() as statements:
        async with application.platform.open_work(world.tenant, actor) as work:
            sales = [told(str(reference)) for reference in references]
            outcomes = await tills.record_sales(work, world.store_keys["S1"], sales)
    assert all(one.order_id is not None for one in outcomes)
    return statements


async def test_two_hundred_sales_take_as_many_statements_as_one(application: Application, world: World) -> None:
    await sent(application, world, 0)
    one = await sent(application, world, 1)
    many = await sent(application, world, *range(2, 2 + MOST_SALES))
    print(f"{len(one)} statements for 1 sale, {len(many)} for {MOST_SALES}")  # noqa: T201 - the figure is wanted
    assert many == one
    assert len(one) <= STATEMENTS
    again = await sent(application, world, *range(2, 2 + MOST_SALES))
    assert len(again) < len(one)
