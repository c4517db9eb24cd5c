"""One-time codes as a brand sends them in earnest: random, sealed, not sent again at once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from core import clock, identity
from core.actors import system
from core.database import begin
from core.errors import LimitReached
from core.identity import IdentityRules, one_time
from core.ids import new_digits
from core.notices import NoticeRequested
from core.rules import RuleBook
from core.work import Work
from hexmart.testing import World
from tenants import Platform

pytestmark = pytest.mark.anyio
PHONE, OTHER = "+8613800000001", "+8613900000002"
RULES = RuleBook({IdentityRules: IdentityRules()})
Move = Callable[[timedelta], Awaitable[None]]


class Phones:
    """Opens Works of a brand that is no demo, and hands out codes that a test can foresee."""

    def __init__(self, platform: Platform, world: World) -> None:
        self.platform, self.tenant = platform, world.tenant
        self.codes = iter(f"{n}{n}{n}{n}{n}{n}" for n in range(1, 10))

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """A Work under the rules of a brand that has decided nothing."""
        offset = clock.offset_seconds()
        async with begin(self.platform.app, tenant_id=self.tenant.id, clock_offset=offset, read_only=False) as opened:
            work = Work(
                opened,
                brand=self.tenant,
                actor=system("test"),
                language="zh",
                rules=RULES,
                hooks=self.platform.hooks(self.tenant.plugins),
                vault=self.platform.vault(self.tenant.id),
            )
            yield work
            await work.commit()

    async def ask(self, phone: str = PHONE) -> None:
        async with self.work() as work:
            await identity.request_code(work, phone)

    async def take(self, code: str, phone: str = PHONE, purpose: str = one_time.SIGN_IN) -> bool:
        async with self.work() as work:
            return await identity.take_code(work, phone, code, purpose)


@pytest.fixture
def phones(platform: Platform, world: World, monkeypatch: pytest.MonkeyPatch) -> Phones:
    """The brand's phones: the first code is 111111, the next 222222."""
    made = Phones(platform, world)
    monkeypatch.setattr(one_time, "new_digits", lambda _: next(made.codes))
    return made


async def test_a_code_is_taken_once(phones: Phones) -> None:
    await phones.ask()
    assert (await phones.take("111111", OTHER), await phones.take("000000")) == (False, False)
    assert (await phones.take("111111"), await phones.take("111111")) == (True, False)


async def test_a_code_is_not_sent_again_within_a_minute(phones: Phones, move_clock: Move) -> None:
    await phones.ask()
    await move_clock(timedelta(seconds=58))
    with pytest.raises(LimitReached) as refusal:
        await phones.ask()
    assert (refusal.value.path, refusal.value.retry_after) == (("input", "phone"), 60)
    await phones.ask(OTHER)
    assert await phones.take("111111")


async def test_a_new_code_takes_the_place_of_the_old(phones: Phones, move_clock: Move) -> None:
    await phones.ask()
    await move_clock(timedelta(seconds=61))
    await phones.ask()
    assert (await phones.take("111111"), await phones.take("222222")) == (False, True)


@pytest.mark.parametrize(("wrong", "good"), [(4, True), (5, False)])
async def test_after_five_wrong_tries_a_code_is_void(phones: Phones, wrong: int, good: bool) -> None:
    await phones.ask()
    assert [await phones.take("000000") for _ in range(wrong)] == [False] * wrong
    assert await phones.take("111111") is good


async def test_of_those_who_take_a_code_at_once_one_does(phones: Phones) -> None:
    await phones.ask()
    assert (await asyncio.gather(*(phones.take("111111") for _ in range(5)))).count(True) == 1


async def test_guesses_at_once_cannot_share_one_try(phones: Phones) -> None:
    await phones.ask()
    guesses = [f"{number:06}" for number in range(40)]
    assert not any(await asyncio.gather(*(phones.take(guess) for guess in guesses)))
    async with phones.work() as work:
        assert await work.value("SELECT tries FROM one_time_code WHERE tenant_id = $1") == 5
    assert not await phones.take("111111")


async def test_a_code_is_good_for_its_own_phone_and_purpose_only(phones: Phones) -> None:
    await phones.ask()
    await phones.ask(OTHER)
    assert not await phones.take("111111", OTHER)
    assert not await phones.take("222222")
    assert not await phones.take("111111", purpose="another")
    assert (await phones.take("111111"), await phones.take("222222", OTHER)) == (True, True)


@pytest.mark.parametrize(("later", "good"), [(timedelta(minutes=4, seconds=58), True), (timedelta(minutes=5), False)])
async def test_a_code_ends_after_five_minutes(phones: Phones, move_clock: Move, later: timedelta, good: bool) -> None:
    await phones.ask()
    await move_clock(later)
    assert await phones.take("111111") is good


async def test_neither_phone_nor_code_is_kept_in_clear(phones: Phones) -> None:
    async with phones.work() as work:
        await identity.request_code(work, PHONE)
        (notice,) = [event for event in work._emitted if isinstance(event, NoticeRequested)]
        row = await work.fetch("SELECT phone_index, code_hash FROM one_time_code WHERE tenant_id = $1")
    assert notice.template == "identity.one_time_code"
    for kept in (notice.sealed, row[0]["phone_index"].decode("latin-1"), row[0]["code_hash"].decode("latin-1")):
        assert "111111" not in kept
        assert "13800000001" not in kept


def test_codes_are_six_random_digits() -> None:
    codes = {new_digits(one_time.DIGITS) for _ in range(200)}
    assert len(codes) > 190
    assert all(len(code) == 6 and code.isdecimal() for code in codes)
