"""Guarding what can be guessed: so many failures of one subject and one address, then nothing is verified for a while.

An attempt is counted before anything is verified and uncounted when it succeeds, so guesses that come in parallel
cannot share one try. Whoever finds no room while others are still undecided waits for them, so people who know their
password are not refused for coming in parallel.
"""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from limits import RateLimitItem, RateLimitItemPerHour, parse

from core.errors import Busy, DomainError, RateLimited
from core.identity import TotpRequired
from tenants.plans import Plan
from tenants.throttle.windows import Attempts, Limit, Shared, Take, milliseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """How often something may be attempted in vain."""

    name: str
    pair: RateLimitItem | None = None  #: by one subject (an e-mail address, a phone) from one network address
    subject: RateLimitItem | None = None  #: by one subject from anywhere
    address: RateLimitItem | None = None  #: by one network address as anybody
    of_plan: Callable[[Plan], int | None] = lambda _: None  #: an hour, by all of the brand
    counts_success: bool = False  #: what is guarded costs money when it succeeds


STAFF_SIGN_IN = Guard(
    name="staff_sign_in",
    pair=parse("5 per 15 minutes"),
    subject=parse("50 per hour"),
    address=parse("100 per 15 minutes"),
)
#: a code is void after five wrong tries; whoever made them may ask for another one and try that
MEMBER_SIGN_IN = replace(STAFF_SIGN_IN, name="member_sign_in", pair=parse("10 per 15 minutes"))
#: what a member of staff who is signed in still has to prove: the present password, a code
STAFF_SECRET = Guard(name="staff_secret", subject=parse("20 per 15 minutes"))
STAFF_TICKET = Guard(name="staff_ticket", address=parse("100 per 15 minutes"))
STAFF_PASSWORD_RESET = Guard(
    name="staff_password_reset",
    subject=parse("10 per hour"),
    address=parse("60 per hour"),
    counts_success=True,
)
#: codes that nobody knows, for one cart or member and from one network address
CART_CODE = Guard(name="cart_code", subject=parse("5 per minute"), address=parse("60 per minute"))
#: codes shown at a counter that nobody knows there: by one member of staff, and from one network address
COUNTER_CODE = Guard(name="counter_code", subject=parse("10 per minute"), address=parse("60 per minute"))
TOKEN_REFRESH = Guard(name="token_refresh", address=parse("100 per 15 minutes"))
ONE_TIME_CODE = Guard(
    name="one_time_code",
    subject=parse("10 per hour"),
    address=parse("60 per hour"),
    of_plan=lambda plan: plan.otp_per_hour,
    counts_success=True,
)


def takes_of(guard: Guard, plan: Plan, slug: str, network: str, subject: str) -> list[Take]:
    """Where an attempt counts; what nobody says is counted nowhere."""
    start, of_plan = f"{slug}/{guard.name}", guard.of_plan(plan)
    named = (
        (f"{start}/{subject}/{network}", guard.pair if subject and network else None),
        (f"{start}/subject/{subject}", guard.subject if subject else None),
        (f"{start}/address/{network}", guard.address if network else None),
        (start, RateLimitItemPerHour(of_plan) if of_plan else None),
    )
    return [Take(key, *Limit.of(limit), 1) for key, limit in named if limit is not None]


class Guarding:
    """Attempts of this process, and those of others as far as they can be asked."""

    def __init__(self, shared: Shared | None) -> None:
        self._attempts = Attempts()
        self._shared = shared
        self._undecided: Counter[str] = Counter()
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    @asynccontextmanager
    async def attempt(self, takes: Sequence[Take], *, counts_success: bool) -> AsyncIterator[None]:
        """Do the block if there is room for another attempt; raises RateLimited where there is none."""
        moment = await self._enter(takes)
        counted = True  # also when it is cut off: nobody goes on guessing by hanging up in time
        try:
            yield
            counted = counts_success
        except Exception as error:
            counted = not counts_success and _is_failure(error)
            raise
        finally:
            await self._leave(takes, moment, counted=counted)

    async def _enter(self, takes: Sequence[Take]) -> int:
        """Count an attempt; returns the moment that it is counted at."""
        while blocked := self._attempts.blocked(takes, moment := milliseconds()):
            if any(not self._undecided[key] for key in blocked):
                raise limited(max(blocked.values()))
            await self._outcome(next(iter(blocked)))
        self._attempts.enter(takes, moment)
        self._undecided.update(take.key for take in takes)
        refused = True
        try:
            wait = await self._shared.enter(takes, moment) if self._shared is not None else 0
            refused = wait > 0
        finally:
            if refused:
                self._decide(takes, moment, counted=False)
        if wait:
            raise limited(wait)
        return moment

    async def _leave(self, takes: Sequence[Take], moment: int, *, counted: bool) -> None:
        self._decide(takes, moment, counted=counted)
        if not counted and self._shared is not None:
            await self._shared.withdraw(takes, moment)

    def _decide(self, takes: Sequence[Take], moment: int, *, counted: bool) -> None:
        """Say how an attempt went: whoever waited for its place, or for the last that could leave one, goes on."""
        if not counted:
            self._attempts.withdraw(takes, moment)
        for take in takes:
            self._undecided[take.key] -= 1
            if not self._undecided[take.key]:
                del self._undecided[take.key]
                self._wake(take.key, everybody=True)
            elif not counted:
                self._wake(take.key, everybody=False)

    async def _outcome(self, key: str) -> None:
        """Wait until an attempt that is under way may have left room."""
        woken = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(key, deque()).append(woken)
        await woken

    def _wake(self, key: str, *, everybody: bool) -> None:
        waiting = self._waiting.get(key, deque())
        while waiting:
            woken = waiting.popleft()
            if not woken.done():
                woken.set_result(None)
                if not everybody:
                    break
        if not waiting:
            self._waiting.pop(key, None)


def limited(milliseconds: int) -> RateLimited:
    """The refusal that says when to come again, in whole seconds."""
    refusal = RateLimited()
    refusal.retry_after = -(-milliseconds // 1000)
    return refusal


def _is_failure(error: Exception) -> bool:
    """Whether somebody was wrong: that the house is full is no failure of theirs, nor that more is asked for."""
    return isinstance(error, DomainError) and not isinstance(error, Busy | RateLimited | TotpRequired)
