"""A second factor: a code that an authenticator shows, each good once."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest

from core import clock
from core.identity import IdentityRules
from core.rules import RuleBook
from hexmart.testing import Client, World
from tenants import Platform
from tests.schema.shop import Payload, done, refusal
from tests.schema.staffing import PASSWORD, Staffing, is_in

pytestmark = pytest.mark.anyio
Move = Callable[[timedelta], Awaitable[None]]
STEP = timedelta(seconds=30)
REQUIRED, WRONG = ("TOTP_REQUIRED", ["input", "totpCode"]), ("CODE_WRONG", ["input", "totpCode"])
ENROL = "mutation { staffTotpEnrol { secret uri userErrors { code path } } }"
WHO = "{ viewer { ... on StaffUser { secondFactor permissions } } }"


class Authenticator:
    """Somebody's phone, whose clock may be off."""

    def __init__(self, secret: str) -> None:
        self.totp = pyotp.TOTP(secret)

    def shows(self, ahead: int = 0) -> str:
        """The code of the present half minute, or of one so many steps ahead."""
        return self.totp.at(clock.now(), counter_offset=ahead)


async def sign_in(client: Client, email: str, code: str | None = None, password: str = PASSWORD) -> Payload:
    given = {"email": email, "password": password, "totpCode": code}
    return await client.do("staffSignIn", given, "accessToken")


async def confirm(client: Client, code: str) -> Payload:
    return await client.do("staffTotpConfirm", {"code": code}, "recoveryCodes")


async def enrolled(client: Client) -> Authenticator:
    payload = (await client.run(ENROL))["staffTotpEnrol"]
    assert payload["userErrors"] == []
    return Authenticator(payload["secret"])


def recovery_codes(payload: Payload) -> list[str]:
    return list(done(payload, "recoveryCodes"))


@pytest.fixture
def email(world: World) -> str:
    return world.email("clerk")


@pytest.fixture
async def half_past(move_clock: Move) -> None:
    """The middle of a half minute, so that the test does not happen on the edge of one."""
    await move_clock(timedelta(seconds=45 - clock.now().timestamp() % 30))


@pytest.fixture
async def phone(clerk: Client, half_past: None, move_clock: Move) -> Authenticator:  # noqa: ARG001 - the clock is set
    """The clerk's authenticator, confirmed; its next code was not used yet."""
    made = await enrolled(clerk)
    done(await confirm(clerk, made.shows()), "recoveryCodes")
    await move_clock(STEP)
    return made


async def test_an_authenticator_is_given_a_secret_once_and_asked_for_after_it_was_confirmed(
    client: Client, clerk: Client, email: str, half_past: None, staffing: Staffing, move_clock: Move
) -> None:
    assert half_past is None
    given = (await clerk.run(ENROL))["staffTotpEnrol"]
    uri = urlsplit(given["uri"])
    assert (uri.scheme, uri.netloc) == ("otpauth", "totp")
    assert parse_qs(uri.query) == {"secret": [given["secret"]], "issuer": [client.slug]}
    assert len(given["secret"]) == 32
    assert (await sign_in(client, email))["accessToken"], "not confirmed, it is not asked for"
    authenticator = Authenticator(given["secret"])
    codes = recovery_codes(await confirm(clerk, authenticator.shows()))
    assert len(set(codes)) == 10
    assert refusal(await sign_in(client, email)) == REQUIRED
    await move_clock(STEP)
    assert (await sign_in(client, email, authenticator.shows()))["accessToken"]
    assert (await clerk.run(WHO))["viewer"]["secondFactor"] is True
    assert await is_in(clerk)
    assert [one for one in await staffing.log() if "totp" in one] == ["staff.totp_begun", "staff.totp_enrolled"]


async def test_a_wrong_password_never_tells_that_there_is_a_second_factor(
    client: Client, world: World, email: str, phone: Authenticator
) -> None:
    plain = await sign_in(client, world.email("courier"), None, "wrong")
    assert refusal(plain) == ("CREDENTIALS_WRONG", ["input", "password"])
    for code in (None, "", "000000", phone.shows()):
        assert await sign_in(client, email, code, "wrong") == plain
    assert (await sign_in(client, email, phone.shows()))["accessToken"], "the code was not used up by it"


