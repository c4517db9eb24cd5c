"""Somebody is asked to work for the brand, and comes."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pyotp
import pytest

from core import clock
from core.identity import DemoRules, IdentityRules
from core.rules import RuleBook
from hexmart.demo.load import OPERATOR, ensure_operator
from hexmart.testing import Client, World
from schema import relay
from tenants import PLATFORM_SLUG, Platform
from tests.schema.hiring import signed_in
from tests.schema.shop import Payload, done, refusal
from tests.schema.staffing import GOOD, PASSWORD, STAFF, Staffing, is_in

pytestmark = pytest.mark.anyio
Move = Callable[[timedelta], Awaitable[None]]
NEW = "new@brand.example"
INVITED = "identity.staff_invited"
SESSION = "accessToken refreshToken viewer { ... on StaffUser { id email name active pending } }"
WRONG = ("TICKET_WRONG", ["input", "token"])


@pytest.fixture(autouse=True)
def in_earnest(platform: Platform, owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A brand that is no demo: nobody has a password that they did not choose."""
    assert owner.token
    monkeypatch.setattr(platform, "rules", RuleBook({IdentityRules: IdentityRules(resend_seconds=0)}))


async def invite(client: Client, email: str = NEW, name: str = "New") -> Payload:
    return await client.do("staffInvite", {"email": email, "name": name}, STAFF)


async def come(client: Client, token: str, password: str = GOOD, **more: Any) -> Payload:
    return await client.do("staffInvitationAccept", {"token": token, "password": password} | more, SESSION)


async def test_whoever_is_invited_chooses_a_password_and_is_signed_in(
    client: Client, owner: Client, staffing: Staffing
) -> None:
    invited = done(await invite(owner, f" {NEW} "), "staff")
    assert invited | {"id": ""} == {
        "id": "",
        "email": NEW,
        "name": "New",
        "active": True,
        "pending": True,
        "secondFactor": False,
    }
    [notice] = [one for one in await staffing.mail(INVITED) if one.recipient == NEW]
    assert notice.values["brand"] == staffing.world.tenant.slug
    came = await come(client, notice.values["token"], name="Nele")
    assert done(came, "viewer") == {"id": invited["id"], "email": NEW, "name": "Nele", "active": True, "pending": False}
    assert came["refreshToken"]
    assert await is_in(await client.staff(NEW.upper(), GOOD))
    assert await staffing.log() == ["staff.signed_in", "staff.invited", "staff.joined", "staff.signed_in"]


async def test_an_invitation_is_good_once_also_for_two_who_come_together(
    client: Client, owner: Client, staffing: Staffing
) -> None:
    done(await invite(owner), "staff")
    token = await staffing.token(INVITED, NEW)
    came = await asyncio.gather(*(come(client, token, f"{GOOD} {number}") for number in range(5)))
    assert sorted(payload["accessToken"] is not None for payload in came) == [False] * 4 + [True]
    assert [refusal(payload) for payload in came if payload["accessToken"] is None] == [WRONG] * 4
    assert refusal(await come(client, token)) == WRONG


@pytest.mark.parametrize(("later", "good"), [(timedelta(hours=71, minutes=59), True), (timedelta(hours=72), False)])
async def test_an_invitation_ends_after_three_days(
    client: Client, owner: Client, staffing: Staffing, move_clock: Move, later: timedelta, good: bool
) -> None:
    done(await invite(owner), "staff")
    token = await staffing.token(INVITED, NEW)
    await move_clock(later)
    assert ((await come(client, token))["accessToken"] is not None) is good


async def test_a_second_invitation_takes_the_place_of_the_first(
    client: Client, owner: Client, staffing: Staffing
) -> None:
    first_invited = done(await invite(owner), "staff")
    first = await staffing.token(INVITED, NEW)
    assert done(await invite(owner), "staff")["id"] == first_invited["id"]
    second = await staffing.token(INVITED, NEW)
    assert refusal(await come(client, first)) == WRONG
    assert (await come(client, second))["accessToken"]


async def test_nobody_is_invited_twice_a_minute(
    owner: Client, staffing: Staffing, platform: Platform, monkeypatch: pytest.MonkeyPatch, move_clock: Move
) -> None:
    monkeypatch.setattr(platform, "rules", RuleBook())
    done(await invite(owner), "staff")
    again = await invite(owner)
    assert refusal(again) == ("LIMIT_REACHED", ["input", "email"])
    assert again["userErrors"][0]["retryAfter"] == 60
    await move_clock(timedelta(seconds=61))
    done(await invite(owner), "staff")
    assert len([one for one in await staffing.mail(INVITED) if one.recipient == NEW]) == 2


async def test_who_works_here_is_not_invited_again(owner: Client, world: World, staffing: Staffing) -> None:
    taken = ("STAFF_KNOWN", ["input", "email"])
    assert refusal(await invite(owner, world.email("clerk").upper())) == taken
    done(await owner.do("staffDeactivate", {"staffId": await staffing.key("clerk")}), "userErrors")
    assert refusal(await invite(owner, world.email("clerk"))) == taken


async def test_an_invitation_that_is_sent_again_goes_to_the_address_on_record(
    owner: Client, staffing: Staffing
) -> None:
    first = done(await invite(owner), "staff")
    assert done(await invite(owner, NEW.upper()), "staff")["id"] == first["id"]
    assert [one.recipient for one in (await staffing.mail(INVITED))[-2:]] == [NEW, NEW]


