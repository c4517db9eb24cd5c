"""Staff choose another password: with a token that was sent, or by the present one."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from core.identity.staff import passwords
from core.rules import RuleBook
from hexmart.testing import Client, World
from hexmart.testing.statements import listening
from tenants import Platform
from tests.schema.shop import Payload, done, refusal
from tests.schema.staffing import GOOD, PASSWORD, Staffing, is_in

pytestmark = pytest.mark.anyio
Move = Callable[[timedelta], Awaitable[None]]
Run = Callable[[], Awaitable[None]]
RESET = "identity.password_reset"
WRONG = ("TICKET_WRONG", ["input", "token"])


async def ask(client: Client, email: str) -> Payload:
    return await client.do("staffPasswordResetRequest", {"email": email}, "expiresIn")


async def reset(client: Client, token: str, password: str = GOOD) -> Payload:
    return await client.do("staffPasswordReset", {"token": token, "password": password}, "changed")


async def change(client: Client, present: str, password: str) -> Payload:
    return await client.do("staffPasswordChange", {"currentPassword": present, "newPassword": password}, "changed")


async def sign_in(client: Client, email: str, password: str) -> Payload:
    return await client.do("staffSignIn", {"email": email, "password": password}, "accessToken refreshToken")


@pytest.fixture
def email(world: World) -> str:
    return world.email("clerk")


@pytest.fixture
def sent(client: Client, staffing: Staffing, run_worker: Run, email: str) -> Callable[[], Awaitable[str]]:
    """Asks for a token and gives what was sent."""

    async def ask_and_look() -> str:
        done(await ask(client, email), "expiresIn")
        await run_worker()
        return await staffing.token(RESET, email)

    return ask_and_look


async def test_a_forgotten_password_is_replaced_and_ends_every_session(
    client: Client, email: str, sent: Callable[[], Awaitable[str]], staffing: Staffing
) -> None:
    sessions = [await client.staff(email) for _ in range(2)]
    token = await sent()
    assert [await is_in(one) for one in sessions] == [True, True]
    assert done(await reset(client, token), "changed")
    assert [await is_in(one) for one in sessions] == [False, False]
    assert refusal(await sign_in(client, email, PASSWORD))[0] == "CREDENTIALS_WRONG"
    assert await is_in(await client.staff(email, GOOD))
    assert [one for one in await staffing.log() if "password" in one] == [
        "staff.password_reset_requested",
        "staff.password_reset",
    ]


async def test_whether_somebody_has_the_address_the_answer_and_the_work_are_the_same(
    client: Client, email: str, staffing: Staffing, run_worker: Run
) -> None:
    await ask(client, email)  # whatever is done once in a process is done
    heard: list[list[str]] = []
    answers = []
    for address in (email, "nobody@nowhere.example"):
        with listening() as statements:
            answers.append(await ask(client, address))
        heard.append(statements)
    assert answers[0] == answers[1] == {"expiresIn": 1800, "userErrors": [], "warnings": []}
    assert heard[0] == heard[1]
    assert heard[0]
    await run_worker()
    assert {notice.recipient for notice in await staffing.mail(RESET)} == {email}


async def test_a_token_goes_to_the_address_on_record(
    client: Client, email: str, staffing: Staffing, run_worker: Run
) -> None:
    await ask(client, f" {email.upper()} ")
    await run_worker()
    assert [notice.recipient for notice in await staffing.mail(RESET)] == [email]


async def test_a_token_is_good_once_also_for_two_who_come_together(
    client: Client, sent: Callable[[], Awaitable[str]]
) -> None:
    token = await sent()
    came = await asyncio.gather(*(reset(client, token, f"{GOOD} {number}") for number in range(5)))
    assert [payload["changed"] for payload in came].count(True) == 1
    assert [refusal(payload) for payload in came if not payload["changed"]] == [WRONG] * 4
    assert refusal(await reset(client, token)) == WRONG


@pytest.mark.parametrize(("later", "good"), [(timedelta(minutes=29, seconds=50), True), (timedelta(minutes=30), False)])
async def test_a_token_ends_after_half_an_hour(
    client: Client, sent: Callable[[], Awaitable[str]], move_clock: Move, later: timedelta, good: bool
) -> None:
    token = await sent()
    await move_clock(later)
    assert ((await reset(client, token))["changed"] is True) is good


async def test_the_newest_token_alone_is_good(client: Client, sent: Callable[[], Awaitable[str]]) -> None:
    first, second = await sent(), await sent()
    assert refusal(await reset(client, first)) == WRONG
    assert done(await reset(client, second), "changed")


async def test_a_token_is_sent_once_a_minute(
    client: Client,
    email: str,
    staffing: Staffing,
    run_worker: Run,
    platform: Platform,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(platform, "rules", RuleBook())
    for _ in range(3):
        assert (await ask(client, email))["userErrors"] == []
        await run_worker()
    assert len(await staffing.mail(RESET)) == 1


async def test_nobody_is_sent_more_than_ten_tokens_an_hour(
    client: Client, email: str, staffing: Staffing, run_worker: Run
) -> None:
    for _ in range(10):
        done(await ask(client, email), "expiresIn")
    asked = "mutation($e: String!) { staffPasswordResetRequest(input: {email: $e}) { expiresIn } }"
    assert await client.code(asked, e=email.upper()) == "RATE_LIMITED"
    assert done(await ask(client, staffing.world.email("courier")), "expiresIn")
    await run_worker()
    assert len([one for one in await staffing.mail(RESET) if one.recipient == email]) == 10


@pytest.mark.parametrize("who", ["gone", "invited"])
async def test_nothing_is_sent_to_who_has_no_password_to_forget(
    client: Client, owner: Client, staffing: Staffing, run_worker: Run, who: str
) -> None:
    await staffing.employ(who)
    async with staffing.work() as work:
        gone = "active = false" if who == "gone" else "password_hash = NULL"
        await work.execute(
            f"UPDATE staff SET {gone} WHERE tenant_id = $1 AND NOT EXISTS (SELECT FROM role_assignment a"
            " WHERE a.tenant_id = $1 AND a.staff_id = staff.id)"
        )
    assert (await ask(client, staffing.world.email(who)))["userErrors"] == []
    await run_worker()
    assert await staffing.mail(RESET) == []
    assert await is_in(owner)


async def test_a_token_is_void_once_the_password_was_changed(
    client: Client, email: str, sent: Callable[[], Awaitable[str]]
) -> None:
    """Whoever reads somebody's mail and asked for it cannot take back what its owner has changed."""
    token = await sent()
    assert done(await change(await client.staff(email), PASSWORD, GOOD), "changed")
    assert refusal(await reset(client, token, f"{GOOD} again")) == WRONG


