"""Many who post to the same accounts at once: nothing is spent twice, nothing is lost, and nobody waits in a circle."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from core import ledger
from core.ledger import Posted, Unit, holding, journal, posting
from core.ledger.holding import read_lots
from hexmart.app import Application
from hexmart.testing import World
from hexmart.testing.brands import build_world
from tenants import Platform
from tests.faults.audit import audit
from tests.faults.crowd import SCALE
from tests.faults.random_postings import Poster
from tests.ledgers import ACTOR, balance, done, earned, join, post, spent

pytestmark = pytest.mark.anyio
WORKERS = 8
GUARDS = {
    "BALANCES": " AND a.available + d.available >= 0 AND a.pending + d.pending >= 0",
    "SPENT": " AND l.spent + d.spent <= l.size",
}
DRIFT = """
SELECT count(*) FROM ledger_account a WHERE a.tenant_id = $1 AND a.member_id IS NOT NULL
AND a.available + a.pending - a.debt <> (
    SELECT coalesce(sum(p.amount), 0) FROM ledger_posting p WHERE p.tenant_id = $1 AND p.account_id = a.id)
"""
NEGATIVE = "SELECT count(*) FROM ledger_account WHERE tenant_id = $1 AND (available < 0 OR pending < 0 OR debt < 0)"


async def _spend_at_once(platform: Platform, world: World, many: int) -> tuple[int, int, UUID]:
    """How many of so many who spend all of a balance of 100 could, and how many failed."""
    [member] = await join(platform, world)
    done(await post(platform, world, earned(member, 101), spent(member, 1)))  # opens the accounts
    answers = await asyncio.gather(
        *(post(platform, world, spent(member, 100)) for _ in range(many)), return_exceptions=True
    )
    failed = [one for one in answers if isinstance(one, BaseException)]
    assert all(isinstance(one, RuntimeError | asyncpg.CheckViolationError) for one in failed), failed
    return sum(isinstance(one, list) and isinstance(one[0], Posted) for one in answers), len(failed), member


async def test_of_50_who_spend_the_whole_balance_at_once_one_does(platform: Platform, world: World) -> None:
    could, failed, member = await _spend_at_once(platform, world, 50)
    assert (could, failed) == (1, 0)
    assert await balance(platform, world, member) == ledger.BalanceRow()
    assert not await audit(platform, world.tenant)


async def test_the_same_source_at_once_is_posted_once(platform: Platform, world: World) -> None:
    [member] = await join(platform, world)
    answers = await asyncio.gather(*(post(platform, world, earned(member, 7, "order")) for _ in range(20)))
    assert sorted(one.new for [one] in answers if isinstance(one, Posted)) == [False] * 19 + [True]
    assert await balance(platform, world, member) == ledger.BalanceRow(available=7)


async def test_whatever_many_do_at_once_nothing_drifts(platform: Platform, world: World) -> None:
    members, times = await join(platform, world, 20), min(50 * SCALE, 2_000)
    done(await post(platform, world, *(earned(one, 50) for one in members)))
    posters = [Poster(members, seed) for seed in range(WORKERS)]
    began = time.perf_counter()
    await asyncio.gather(*(_work(platform, world, one, times) for one in posters))
    took = time.perf_counter() - began
    async with platform.open_work(world.tenant, ACTOR, read_only=True) as work:
        drift, negative = await work.value(DRIFT), await work.value(NEGATIVE)
    many = sum(len(one.acknowledged) for one in posters)
    print(  # noqa: T201 - the figures are wanted
        f"ledger: {WORKERS} workers x {times} transactions on 20 members: posted={many} "
        f"refused={sum(one.refused for one in posters)} drift={drift} negative={negative} {many / took:.0f} ops/s"
    )
    assert (drift, negative) == (0, 0)
    assert not await audit(platform, world.tenant)


async def _work(platform: Platform, world: World, poster: Poster, times: int) -> None:
    for _ in range(times):
        poster.heard(await post(platform, world, *poster.several()))


@pytest.fixture
async def unchecked_world(unchecked: Application) -> World:
    """A brand in the database without the CHECK."""
    return await build_world(unchecked.platform)


def _without(monkeypatch: pytest.MonkeyPatch, *guards: str, lock: bool = False) -> None:
    """Whoever has read how much there is stays a moment, so that others read it too."""

    async def slowly(*asked: Any) -> None:
        await read_lots(*asked)
        await asyncio.sleep(0.1)

    monkeypatch.setattr(posting, "read_lots", slowly)
    if lock:
        monkeypatch.setattr(holding, "LOCK", holding.LOCK.replace("FOR UPDATE", ""))
    for name in guards:
        statement = getattr(journal, name)
        assert GUARDS[name] in statement
        monkeypatch.setattr(journal, name, statement.replace(GUARDS[name], ""))


async def test_the_lock_alone_keeps_the_promise(
    monkeypatch: pytest.MonkeyPatch, unchecked: Application, unchecked_world: World
) -> None:
    _without(monkeypatch, *GUARDS)
    assert (await _spend_at_once(unchecked.platform, unchecked_world, 6))[:2] == (1, 0)
    assert not await audit(unchecked.platform, unchecked_world.tenant)


@pytest.mark.parametrize("gone", [[], ["BALANCES"], ["SPENT"]], ids=["guards", "of the lot", "of the balance"])
async def test_a_guard_alone_keeps_the_promise_but_others_fail(
    monkeypatch: pytest.MonkeyPatch, unchecked: Application, unchecked_world: World, gone: Sequence[str]
) -> None:
    _without(monkeypatch, *gone, lock=True)
    could, failed, _ = await _spend_at_once(unchecked.platform, unchecked_world, 6)
    assert could == 1
    assert failed
    assert not await audit(unchecked.platform, unchecked_world.tenant)


async def test_the_check_alone_keeps_the_promise_but_others_fail(
    monkeypatch: pytest.MonkeyPatch, platform: Platform, world: World
) -> None:
    _without(monkeypatch, *GUARDS, lock=True)
    could, failed, _ = await _spend_at_once(platform, world, 6)
    assert could == 1
    assert failed
    assert not await audit(platform, world.tenant)


async def test_without_all_three_points_are_spent_twice_and_the_audit_says_so(
    monkeypatch: pytest.MonkeyPatch, unchecked: Application, unchecked_world: World
) -> None:
    _without(monkeypatch, *GUARDS, lock=True)
    could, _, member = await _spend_at_once(unchecked.platform, unchecked_world, 6)
    left = await balance(unchecked.platform, unchecked_world, member, Unit.POINTS)
    print(f"unguarded: {could} of 6 spent the whole balance, available={left.available}")  # noqa: T201 - wanted
    assert could > 1
    assert {"ledger.lots", "ledger.below"} <= set(await audit(unchecked.platform, unchecked_world.tenant))
