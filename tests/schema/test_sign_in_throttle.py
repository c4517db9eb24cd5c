"""Guessing passwords and codes: how many guesses are really checked, and who is kept out by them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from core import identity
from core.identity import IdentityRules
from core.identity.staff import passwords
from core.rules import RuleBook
from hexmart.testing import Client, World
from tenants import Platform
from tests.schema.conftest import Number

pytestmark = pytest.mark.anyio

GUESSES = 1_000
HOME, AWAY = "203.0.113.1", "203.0.113.2"
PHONE = "13800000001"
STAFF = "mutation($input: StaffSignInInput!) { staffSignIn(input: $input) { accessToken userErrors { code } } }"
MEMBER = "mutation($input: MemberSignInInput!) { memberSignIn(input: $input) { accessToken userErrors { code } } }"
CODE = "mutation($input: MemberOtpRequestInput!) { memberOtpRequest(input: $input) { userErrors { code } } }"
REFRESH = "mutation($input: TokenRefreshInput!) { tokenRefresh(input: $input) { accessToken refreshToken } }"

Post = Callable[..., Awaitable[httpx.Response]]
MoveClock = Callable[[timedelta], Awaitable[None]]


@dataclass
class Checked:
    """How often something was really verified."""

    times: int = 0


@pytest.fixture
def post(client: Client) -> Post:
    """Send a mutation from a network address."""

    async def send(mutation: str, address: str = HOME, **given: str) -> httpx.Response:
        transport = httpx.ASGITransport(app=client.application, client=(address, 4711))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
            asked = {"query": mutation, "variables": {"input": given}}
            return await http.post("/graphql", json=asked, headers={"X-Tenant": client.slug})

    return send


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> Checked:
    """Counts passwords and one-time codes that are verified."""
    counted, matches, take_code = Checked(), passwords.matches, identity.take_code

    async def matches_counted(*given: Any) -> bool:
        counted.times += 1
        return await matches(*given)

    async def take_code_counted(*given: Any) -> bool:
        counted.times += 1
        return await take_code(*given)

    monkeypatch.setattr(passwords, "matches", matches_counted)
    monkeypatch.setattr(identity, "take_code", take_code_counted)
    return counted


async def guess(post: Post, tries: Sequence[tuple[str, str]], *, at_once: bool) -> list[str]:
    """Try a wrong password for each of these e-mail addresses, from these network addresses: what was answered."""
    sent = [post(STAFF, address, email=email, password="wrong") for email, address in tries]
    return [outcome(answer) for answer in (await asyncio.gather(*sent) if at_once else [await one for one in sent])]


def outcome(answer: httpx.Response) -> str:
    """A code, or `in`."""
    body = answer.json()
    if "errors" in body:
        extensions = body["errors"][0]["extensions"]
        if extensions["code"] == "RATE_LIMITED":
            assert (answer.status_code, answer.headers["retry-after"]) == (429, str(extensions["retryAfter"]))
        return str(extensions["code"])
    (payload,) = body["data"].values()
    assert answer.status_code == 200
    return str(payload["userErrors"][0]["code"]) if payload.get("userErrors") else "in"


def _one_place(number: int) -> str:  # noqa: ARG001 - wherever a guess comes from
    return HOME


def _many_places(number: int) -> str:
    return f"198.{18 + number // 65_536}.{number // 256 % 256}.{number % 256}"


@pytest.mark.parametrize("at_once", [False, True], ids=["one after another", "at once"])
@pytest.mark.parametrize(
    ("name", "place", "accounts", "most"),
    [
        ("one account from one address", _one_place, 1, 5),
        ("one account from many addresses", _many_places, 1, 50),
        ("many accounts from one address", _one_place, GUESSES, 100),
    ],
)
async def test_of_a_thousand_guesses_few_are_checked(
    post: Post,
    world: World,
    checked: Checked,
    name: str,
    place: Callable[[int], str],
    accounts: int,
    most: int,
    at_once: bool,
) -> None:
    clerk = world.email("clerk")
    emails = [clerk if accounts == 1 else f"{number}@{world.tenant.slug}.example" for number in range(accounts)]
    tries = [(emails[number % accounts], place(number)) for number in range(GUESSES)]
    answers = await guess(post, tries, at_once=at_once)
    how = "at once" if at_once else "one after another"
    print(f"brute force: {GUESSES} guesses, {name}, {how}: {checked.times} checked")  # noqa: T201 - the figure is wanted
    assert checked.times == most
    assert (answers.count("CREDENTIALS_WRONG"), answers.count("RATE_LIMITED")) == (most, GUESSES - most)


async def test_the_right_password_still_works_from_elsewhere(post: Post, world: World, move_clock: MoveClock) -> None:
    clerk = {"email": world.email("clerk"), "password": "hexmart-demo"}
    await guess(post, [(clerk["email"], HOME)] * 6, at_once=False)
    locked = await post(STAFF, HOME, **clerk)
    assert outcome(locked) == "RATE_LIMITED"
    assert 890 <= int(locked.headers["retry-after"]) <= 900
    assert outcome(await post(STAFF, AWAY, **clerk)) == "in"
    assert outcome(await post(STAFF, HOME, **clerk | {"email": world.email("manager")})) == "in"
    await move_clock(timedelta(minutes=14))
    assert outcome(await post(STAFF, HOME, **clerk)) == "RATE_LIMITED"
    await move_clock(timedelta(minutes=1))
    assert outcome(await post(STAFF, HOME, **clerk)) == "in"


async def test_an_account_that_everybody_guesses_at_is_closed_for_an_hour(
    post: Post, world: World, move_clock: MoveClock
) -> None:
    clerk = {"email": world.email("clerk"), "password": "hexmart-demo"}
    await guess(post, [(clerk["email"], _many_places(number)) for number in range(50)], at_once=True)
    assert outcome(await post(STAFF, AWAY, **clerk)) == "RATE_LIMITED"
    await move_clock(timedelta(hours=1))
    assert outcome(await post(STAFF, AWAY, **clerk)) == "in"


@pytest.mark.parametrize("at_once", [False, True])
async def test_who_knows_the_password_is_never_refused(post: Post, world: World, at_once: bool) -> None:
    sent = [post(STAFF, email=world.email("clerk"), password="hexmart-demo") for _ in range(60)]
    answers = await asyncio.gather(*sent) if at_once else [await one for one in sent]
    assert {outcome(answer) for answer in answers} == {"in"}


async def test_nobody_is_told_whether_an_address_is_known(post: Post, world: World, checked: Checked) -> None:
    answers = {}
    for email, address in ((world.email("clerk"), HOME), ("nobody@nowhere.example", AWAY)):
        before = checked.times
        answers[email] = [await post(STAFF, address, email=email, password="wrong") for _ in range(7)]
        assert checked.times - before == 5
    known, unknown = answers.values()
    for one, other in zip(known, unknown, strict=True):
        assert (one.status_code, one.json()["data"]) == (other.status_code, other.json()["data"])
    assert outcome(known[-1]) == outcome(unknown[-1]) == "RATE_LIMITED"


async def test_an_address_is_written_in_many_ways_and_is_one(post: Post, world: World, checked: Checked) -> None:
    written = [world.email("clerk"), world.email("clerk").upper(), f"  {world.email('clerk')} "]
    await guess(post, [(written[number % 3], HOME) for number in range(9)], at_once=False)
    assert checked.times == 5


@pytest.mark.parametrize("at_once", [False, True], ids=["one after another", "at once"])
async def test_codes_are_guessed_ten_times(post: Post, checked: Checked, number_of: Number, at_once: bool) -> None:
    await post(CODE, phone=PHONE)
    sent = [post(MEMBER, phone=PHONE, code=f"{number:06}") for number in range(1, GUESSES + 1)]
    answers = [outcome(one) for one in (await asyncio.gather(*sent) if at_once else [await one for one in sent])]
    how = "at once" if at_once else "one after another"
    print(f"brute force: {GUESSES} codes, {how}: {checked.times} checked, 5 of them against the code")  # noqa: T201
    assert (checked.times, answers.count("CODE_WRONG"), answers.count("RATE_LIMITED")) == (10, 10, GUESSES - 10)
    assert await number_of("member") == 0
    await post(CODE, phone=PHONE)
    assert outcome(await post(MEMBER, AWAY, phone=PHONE, code="000000")) == "in"


async def test_codes_that_are_really_sent_are_counted(
    post: Post, number_of: Number, platform: Platform, monkeypatch: pytest.MonkeyPatch, move_clock: MoveClock
) -> None:
    for _ in range(20):
        assert outcome(await post(CODE, phone=PHONE)) == "in"  # the demo's code costs nothing
    before = await number_of("outbox")
    monkeypatch.setattr(platform, "rules", RuleBook({IdentityRules: IdentityRules(resend_seconds=0)}))
    answers = [outcome(await post(CODE, phone=PHONE)) for _ in range(12)]
    assert answers == ["in"] * 10 + ["RATE_LIMITED"] * 2
    others = [outcome(await post(CODE, phone=f"139{number:08}")) for number in range(60)]
    assert others == ["in"] * 50 + ["RATE_LIMITED"] * 10
    assert await number_of("outbox") - before == 60
    assert outcome(await post(CODE, AWAY, phone=PHONE)) == "RATE_LIMITED"
    await move_clock(timedelta(hours=1))
    assert outcome(await post(CODE, AWAY, phone=PHONE)) == "in"


async def test_asking_again_too_soon_takes_none_of_the_ten(
    post: Post, platform: Platform, monkeypatch: pytest.MonkeyPatch, move_clock: MoveClock
) -> None:
    monkeypatch.setattr(platform, "rules", RuleBook())
    answers = [outcome(await post(CODE, phone=PHONE)) for _ in range(30)]
    assert answers == ["in"] + ["LIMIT_REACHED"] * 29
    await move_clock(timedelta(minutes=1))
    assert outcome(await post(CODE, phone=PHONE)) == "in"


async def test_refresh_tokens_are_guessed_a_hundred_times(post: Post, client: Client, world: World) -> None:
    signed_in = await client.do(
        "staffSignIn", {"email": world.email("clerk"), "password": "hexmart-demo"}, "refreshToken"
    )
    token = signed_in["refreshToken"]
    for _ in range(20):
        renewed = (await post(REFRESH, refreshToken=token)).json()
        token = renewed["data"]["tokenRefresh"]["refreshToken"]
    sent = [post(REFRESH, refreshToken=f"guess {number}") for number in range(120)]
    answers = [outcome(one) for one in await asyncio.gather(*sent)]
    assert (answers.count("UNAUTHENTICATED"), answers.count("RATE_LIMITED")) == (100, 20)
    assert outcome(await post(REFRESH, refreshToken=token)) == "RATE_LIMITED"
    assert outcome(await post(REFRESH, AWAY, refreshToken=token)) == "in"