async def test_a_weak_password_does_not_use_a_token_up(
    client: Client, email: str, sent: Callable[[], Awaitable[str]]
) -> None:
    token = await sent()
    for weak in ("short", "x" * 201, email, "password1234", "aaaaaaaaaaaa"):
        assert refusal(await reset(client, token, weak)) == ("PASSWORD_WEAK", ["input", "password"])
    assert done(await reset(client, token), "changed")


async def test_who_was_let_go_chooses_no_password(
    client: Client, owner: Client, staffing: Staffing, sent: Callable[[], Awaitable[str]]
) -> None:
    token = await sent()
    await owner.do("staffDeactivate", {"staffId": await staffing.key("clerk")})
    assert refusal(await reset(client, token)) == WRONG


@pytest.mark.parametrize("address", ["", "nobody", "a@b"])
async def test_an_address_that_is_none_is_refused(client: Client, address: str) -> None:
    assert refusal(await ask(client, address)) == ("INVALID", ["input", "email"])


async def test_a_password_is_changed_and_the_other_sessions_end(client: Client, email: str, staffing: Staffing) -> None:
    own, others = await client.staff(email), [await client.staff(email) for _ in range(2)]
    refreshing = await sign_in(client, email, PASSWORD)
    assert done(await change(own, PASSWORD, GOOD), "changed")
    assert await is_in(own)
    assert [await is_in(one) for one in others] == [False, False]
    refresh = "mutation($t: String!) { tokenRefresh(input: {refreshToken: $t}) { accessToken } }"
    assert await client.code(refresh, t=refreshing["refreshToken"]) == "UNAUTHENTICATED"
    assert refusal(await sign_in(client, email, PASSWORD))[0] == "CREDENTIALS_WRONG"
    assert await is_in(await client.staff(email, GOOD))
    assert "staff.password_changed" in await staffing.log()


async def test_without_the_present_password_none_is_changed(
    client: Client, email: str, clerk: Client, member: Client, staffing: Staffing
) -> None:
    wrong = await change(clerk, GOOD, f"{GOOD}!")
    assert refusal(wrong) == ("PASSWORD_WRONG", ["input", "currentPassword"])
    weak = await change(clerk, PASSWORD, "short")
    assert refusal(weak) == ("PASSWORD_WEAK", ["input", "newPassword"])
    document = 'mutation { staffPasswordChange(input: {currentPassword: "a", newPassword: "b"}) { changed } }'
    assert [await caller.code(document) for caller in (client, member)] == ["UNAUTHENTICATED", "FORBIDDEN"]
    assert await is_in(await client.staff(email))
    assert [one for one in await staffing.log() if "password" in one] == ["staff.password_change_failed"]


async def test_of_two_changes_at_once_one_is_made(client: Client, email: str, clerk: Client) -> None:
    chosen = [f"{GOOD} {number}" for number in range(4)]
    payloads = await asyncio.gather(*(change(clerk, PASSWORD, password) for password in chosen))
    assert [payload["changed"] for payload in payloads].count(True) == 1
    good = [password for password in chosen if (await sign_in(client, email, password))["accessToken"]]
    assert good == [chosen[[payload["changed"] for payload in payloads].index(True)]]


async def test_a_password_is_the_same_from_every_keyboard(client: Client, email: str, clerk: Client) -> None:
    done(await change(clerk, PASSWORD, "Zoës ﬁne café №1"), "changed")
    for typed in ("Zoës ﬁne café №1", "Zoës fine café No1", "Zoe\u0308s fine cafe\u0301 No1"):
        assert (await sign_in(client, email, typed))["accessToken"]
    assert refusal(await sign_in(client, email, "Zoes fine cafe No1"))[0] == "CREDENTIALS_WRONG"


async def test_nobody_signs_in_with_a_password_that_was_replaced_while_it_was_verified(
    client: Client, email: str, sent: Callable[[], Awaitable[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    token, matches = await sent(), passwords.matches

    async def replaced_meanwhile(kept: str | None, password: str) -> bool:
        right = await matches(kept, password)
        done(await reset(client, token), "changed")
        return right

    monkeypatch.setattr(passwords, "matches", replaced_meanwhile)
    assert refusal(await sign_in(client, email, PASSWORD))[0] == "CREDENTIALS_WRONG"
    monkeypatch.setattr(passwords, "matches", matches)
    assert (await sign_in(client, email, GOOD))["accessToken"]