async def test_a_code_is_good_once_also_for_two_who_come_together(
    client: Client, email: str, phone: Authenticator, move_clock: Move
) -> None:
    came = await asyncio.gather(*(sign_in(client, email, phone.shows()) for _ in range(4)))
    assert [payload["accessToken"] is not None for payload in came].count(True) == 1
    assert [refusal(payload) for payload in came if payload["accessToken"] is None] == [WRONG] * 3
    await move_clock(STEP)
    assert refusal(await sign_in(client, email, phone.shows(-1))) == WRONG
    assert (await sign_in(client, email, phone.shows()))["accessToken"]


async def test_after_a_code_an_earlier_one_is_good_no_more(
    client: Client, email: str, phone: Authenticator, move_clock: Move
) -> None:
    await move_clock(STEP)
    assert (await sign_in(client, email, phone.shows(1)))["accessToken"]
    for earlier in (-1, 0, 1):
        assert refusal(await sign_in(client, email, phone.shows(earlier))) == WRONG


@pytest.mark.parametrize(("ahead", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
async def test_an_authenticators_clock_may_be_off_by_half_a_minute(
    client: Client, email: str, phone: Authenticator, move_clock: Move, ahead: int, good: bool
) -> None:
    await move_clock(STEP * 4)
    assert ((await sign_in(client, email, phone.shows(ahead)))["accessToken"] is not None) is good


@pytest.mark.parametrize("typed", ["", "0", "x" * 2_000, "１２３４５６", "' OR 1=1 --", "-", "      "])  # noqa: RUF001
async def test_no_other_text_passes_for_a_code(client: Client, email: str, phone: Authenticator, typed: str) -> None:
    assert refusal(await sign_in(client, email, typed)) == WRONG
    assert (await sign_in(client, email, f"{phone.shows()[:3]} {phone.shows()[3:]}"))["accessToken"]


async def test_a_recovery_code_is_good_once_also_for_two_who_come_together(
    client: Client, clerk: Client, email: str, half_past: None, staffing: Staffing
) -> None:
    assert half_past is None
    codes = recovery_codes(await confirm(clerk, (await enrolled(clerk)).shows()))
    came = await asyncio.gather(*(sign_in(client, email, codes[0]) for _ in range(4)))
    assert [payload["accessToken"] is not None for payload in came].count(True) == 1
    assert refusal(await sign_in(client, email, codes[0])) == WRONG
    for typed in (codes[1].lower(), codes[2].replace("-", ""), f" {codes[3]} "):
        assert (await sign_in(client, email, typed))["accessToken"]
    assert (await staffing.log()).count("staff.recovery_code_used") == 4
    async with staffing.work() as work:
        kept = await work.value("SELECT string_agg(s::text, '') FROM staff s WHERE s.tenant_id = $1")
    assert not [code for code in codes if code in kept or code.replace("-", "") in kept]


async def test_anothers_code_is_none(
    client: Client, world: World, email: str, phone: Authenticator, half_past: None
) -> None:
    assert half_past is None
    courier = await client.staff(world.email("courier"))
    theirs = await enrolled(courier)
    codes = recovery_codes(await confirm(courier, theirs.shows()))
    for code in (theirs.shows(), theirs.shows(1), codes[0]):
        assert refusal(await sign_in(client, email, code)) == WRONG
    assert (await sign_in(client, email, phone.shows()))["accessToken"]


async def test_a_secret_counts_when_a_code_has_confirmed_it(client: Client, clerk: Client, email: str) -> None:
    assert refusal(await confirm(clerk, "000000")) == ("INVALID", ["input", "code"])
    first, second = await enrolled(clerk), await enrolled(clerk)
    assert refusal(await confirm(clerk, first.shows())) == ("CODE_WRONG", ["input", "code"])
    assert (await sign_in(client, email))["accessToken"]
    done(await confirm(clerk, second.shows()), "recoveryCodes")
    assert refusal(await confirm(clerk, second.shows(1)))[0] == "TOTP_ENROLLED"
    assert (await clerk.run(ENROL))["staffTotpEnrol"]["userErrors"] == [{"code": "TOTP_ENROLLED", "path": []}]
    assert refusal(await sign_in(client, email)) == REQUIRED


async def test_two_confirmations_at_once_give_codes_once(clerk: Client) -> None:
    authenticator = await enrolled(clerk)
    payloads = await asyncio.gather(*(confirm(clerk, authenticator.shows(ahead)) for ahead in (0, 1, 0)))
    assert [payload["recoveryCodes"] is not None for payload in payloads].count(True) == 1


async def test_it_is_disabled_by_who_has_it(
    client: Client, clerk: Client, email: str, phone: Authenticator, staffing: Staffing
) -> None:
    async def disable(code: str) -> Payload:
        return await clerk.do("staffTotpDisable", {"code": code}, "disabled")

    assert refusal(await disable("000000")) == ("CODE_WRONG", ["input", "code"])
    assert refusal(await sign_in(client, email)) == REQUIRED
    assert done(await disable(phone.shows()), "disabled")
    assert (await sign_in(client, email))["accessToken"]
    assert refusal(await disable(phone.shows(1))) == ("CODE_WRONG", ["input", "code"])
    assert "staff.totp_disabled" in await staffing.log()


async def test_who_has_lost_it_is_helped_by_who_manages_staff(
    client: Client, owner: Client, email: str, phone: Authenticator, staffing: Staffing
) -> None:
    assert refusal(await sign_in(client, email)) == REQUIRED
    fields = "staff { secondFactor }"
    helped = await owner.do("staffTotpReset", {"staffId": await staffing.key("clerk")}, fields)
    assert done(helped, "staff") == {"secondFactor": False}
    assert (await sign_in(client, email))["accessToken"]
    assert phone.shows()


async def test_another_password_does_not_do_away_with_it(
    client: Client, email: str, phone: Authenticator, staffing: Staffing, run_worker: Callable[[], Awaitable[None]]
) -> None:
    await client.do("staffPasswordResetRequest", {"email": email}, "expiresIn")
    await run_worker()
    token = await staffing.token("identity.password_reset", email)
    done(await client.do("staffPasswordReset", {"token": token, "password": "violet otters hum"}, "changed"), "changed")
    assert refusal(await sign_in(client, email, None, "violet otters hum")) == REQUIRED
    assert (await sign_in(client, email, phone.shows(), "violet otters hum"))["accessToken"]


async def test_where_the_brand_demands_it_nothing_else_can_be_done_without(
    client: Client,
    world: World,
    email: str,
    platform: Platform,
    half_past: None,
    move_clock: Move,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert half_past is None
    monkeypatch.setattr(platform, "rules", RuleBook({IdentityRules: IdentityRules(totp_required=True)}))
    clerk = replace(client, token=(await sign_in(client, email))["accessToken"])
    for query in ("{ orders { totalCount } }", "{ members { totalCount } }"):
        assert await clerk.code(query) == "FORBIDDEN"
    assert (await clerk.run(WHO))["viewer"] == {"secondFactor": False, "permissions": []}
    done(await confirm(clerk, (phone := await enrolled(clerk)).shows()), "recoveryCodes")
    assert (await clerk.run("{ orders { totalCount } }"))["orders"] == {"totalCount": 0}
    await move_clock(STEP)
    assert (await sign_in(client, email, phone.shows()))["accessToken"]
    other = replace(client, token=(await sign_in(client, world.email("courier")))["accessToken"])
    assert await other.code("{ orders { totalCount } }") == "FORBIDDEN"


async def test_members_and_guests_have_none(client: Client, member: Client) -> None:
    assert [await caller.code(ENROL) for caller in (client, member)] == ["UNAUTHENTICATED", "FORBIDDEN"]


async def test_whoever_holds_a_session_guesses_twenty_times_and_no_more(clerk: Client, phone: Authenticator) -> None:
    """With the session alone nobody does away with the second factor, nor finds the password out."""
    disable = 'mutation { staffTotpDisable(input: {code: "000000"}) { userErrors { code } } }'
    given = 'currentPassword: "x", newPassword: "violet otters hum"'
    change = f"mutation {{ staffPasswordChange(input: {{{given}}}) {{ changed }} }}"
    tried = [await clerk.send(disable if number % 2 else change) for number in range(24)]
    refused = [response["errors"][0]["extensions"]["code"] for response in tried if response.get("errors")]
    assert refused == ["RATE_LIMITED"] * 4
    response = await clerk.send(disable.replace("000000", phone.shows()))
    assert response["errors"][0]["extensions"]["code"] == "RATE_LIMITED", "the right one is not looked at either"