@pytest.mark.parametrize(
    ("one", "other"), [("kate@strasse.example", "kate@straße.example"), (NEW, "ɴew@brand.example")]
)
async def test_an_address_that_only_looks_the_same_is_another_persons(owner: Client, one: str, other: str) -> None:
    first, second = done(await invite(owner, one), "staff"), done(await invite(owner, other), "staff")
    assert first["id"] != second["id"]


async def test_who_came_by_a_provider_and_has_a_second_factor_does_not_come_without_it(
    client: Client, owner: Client, platform: Platform, staffing: Staffing
) -> None:
    invited = done(await invite(owner), "staff")
    token = await staffing.token(INVITED, NEW)
    person = relay.key_of("StaffUser", invited["id"])
    assert person is not None
    new = await signed_in(client, platform, staffing.world, person)
    secret = (await new.run("mutation { staffTotpEnrol { secret } }"))["staffTotpEnrol"]["secret"]
    done(await new.do("staffTotpConfirm", {"code": pyotp.TOTP(secret).at(clock.now())}, "recoveryCodes"), "userErrors")
    assert refusal(await come(client, token)) == WRONG
    assert refusal(await invite(owner)) == ("STAFF_KNOWN", ["input", "email"])


async def test_two_invitations_of_one_address_at_once_make_one_person(owner: Client) -> None:
    payloads = await asyncio.gather(*(invite(owner) for _ in range(4)))
    ids = {payload["staff"]["id"] for payload in payloads if payload["staff"]}
    assert len(ids) == 1
    assert {refusal(payload)[0] for payload in payloads if not payload["staff"]} <= {"STAFF_KNOWN"}


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "a b@c.example", "x" * 250 + "@c.example", "a\n@b.example"])
async def test_an_address_that_is_none_is_refused(owner: Client, email: str) -> None:
    assert refusal(await invite(owner, email)) == ("INVALID", ["input", "email"])


@pytest.mark.parametrize("name", ["", "  ", "x" * 201])
async def test_a_name_that_is_none_is_refused(owner: Client, name: str) -> None:
    assert refusal(await invite(owner, name=name)) == ("INVALID", ["input", "name"])


async def test_a_weak_password_does_not_use_an_invitation_up(client: Client, owner: Client, staffing: Staffing) -> None:
    done(await invite(owner), "staff")
    token = await staffing.token(INVITED, NEW)
    assert refusal(await come(client, token, "short")) == ("PASSWORD_WEAK", ["input", "password"])
    assert (await come(client, token))["accessToken"]


async def test_whoever_was_let_go_before_they_came_does_not_come(
    client: Client, owner: Client, staffing: Staffing
) -> None:
    invited = done(await invite(owner), "staff")
    token = await staffing.token(INVITED, NEW)
    for step in ("staffDeactivate", "staffActivate"):
        assert (await owner.do(step, {"staffId": invited["id"]}))["userErrors"] == []
        assert refusal(await come(client, token)) == WRONG


async def test_a_token_is_good_for_what_it_was_sent_for_and_at_its_own_brand(
    client: Client, owner: Client, staffing: Staffing, other_world: World
) -> None:
    done(await invite(owner), "staff")
    token = await staffing.token(INVITED, NEW)
    elsewhere = Client(client.application, other_world.tenant.slug)
    assert refusal(await come(elsewhere, token)) == WRONG
    assert refusal(await client.do("staffPasswordReset", {"token": token, "password": GOOD}, "changed")) == WRONG
    for nonsense in ("", "x", token[:-1], token + "x", token.upper()):
        assert refusal(await come(client, nonsense)) == WRONG
    assert (await come(client, token))["accessToken"]


async def test_neither_token_nor_address_is_kept_in_clear(owner: Client, staffing: Staffing) -> None:
    done(await invite(owner), "staff")
    token = await staffing.token(INVITED, NEW)
    async with staffing.work() as work:
        kept = await work.value("SELECT string_agg(t::text, '') FROM staff_ticket t WHERE t.tenant_id = $1")
        sent = await work.value("SELECT string_agg(o::text, '') FROM outbox o WHERE o.tenant_id = $1")
        logged = await work.value("SELECT string_agg(a::text, '') FROM audit_entry a WHERE a.tenant_id = $1")
    for text in (kept, sent, logged):
        assert token not in text
        assert token.encode().hex() not in text
        assert NEW not in text


async def test_a_new_brands_owner_is_invited(
    client: Client, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(platform, "rules", RuleBook({DemoRules: DemoRules(fixed_password=PASSWORD)}))
        await ensure_operator(platform)
    operator = await Client(client.application, PLATFORM_SLUG).staff(OPERATOR)
    made = {"slug": f"earnest-{client.slug}", "name": "New", "ownerEmail": NEW}
    done(await operator.do("tenantCreate", made, "tenant { slug }"), "tenant")
    guest = replace(client, slug=made["slug"])
    refused = await guest.do("staffSignIn", {"email": NEW, "password": PASSWORD}, "accessToken")
    assert refusal(refused)[0] == "CREDENTIALS_WRONG"
    brand = Staffing(platform, World(await platform.registry.by_slug(made["slug"])))
    came = await come(guest, await brand.token(INVITED, NEW))
    owner = replace(guest, token=came["accessToken"])
    viewer = (await owner.run("{ viewer { ... on StaffUser { email permissions } } }"))["viewer"]
    assert viewer["email"] == NEW
    assert "payments.refund" in viewer["permissions"]
