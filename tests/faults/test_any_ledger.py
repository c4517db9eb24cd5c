"""Whatever is earned, spent, given, taken back and left to expire: accounts are as they would be on paper."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import clock, ledger
from core.ledger import Answer, Key, Posted, Ripening, Transfer, posting, settling
from core.ledger.account import Account
from core.ledger.undoing import Taken, read_taken
from core.work import Work
from hexmart.testing import World
from tenants import Platform
from tests.faults.audit import audit
from tests.faults.crowd import SCALE
from tests.faults.model_of_ledger import NEVER, Paper, Purse
from tests.ledgers import ACTOR, clawed_back, earned, gift, given_back, join, spent

pytestmark = pytest.mark.anyio
Move = Callable[[timedelta], Awaitable[None]]
HOUR = timedelta(hours=1)


@dataclass
class Books:
    """The ledger under test and its picture on paper."""

    platform: Platform
    world: World
    members: Sequence[UUID]
    begun: datetime
    mark: str
    paper: Paper

    def at(self, hour: int) -> datetime | None:
        """Half past, so that it does not matter how long the test takes."""
        return None if hour == NEVER else self.begun + hour * HOUR - HOUR / 2

    async def post(self, transfer: Transfer) -> Answer:
        async with self.platform.open_work(self.world.tenant, ACTOR) as work:
            first, again = await ledger.post(work, [transfer, transfer])
        if isinstance(first, Posted):
            assert again == Posted(first.transaction_id, new=False)
        return first

    def earning(self, number: int) -> str:
        return f"{self.mark}-e{number}"

    def spending(self, number: int) -> str:
        return f"{self.mark}-s{number}"


@dataclass(frozen=True)
class Earn:
    who: int
    amount: int
    lasts: int | None
    waits: int | None  #: for so many hours; 0: for a word

    async def do(self, books: Books) -> None:
        paper = books.paper
        until = NEVER if self.lasts is None else paper.hour + self.lasts
        since = paper.hour + self.waits if self.waits else NEVER
        await books.post(
            earned(
                books.members[self.who],
                self.amount,
                books.earning(len(paper.earnings)),
                expires_at=books.at(until),
                pending=self.waits is not None,
                available_at=books.at(since),
            )
        )
        grant = paper.give(self.who, self.amount, until=until, waits=self.waits is not None, since=since)
        paper.earnings.append((self.who, grant))


@dataclass(frozen=True)
class Spend:
    who: int
    amount: int

    async def do(self, books: Books) -> None:
        transfer = spent(books.members[self.who], self.amount, books.spending(len(books.paper.spendings)))
        answer, pieces = await books.post(transfer), books.paper.take(self.who, self.amount)
        assert isinstance(answer, Posted) == (pieces is not None)
        if pieces is not None:
            books.paper.spent(self.who, pieces)


@dataclass(frozen=True)
class Give:
    who: int
    amount: int

    async def do(self, books: Books) -> None:
        other = 1 - self.who
        answer = await books.post(gift(books.members[self.who], books.members[other], self.amount))
        pieces = books.paper.take(self.who, self.amount)
        assert isinstance(answer, Posted) == (pieces is not None)
        for until, amount in pieces or ():
            books.paper.give(other, amount, until=until)


@dataclass(frozen=True)
class Back:
    which: int
    amount: int | None  #: None: as much as was spent

    async def do(self, books: Books) -> None:
        if books.paper.spendings:
            which = self.which % len(books.paper.spendings)
            spending = books.paper.spendings[which]
            amount = self.amount or sum(size for _, size in spending.pieces)
            answer = await books.post(given_back(books.members[spending.who], amount, books.spending(which)))
            assert isinstance(answer, Posted) == books.paper.back(which, amount)


@dataclass(frozen=True)
class ClawBack:
    which: int
    amount: int

    async def do(self, books: Books) -> None:
        if books.paper.earnings:
            which = self.which % len(books.paper.earnings)
            who = books.members[books.paper.earnings[which][0]]
            answer = await books.post(clawed_back(who, self.amount, books.earning(which)))
            assert isinstance(answer, Posted)
            books.paper.claw_back(which, self.amount)


@dataclass(frozen=True)
class Ripen:
    which: int

    async def do(self, books: Books) -> None:
        if books.paper.earnings:
            which, hour = self.which % len(books.paper.earnings), books.paper.hour
            said = Ripening(Key("test.earned", books.earning(which)), clock.now())
            async with books.platform.open_work(books.world.tenant, ACTOR) as work:
                await ledger.ripen(work, [said])
            grant = books.paper.earnings[which][1]
            if grant.waiting:
                grant.since = hour


@dataclass(frozen=True)
class Wait:
    hours: int
    swept: bool

    async def do(self, books: Books) -> None:
        books.paper.hour += self.hours
        clock.move_to_offset(clock.offset_seconds() + self.hours * 3600)
        if self.swept:
            await sweep(books.platform, books.world)
            for purse in books.paper.purses:
                purse.settle(books.paper.hour)


Happening: TypeAlias = Earn | Spend | Give | Back | ClawBack | Ripen | Wait
WHO, FEW, WHICH = st.integers(0, 1), st.integers(1, 12), st.integers(0, 3)
HAPPENINGS = st.one_of(
    st.builds(Earn, WHO, FEW, st.none() | st.integers(1, 6), st.none() | st.integers(0, 4)),
    st.builds(Earn, WHO, FEW, st.none() | st.integers(1, 6), st.none()),
    st.builds(Spend, WHO, FEW),
    st.builds(Give, WHO, FEW),
    st.builds(Back, WHICH, st.none() | FEW),
    st.builds(ClawBack, WHICH, FEW),
    st.builds(Ripen, WHICH),
    st.builds(Wait, st.integers(1, 3), st.booleans()),
)


async def sweep(platform: Platform, world: World) -> None:
    """Do all that is due."""
    more = 1
    while more:
        async with platform.open_work(world.tenant, ACTOR) as work:
            more = await settling.settle_due(work)


async def _check(platform: Platform, world: World, happenings: Sequence[Happening]) -> None:
    clock.move_to_offset(0)
    members = await join(platform, world, 2)
    books = Books(platform, world, members, clock.now(), str(members[0]), Paper([Purse(), Purse()]))
    for one in happenings:
        await one.do(books)
        async with platform.open_work(world.tenant, ACTOR, read_only=True) as work:
            found = await ledger.balances(work, ledger.Unit.POINTS, members)
        seen = [(found[key].available, found[key].pending, found[key].debt) for key in members]
        assert seen == [purse.seen(books.paper.hour) for purse in books.paper.purses], one


async def _examples(platform: Platform, world: World, count: int) -> Counter[str]:
    """What happened, and how often."""
    loop, happened = asyncio.get_running_loop(), Counter[str]()

    @settings(max_examples=count, deadline=None, database=None)
    @given(st.lists(HAPPENINGS, min_size=8, max_size=24))
    def compare(happenings: list[Happening]) -> None:
        asyncio.run_coroutine_threadsafe(_check(platform, world, happenings), loop).result()
        happened.update(type(one).__name__ for one in happenings)

    await asyncio.to_thread(compare)
    return happened


async def test_accounts_are_as_they_would_be_on_paper(platform: Platform, world: World, move_clock: Move) -> None:
    happened = await _examples(platform, world, min(40 * SCALE, 500))
    print(f"ledger: {happened.total()} happenings: {dict(happened)}")  # noqa: T201 - wanted
    assert len(happened) == 7
    assert not await audit(platform, world.tenant)
    await move_clock(24 * HOUR)
    await sweep(platform, world)
    assert not await audit(platform, world.tenant)


@pytest.mark.usefixtures("move_clock")
async def test_a_ledger_that_does_not_spend_what_expires_first_is_found(
    platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_turn = Account._in_turn

    def last_first(self: Account, **more: bool) -> list[Any]:
        return in_turn(self, **more)[::-1]

    lasting, passing = Earn(0, 5, lasts=None, waits=None), Earn(0, 5, lasts=1, waits=None)
    happenings: list[Happening] = [lasting, passing, Spend(0, 5), Wait(2, swept=True)]
    await _check(platform, world, happenings)
    monkeypatch.setattr(Account, "_in_turn", last_first)
    with pytest.raises(AssertionError):
        await _check(platform, world, happenings)


@pytest.mark.usefixtures("move_clock")
async def test_a_ledger_that_forgets_what_went_back_is_found(
    platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def forgetful(work: Work, transaction_ids: Sequence[UUID]) -> dict[UUID, Taken]:
        return {key: replace(taken, gone_back=0) for key, taken in (await read_taken(work, transaction_ids)).items()}

    happenings: list[Happening] = [
        Earn(0, 5, lasts=None, waits=None),
        Spend(0, 5),
        Back(0, amount=None),
        Back(0, amount=None),
    ]
    await _check(platform, world, happenings)
    monkeypatch.setattr(posting, "read_taken", forgetful)
    with pytest.raises(AssertionError):
        await _check(platform, world, happenings)
