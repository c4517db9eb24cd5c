"""What the ledger promises of one transfer, and of many together."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID

import pytest

from core import clock, ledger
from core.ledger import BalanceRow, Own, Posted, Ripening, Short, Unit
from core.ledger.holding import ENOUGH
from core.ledger.settling import settle_due
from hexmart.testing import World
from tenants import Platform
from tests.faults.audit import audit
from tests.ledgers import ACTOR, balance, clawed_back, done, earned, gift, given_back, join, post, spent

pytestmark = pytest.mark.anyio
HOUR = timedelta(hours=1)
Move = Callable[[timedelta], Awaitable[None]]


@pytest.fixture
async def member(platform: Platform, world: World) -> UUID:
    return (await join(platform, world))[0]


async def _settle(platform: Platform, world: World) -> None:
    async with platform.open_work(world.tenant, ACTOR) as work:
        await settle_due(work)


async def test_the_same_source_is_posted_once(platform: Platform, world: World, member: UUID) -> None:
    [first] = await post(platform, world, earned(member, 10, "order"))
    again, twice = await post(platform, world, earned(member, 10, "order"), earned(member, 10, "order"))
    assert isinstance(first, Posted)
    assert again == twice == Posted(first.transaction_id, new=False)
    assert await balance(platform, world, member) == BalanceRow(available=10)


async def test_what_is_not_there_is_not_spent_and_nothing_is_written(
    platform: Platform, world: World, member: UUID
) -> None:
    done(await post(platform, world, earned(member, 10)))
    answers = await post(platform, world, spent(member, 7), spent(member, 4, "again"), spent(member, 3))
    assert [isinstance(one, Posted) for one in answers] == [True, False, True]
    assert answers[1] == Short(3)
    assert await balance(platform, world, member) == BalanceRow()
    done(await post(platform, world, earned(member, 4), spent(member, 4, "again")))
    assert not await audit(platform, world.tenant)


async def test_what_expires_first_is_spent_first(
    platform: Platform, world: World, member: UUID, move_clock: Move
) -> None:
    now = clock.now()
    lots = [(5, None), (5, now + 3 * HOUR), (5, now + HOUR)]
    done(await post(platform, world, *(earned(member, size, expires_at=until) for size, until in lots)))
    done(await post(platform, world, spent(member, 6)))
    await move_clock(2 * HOUR)  # the first is spent, so nothing has expired
    await _settle(platform, world)
    assert await balance(platform, world, member) == BalanceRow(available=9)
    await move_clock(2 * HOUR)
    assert await balance(platform, world, member) == BalanceRow(available=5)
    await _settle(platform, world)
    async with platform.open_work(world.tenant, ACTOR, read_only=True) as work:
        assert await ledger.total(work, Unit.POINTS, Own.EXPIRED) == 4
        assert not await ledger.expiries(work, Unit.POINTS, [member])
    assert not await audit(platform, world.tenant)


async def test_what_has_expired_is_not_spent_although_nobody_has_swept(
    platform: Platform, world: World, member: UUID, move_clock: Move
) -> None:
    done(await post(platform, world, earned(member, 5, expires_at=clock.now() + HOUR), earned(member, 2)))
    await move_clock(2 * HOUR)
    assert await post(platform, world, spent(member, 3)) == [Short(2)]
    done(await post(platform, world, spent(member, 2)))
    assert not await audit(platform, world.tenant)


async def test_what_is_pending_waits_for_its_moment_or_for_a_word(
    platform: Platform, world: World, member: UUID, move_clock: Move
) -> None:
    waiting = earned(member, 5, pending=True, available_at=clock.now() + HOUR)
    silent = earned(member, 3, "silent", pending=True)
    done(await post(platform, world, waiting, silent))
    assert await balance(platform, world, member) == BalanceRow(pending=8)
    assert await post(platform, world, spent(member, 1)) == [Short(0)]
    await move_clock(2 * HOUR)
    done(await post(platform, world, spent(member, 5)))  # it has become available, though nobody has swept
    async with platform.open_work(world.tenant, ACTOR) as work:
        await ledger.ripen(work, [Ripening(silent.key, clock.now())])
    await _settle(platform, world)
    assert await balance(platform, world, member) == BalanceRow(available=3)
    assert not await audit(platform, world.tenant)


async def test_what_is_clawed_back_is_that_lot_then_others_then_a_debt_that_is_paid_first(
    platform: Platform, world: World, member: UUID
) -> None:
    done(await post(platform, world, earned(member, 10, "a", pending=True), earned(member, 5, "b")))
    done(await post(platform, world, clawed_back(member, 4, "a")))
    assert await balance(platform, world, member) == BalanceRow(available=5, pending=6)
    done(await post(platform, world, clawed_back(member, 5, "b"), clawed_back(member, 2, "b")))
    assert await balance(platform, world, member) == BalanceRow(pending=6, debt=2)
    done(await post(platform, world, earned(member, 1)))
    assert await balance(platform, world, member) == BalanceRow(pending=6, debt=1)
    done(await post(platform, world, earned(member, 4)))
    assert await balance(platform, world, member) == BalanceRow(available=3, pending=6)
    assert not await audit(platform, world.tenant)


async def test_what_was_paid_in_cannot_be_owed(platform: Platform, world: World, member: UUID) -> None:
    done(await post(platform, world, earned(member, 10, "top up", unit=Unit.VALUE)))
    assert await post(platform, world, clawed_back(member, 11, "top up", unit=Unit.VALUE)) == [Short(10)]
    assert await balance(platform, world, member, Unit.VALUE) == BalanceRow(available=10)
    assert await balance(platform, world, member) == BalanceRow()


async def test_what_goes_back_expires_as_before_and_no_more_goes_back_than_was_taken(
    platform: Platform, world: World, member: UUID, move_clock: Move
) -> None:
    soon, later = clock.now() + HOUR, clock.now() + 9 * HOUR
    done(await post(platform, world, earned(member, 5, expires_at=soon), earned(member, 5, expires_at=later)))
    done(await post(platform, world, spent(member, 8, "s")))
    done(await post(platform, world, given_back(member, 4, "s")))  # three of the later ones, one of the others
    async with platform.open_work(world.tenant, ACTOR, read_only=True) as work:
        expiry = (await ledger.expiries(work, Unit.POINTS, [member]))[member]
    assert (expiry.amount, expiry.at) == (1, soon)
    assert await post(platform, world, given_back(member, 5, "s")) == [Short(4)]
    assert await post(platform, world, given_back(member, 1, "never spent")) == [Short(0)]
    await move_clock(2 * HOUR)
    done(await post(platform, world, given_back(member, 4, "s", not_before=later)))
    assert await balance(platform, world, member) == BalanceRow(available=9)
    assert not await audit(platform, world.tenant)


async def test_what_is_given_away_lasts_no_longer_for_it(platform: Platform, world: World, member: UUID) -> None:
    until = clock.now() + HOUR
    [friend] = await join(platform, world)
    done(await post(platform, world, earned(member, 5, expires_at=until), gift(member, friend, 3)))
    async with platform.open_work(world.tenant, ACTOR, read_only=True) as work:
        expiry = (await ledger.expiries(work, Unit.POINTS, [friend]))[friend]
    assert (expiry.amount, expiry.at) == (3, until)
    assert not await audit(platform, world.tenant)


async def test_an_amount_that_is_spread_over_many_lots_is_found(platform: Platform, world: World, member: UUID) -> None:
    done(await post(platform, world, *(earned(member, 1) for _ in range(2 * ENOUGH))))
    done(await post(platform, world, spent(member, 2 * ENOUGH - 1)))
    assert await balance(platform, world, member) == BalanceRow(available=1)
    assert not await audit(platform, world.tenant)


async def test_a_statement_is_read_page_by_page_the_newest_first(
    platform: Platform, world: World, member: UUID
) -> None:
    for transfer in (earned(member, 10, "a"), spent(member, 4, "b"), clawed_back(member, 10, "a"), earned(member, 9)):
        done(await post(platform, world, transfer))
    async with platform.open_work(world.tenant, ACTOR, read_only=True) as work:
        first = await ledger.statement(work, Unit.POINTS, member, limit=2)
        rest = await ledger.statement(work, Unit.POINTS, member, after=first[-1].id, limit=3)
    assert [(one.kind, one.amount) for one in [*first, *rest]] == [
        ("test.earned", 9),
        ("test.clawed_back", -10),
        ("test.spent", -4),
        ("test.earned", 10),
    ]


@pytest.mark.parametrize("amount", [0, -1])
async def test_nothing_or_less_is_not_transferred(platform: Platform, world: World, member: UUID, amount: int) -> None:
    with pytest.raises(ValueError, match="is to transfer"):
        await post(platform, world, earned(member, amount))


async def test_statements_do_not_grow_with_transfers(
    platform: Platform, world: World, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    many = await join(platform, world, 40)
    done(await post(platform, world, *(earned(one, 10) for one in many), spent(many[0], 1)))

    async def sent(*members: UUID) -> int:
        with statements() as heard:
            done(await post(platform, world, *(spent(one, 1) for one in members), *(earned(one, 1) for one in members)))
        return len(heard)

    assert await sent(*many) == await sent(many[0])
