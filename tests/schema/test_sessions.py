"""Where somebody is signed in, and how that ends."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from core import clock, identity
from core.actors import system
from core.identity import IdentityRules
from hexmart.testing import Client, World
from tenants import Platform
from tests.schema.shop import PHONE, Payload, done
from tests.schema.staffing import Staffing, is_in

pytestmark = pytest.mark.anyio
Move = Callable[[timedelta], Awaitable[None]]
Run = Callable[[], Awaitable[None]]
REFRESH = "mutation($t: String!) { tokenRefresh(input: {refreshToken: $t}) { accessToken refreshToken } }"
SESSIONS = "{ sessions { kind begunAt renewedAt current } }"
SIGN_OUT = "mutation { signOut { ended userErrors { code } } }"
SIGN_OUT_EVERYWHERE = "mutation { signOutEverywhere { ended userErrors { code } } }"


class Person:
    """Somebody who is signed in, with both tokens."""

    def __init__(self, client: Client, payload: Payload) -> None:
        self.client = replace(client, token=payload["accessToken"])
        self.refresh_token: str = payload["refreshToken"]

    async def renews(self) -> bool:
        """Whether the refresh token is good; it is used up by this, and the next one held instead."""
        response = await replace(self.client, token=None).send(REFRESH, t=self.refresh_token)
        if response.get("errors"):
            assert [error["extensions"]["code"] for error in response["errors"]] == ["UNAUTHENTICATED"], response
            return False
        renewed = response["data"]["tokenRefresh"]
        self.client, self.refresh_token = replace(self.client, token=renewed["accessToken"]), renewed["refreshToken"]
        return True

    async def is_in(self) -> bool:
        return await is_in(self.client)


SignIn = Callable[[str], Awaitable[Person]]


@pytest.fixture
def sign_in(client: Client, world: World) -> SignIn:
    """Signs in a member by phone, or a member of staff by the name in their address."""

    async def sign_in(who: str) -> Person:
        fields = "accessToken refreshToken"
        if not who.isdecimal():
            given = {"email": world.email(who), "password": "hexmart-demo"}
            return Person(client, await client.do("staffSignIn", given, fields))
        await client.do("memberOtpRequest", {"phone": who})
        return Person(client, await client.do("memberSignIn", {"phone": who, "code": "000000"}, fields))

    return sign_in


@pytest.mark.parametrize("who", [PHONE, "clerk"])
async def test_signing_out_ends_this_session_and_no_other(sign_in: SignIn, who: str) -> None:
    here, there = await sign_in(who), await sign_in(who)
    assert done((await here.client.run(SIGN_OUT))["signOut"], "ended") == 1  # type: ignore[comparison-overlap]
    assert (await here.is_in(), await here.renews()) == (False, False)
    assert (await there.is_in(), await there.renews(), await there.is_in()) == (True, True, True)


@pytest.mark.parametrize("who", [PHONE, "clerk"])
async def test_signing_out_everywhere_ends_all_of_ones_sessions(sign_in: SignIn, who: str) -> None:
    everywhere, other = [await sign_in(who) for _ in range(3)], [await sign_in("13800000002"), await sign_in("courier")]
    assert await everywhere[1].renews()
    ended = (await everywhere[0].client.run(SIGN_OUT_EVERYWHERE))["signOutEverywhere"]
    assert ended == {"ended": 3, "userErrors": []}
    for person in everywhere:
        assert (await person.is_in(), await person.renews()) == (False, False)
    assert [(await person.is_in(), await person.renews()) for person in other] == [(True, True)] * 2
    assert await (await sign_in(who)).is_in()


@pytest.mark.parametrize("how", ["signOut", "signOutEverywhere"])
async def test_what_follows_in_the_same_request_is_asked_by_a_guest(sign_in: SignIn, how: str) -> None:
    clerk = await sign_in("clerk")
    renaming = 'staffUpdate(input: {staffId: "x", name: "y"}) { userErrors { code } }'
    response = await clerk.client.send(f"mutation {{ {how} {{ ended }} {renaming} again: signOut {{ ended }} }}")
    assert {error["extensions"]["code"] for error in response["errors"]} == {"UNAUTHENTICATED"}


async def test_a_guest_has_nothing_to_sign_out_of(client: Client) -> None:
    for document in (SESSIONS, SIGN_OUT, SIGN_OUT_EVERYWHERE):
        assert await client.code(document) == "UNAUTHENTICATED"


async def test_ones_sessions_are_listed_the_newest_first(sign_in: SignIn, move_clock: Move) -> None:
    old = await sign_in("clerk")
    await move_clock(timedelta(hours=1))
    new, _ = await sign_in("clerk"), await sign_in("courier")
    await move_clock(timedelta(hours=1))
    assert await old.renews()
    listed = (await old.client.run(SESSIONS))["sessions"]
    assert [(one["kind"], one["current"]) for one in listed] == [("staff", False), ("staff", True)]
    begun, renewed = ([datetime.fromisoformat(one[at]) for one in listed] for at in ("begunAt", "renewedAt"))
    assert abs(begun[0] - renewed[0]) < timedelta(seconds=1)
    assert begun[0] - begun[1] > timedelta(minutes=59)
    assert renewed[1] - begun[1] > timedelta(minutes=119)
    assert await new.renews()
    await new.client.run(SIGN_OUT)
    assert [one["current"] for one in (await old.client.run(SESSIONS))["sessions"]] == [True]
    await move_clock(timedelta(days=31))
    fresh = await sign_in("clerk")
    assert [one["current"] for one in (await fresh.client.run(SESSIONS))["sessions"]] == [True]


async def test_a_session_that_is_renewed_for_long_is_as_old_as_it_is(
    sign_in: SignIn, run_worker: Run, move_clock: Move
) -> None:
    person, begun = await sign_in("clerk"), clock.now()
    for _ in range(3):
        await move_clock(timedelta(days=25))
        assert await person.renews()
        await run_worker()  # which forgets the first tokens
    [listed] = (await person.client.run(SESSIONS))["sessions"]
    assert abs(datetime.fromisoformat(listed["begunAt"]) - begun) < timedelta(minutes=1)


@pytest.mark.parametrize("who", [PHONE, "clerk"])
async def test_a_refresh_token_used_twice_ends_the_access_tokens_too(sign_in: SignIn, who: str) -> None:
    thief, other = await sign_in(who), await sign_in(who)
    stolen = thief.refresh_token
    first_access = thief.client
    assert await thief.renews()
    assert [await is_in(first_access), await thief.is_in()] == [True, True]
    thief.refresh_token = stolen
    assert not await thief.renews()
    assert [await is_in(first_access), await thief.is_in(), await other.is_in()] == [False, False, True]


async def test_of_those_who_use_a_refresh_token_at_once_one_at_most_gets_tokens_and_nobody_keeps_them(
    sign_in: SignIn,
) -> None:
    person = await sign_in(PHONE)
    crowd = [Person(person.client, {"accessToken": None, "refreshToken": person.refresh_token}) for _ in range(6)]
    renewed = await asyncio.gather(*(one.renews() for one in crowd))
    assert renewed.count(True) <= 1  # none, where another's try ends the session before the first is answered
    for winner in (one for one, got_tokens in zip(crowd, renewed, strict=True) if got_tokens):
        assert [await winner.is_in(), await winner.renews()] == [False, False]
    assert [await person.is_in(), await person.renews()] == [False, False]


async def test_a_session_that_is_renewed_while_it_ends_has_ended(
    sign_in: SignIn, platform: Platform, world: World, staffing: Staffing, move_clock: Move
) -> None:
    person, works = await sign_in("clerk"), platform.works(world.tenant, system("test"))

    async def end(session: Any) -> None:
        async with works() as work:
            await identity.end(work, [session])

    async with works() as renewing:
        renewed = await identity.refresh(renewing, person.refresh_token)
        assert renewed is not None
        ending = asyncio.create_task(end(renewed.claims.session))
        await staffing.until_blocked("UPDATE refresh_token SET revoked_at")
    await ending
    person.client = replace(person.client, token=renewed.access_token)
    person.refresh_token = renewed.refresh_token or ""
    assert not await person.is_in()
    await move_clock(timedelta(minutes=30))  # no access token of it is about any more
    assert not await person.renews()


async def test_an_ended_session_is_remembered_for_as_long_as_it_might_be_renewed(
    sign_in: SignIn, staffing: Staffing, run_worker: Run, move_clock: Move
) -> None:
    person = await sign_in("clerk")
    await person.client.run(SIGN_OUT)
    async with staffing.work() as work:
        await work.execute("UPDATE refresh_token SET revoked_at = NULL WHERE tenant_id = $1")
    lifetime = timedelta(days=IdentityRules().refresh_days)
    for moved in (timedelta(hours=1), lifetime - timedelta(hours=2)):
        await move_clock(moved)
        await run_worker()  # which forgets old ones
        assert not await person.renews()


async def test_staff_who_sign_out_are_written_down_and_members_are_not(sign_in: SignIn, staffing: Staffing) -> None:
    for who in (PHONE, "clerk"):
        await (await sign_in(who)).client.run(SIGN_OUT)
        await (await sign_in(who)).client.run(SIGN_OUT_EVERYWHERE)
    assert [one for one in await staffing.log("") if "out" in one] == ["staff.signed_out"] * 2
