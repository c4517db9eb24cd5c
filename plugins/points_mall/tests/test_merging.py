"""Two members become one: what both had of an offer counts together, and comes back to whoever stays."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from core.ledger.personal_data import PERSONAL_DATA as OF_THE_LEDGER
from core.ledger.settling import settle_due
from hexmart.databases import Databases
from plugins.points_mall.errors import PointsMallLimit
from plugins.points_mall.personal_data import PERSONAL_DATA
from plugins.points_mall.tests.shop import Shop
from tests.databases import plain

pytestmark = pytest.mark.anyio
MoveClock = Callable[[timedelta], Awaitable[None]]


async def merge(shop: Shop, databases: Databases, going: UUID, staying: UUID) -> None:
    """What is declared, as core runs it; a plugin's own tests write no table of core's."""
    served = await asyncpg.connect(plain(databases.app))
    await served.execute(f"BEGIN; SET LOCAL app.tenant_id = '{shop.world.tenant.id}'")
    for table in (*PERSONAL_DATA, *OF_THE_LEDGER):
        for statement in table.merging.statements:
            used = [shop.world.tenant.id, going, staying][: 3 if "$3" in statement else 2]
            await served.execute(statement, *used)
    await served.execute("COMMIT")
    await served.close()
    async with shop.work() as work:
        await settle_due(work)


async def test_what_both_had_counts_together_and_comes_back_to_whoever_stays(shop: Shop, databases: Databases) -> None:
    going, staying = await shop.members(2)
    offer = await shop.service(per_member=3, per_day=2)
    first, _ = await shop.redeem(going, offer), await shop.redeem(staying, offer)
    await merge(shop, databases, going, staying)
    assert not await shop.audit()
    with pytest.raises(PointsMallLimit) as refusal:
        await shop.redeem(staying, offer)
    assert refusal.value.facts == {"most": 2, "span": "a day"}
    await shop.cancel(staying, first)
    assert await shop.balance(staying) == 1_900
    assert not await shop.audit()


@pytest.mark.parametrize("later", ["going", "staying"])
async def test_days_are_told_apart(shop: Shop, databases: Databases, move_clock: MoveClock, later: str) -> None:
    going, staying = await shop.members(2)
    early, late = (going, staying) if later == "staying" else (staying, going)
    offer = await shop.service(per_day=1)
    await shop.redeem(early, offer)
    await move_clock(timedelta(days=1))
    await shop.redeem(late, offer)
    await merge(shop, databases, going, staying)
    assert not await shop.audit()
