"""Two members become one: what both had is there, what either owed is paid, and nothing is known less than before."""

from datetime import timedelta

import pytest

from core import clock, ledger
from core.ledger import BalanceRow, Ripening, Unit
from core.ledger.personal_data import PERSONAL_DATA
from core.ledger.settling import settle_due
from hexmart.testing import World
from tenants import Platform
from tests.faults.audit import audit
from tests.ledgers import ACTOR, balance, clawed_back, done, earned, given_back, join, post, spent

pytestmark = pytest.mark.anyio
HOUR = timedelta(hours=1)


async def _merge(platform: Platform, world: World, going: object, staying: object) -> None:
    async with platform.open_work(world.tenant, ACTOR) as work:
        for statement in [one for table in PERSONAL_DATA for one in table.merging.statements]:
            await work.execute(statement, going, staying)


async def _settle(platform: Platform, world: World) -> None:
    async with platform.open_work(world.tenant, ACTOR) as work:
        await settle_due(work)


async def test_lots_last_as_long_as_before_and_are_found_by_what_they_were_given_for(
    platform: Platform, world: World
) -> None:
    going, staying = await join(platform, world, 2)
    soon, name = clock.now() + HOUR, str(going)
    waits = earned(going, 6, f"{name}-waits", pending=True)
    done(await post(platform, world, earned(going, 5, expires_at=soon), waits, earned(staying, 3)))
    done(await post(platform, world, spent(going, 2, f"{name}-spent"), earned(going, 9, unit=Unit.VALUE)))
    await _merge(platform, world, going, staying)
    await _settle(platform, world)
    assert await balance(platform, world, staying) == BalanceRow(available=6, pending=6)
    assert await balance(platform, world, staying, Unit.VALUE) == BalanceRow(available=9)
    assert await balance(platform, world, going) == BalanceRow()
    done(await post(platform, world, clawed_back(staying, 4, f"{name}-waits"), given_back(staying, 2, f"{name}-spent")))
    async with platform.open_work(world.tenant, ACTOR) as work:
        assert (await ledger.expiries(work, Unit.POINTS, [staying]))[staying].amount == 5
        await ledger.ripen(work, [Ripening(waits.key, clock.now())])
    await _settle(platform, world)
    assert await balance(platform, world, staying) == BalanceRow(available=10)
    assert not await audit(platform, world.tenant)


@pytest.mark.parametrize("owes", ["going", "staying", "both"])
async def test_what_either_owes_is_paid_by_what_the_other_has(platform: Platform, world: World, owes: str) -> None:
    going, staying = await join(platform, world, 2)
    for who, name in ((going, "going"), (staying, "staying")):
        source = f"{who}"
        if owes in {name, "both"}:
            done(await post(platform, world, earned(who, 4, source), spent(who, 4), clawed_back(who, 4, source)))
        else:
            done(await post(platform, world, earned(who, 10, source)))
    await _merge(platform, world, going, staying)
    await _settle(platform, world)
    assert await balance(platform, world, staying) == (BalanceRow(debt=8) if owes == "both" else BalanceRow(6))
    assert not await audit(platform, world.tenant)


async def test_the_statement_has_the_lines_of_both_and_whoever_is_merged_on_takes_them_along(
    platform: Platform, world: World
) -> None:
    first, second, third = await join(platform, world, 3)
    done(await post(platform, world, earned(first, 1), earned(second, 2), earned(third, 3)))
    await _merge(platform, world, first, second)
    await _merge(platform, world, second, third)
    await _settle(platform, world)
    async with platform.open_work(world.tenant, ACTOR, read_only=True) as work:
        lines = await ledger.statement(work, Unit.POINTS, third, limit=10)
    assert sorted(one.amount for one in lines if one.kind == "test.earned") == [1, 2, 3]
    assert await balance(platform, world, third) == BalanceRow(available=6)
    assert not await audit(platform, world.tenant)
