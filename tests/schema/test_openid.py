"""Staff sign in by the brand's own OpenID provider."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pyotp
import pytest

from core import access, clock
from core.actors import system
from core.identity import openid
from core.identity.openid import NetworkRules, OpenIdRules
from core.rules import RuleBook
from hexmart.testing import Client, World
from hexmart.testing.openid import SECRET, Provider, running
from schema import relay
from tenants import Platform
from tests.schema.openid_visits import BACK, codes, configure, finish, go, sign_in, start

pytestmark = pytest.mark.anyio
LOG = "SELECT action, before::text, after::text FROM audit_entry WHERE tenant_id = $1 ORDER BY id"


async def test_who_the_provider_vouches_for_is_signed_in(client: Client, provider: Provider, world: World) -> None:
    payload = await sign_in(client, provider)
    assert payload["userErrors"] == []
    assert payload["viewer"] == {"__typename": "StaffUser", "email": world.email("manager")}
    manager = replace(client, token=payload["accessToken"])
    assert (await manager.run("{ orders(first: 1) { nodes { id } } }"))["orders"]["nodes"] == []
    renewed = "mutation($t: String!) { tokenRefresh(input: {refreshToken: $t}) { accessToken } }"
    assert (await client.run(renewed, t=payload["refreshToken"]))["tokenRefresh"]["accessToken"]


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "Ed25519"])
async def test_a_provider_signs_by_one_of_several_algorithms(
    client: Client, owner: Client, world: World, algorithm: str
) -> None:
    async with running(algorithm) as provider:
        await configure(owner, provider)
        provider.email = world.email("clerk").upper()
        assert (await sign_in(client, provider))["viewer"]["email"] == world.email("clerk")


async def test_a_browser_is_sent_with_everything_that_binds_its_answer(client: Client, provider: Provider) -> None:
    begun = await start(client)
    asked = httpx.URL(begun["authorizationUrl"])
    assert str(asked.copy_with(query=None)) == f"{provider.issuer}/authorize"
    assert asked.params["state"] == begun["state"]
    assert asked.params["code_challenge_method"] == "S256"
    assert len(asked.params["nonce"]) == len(asked.params["code_challenge"]) == 43
    assert asked.params["redirect_uri"] == BACK
    other = httpx.URL((await start(client))["authorizationUrl"]).params
    assert not {asked.params[name] for name in ("state", "nonce", "code_challenge")} & set(other.values())


async def test_an_answer_is_good_once(client: Client, provider: Provider) -> None:
    brought = await go(client, provider)
    assert (await finish(client, brought))["accessToken"]
    assert codes(await finish(client, brought)) == ["PROVIDER_REFUSED"]


async def test_an_answer_that_was_refused_is_used_up_too(client: Client, provider: Provider) -> None:
    brought = await go(client, provider)
    assert codes(await finish(client, brought, code="another")) == ["PROVIDER_REFUSED"]
    assert codes(await finish(client, brought)) == ["PROVIDER_REFUSED"]


async def test_an_answer_after_ten_minutes_is_too_late(client: Client, provider: Provider, move_clock: Any) -> None:
    brought = await go(client, provider)
    await move_clock(timedelta(minutes=10, seconds=1))
    assert codes(await finish(client, brought)) == ["PROVIDER_REFUSED"]
    assert provider.asked == ["/.well-known/openid-configuration"]


async def test_nobody_is_asked_about_a_state_that_is_nobodys(client: Client, provider: Provider) -> None:
    for state in ("", "nobody's", "x" * 2_000):
        assert codes(await finish(client, {"state": state, "code": "a"})) == ["PROVIDER_REFUSED"]
    assert provider.asked == []


async def test_an_answer_at_another_brand_is_nobodys(client: Client, provider: Provider, other_world: World) -> None:
    brought = await go(client, provider)
    elsewhere = replace(client, slug=other_world.tenant.slug)
    assert codes(await finish(elsewhere, brought)) == ["PROVIDER_REFUSED"]
    assert (await finish(client, brought))["accessToken"]


async def test_somebody_elses_word_is_not_taken(client: Client, provider: Provider) -> None:
    for issuer in (None, "https://evil.example", provider.issuer + "/"):
        brought = await go(client, provider)
        assert codes(await finish(client, brought, iss=issuer)) == ["PROVIDER_REFUSED"]
    assert "/token" not in provider.asked


async def test_nobody_joins_the_staff_by_being_vouched_for(client: Client, provider: Provider, world: World) -> None:
    for stranger in ("stranger@elsewhere.example", "", f" {world.email('manager')}x"):
        provider.email = stranger
        assert codes(await sign_in(client, provider)) == ["PROVIDER_REFUSED"]


async def test_who_works_here_no_more_is_not_let_in(
    client: Client, provider: Provider, world: World, platform: Platform
) -> None:
    async with platform.open_work(world.tenant, system("test")) as work:
        await work.execute("UPDATE staff SET active = false WHERE tenant_id = $1")
    assert codes(await sign_in(client, provider)) == ["PROVIDER_REFUSED"]


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "https://evil.example/back",
        "https://shop.example.evil.example/back",
        "https://shop.example@evil.example/back",
        "https://evil.example/https://shop.example/back",
        "https://shop.example/back#part",
        "https://somebody@shop.example/back",
        "http://shop.example/back",
        "https://shop.example:8443/back",
        "https://shop.example",
        "HTTPS://shop.example/back",
        "//shop.example/back",
        "javascript:alert(1)",
        "https://[/back",
    ],
)
async def test_nobody_is_sent_back_to_a_stranger(owner: Client, client: Client, provider: Provider, uri: str) -> None:
    assert (await owner.do("brandOriginsSet", {"origins": ["https://shop.example"]}))["userErrors"] == []
    payload = await start(client, redirectUri=uri)
    assert [(one["code"], one["path"]) for one in payload["userErrors"]] == [("INVALID", ["input", "redirectUri"])]
    assert provider.asked == []
    assert (await start(client, redirectUri="https://shop.example/back?x=1"))["state"]


async def test_a_second_factor_is_asked_for_here_too(
    client: Client, provider: Provider, world: World, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = await client.staff(world.email("manager"))
    secret = (await manager.run("mutation { staffTotpEnrol { secret } }"))["staffTotpEnrol"]["secret"]
    shown = pyotp.TOTP(secret)
    assert (await manager.do("staffTotpConfirm", {"code": shown.at(clock.now())}))["userErrors"] == []
    assert codes(await sign_in(client, provider)) == ["TOTP_REQUIRED"]
    assert codes(await sign_in(client, provider, totpCode="000000")) == ["CODE_WRONG"]
    later = shown.at(clock.now() + timedelta(seconds=30))  # of this half minute's code is none left
    assert (await sign_in(client, provider, totpCode=later))["accessToken"]
    assert codes(await sign_in(client, provider)) == ["TOTP_REQUIRED"]
    stands_for_it = OpenIdRules(openid_is_second_factor=True)
    network = platform.rules(NetworkRules)
    monkeypatch.setattr(platform, "rules", RuleBook({OpenIdRules: stands_for_it, NetworkRules: network}))
    assert (await sign_in(client, provider))["accessToken"]


async def test_a_sign_in_is_logged_and_so_is_a_refusal(
    client: Client, provider: Provider, world: World, platform: Platform
) -> None:
    await sign_in(client, provider)
    provider.email = "stranger@elsewhere.example"
    await sign_in(client, provider)
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        entries = await work.fetch(LOG)
    found = [(one["action"], one["after"]) for one in entries if one["after"] and '"work"' in one["after"]]
    assert found[-2:] == [
        ("staff.signed_in", '{"provider": "work"}'),
        ("staff.sign_in_failed", '{"reason": "PROVIDER_REFUSED", "provider": "work"}'),
    ]
    assert not [one for one in entries if "stranger" in f"{one['before']}{one['after']}"]
    assert not [one for one in entries if SECRET in f"{one['before']}{one['after']}"]


async def test_everybody_sees_names_and_who_configures_sees_the_rest(
    client: Client, owner: Client, provider: Provider, world: World
) -> None:
    asked = "{ identityProviders { name issuer clientId hasSecret } }"
    nothing = {"name": "work", "issuer": None, "clientId": None, "hasSecret": None}
    manager = await client.staff(world.email("manager"))
    for caller in (client, manager):
        assert (await caller.run(asked))["identityProviders"] == [nothing]
    [seen] = (await owner.run(asked))["identityProviders"]
    assert seen == {"name": "work", "issuer": provider.issuer, "clientId": "hexmart-at-work", "hasSecret": True}


async def test_the_secret_is_kept_sealed_and_stays_where_none_is_said(
    client: Client, owner: Client, provider: Provider, world: World, platform: Platform
) -> None:
    async with platform.open_work(world.tenant, system("test"), read_only=True) as work:
        [row] = await openid.all_providers(work)
        assert row.sealed_secret is not None
        assert SECRET.encode() not in row.sealed_secret
    assert (await configure(owner, provider, clientSecret=None))["provider"]["hasSecret"]
    assert (await sign_in(client, provider))["accessToken"]
    await configure(owner, provider, clientSecret="another")
    assert codes(await sign_in(client, provider)) == ["PROVIDER_REFUSED"]


async def test_who_was_on_the_way_when_the_provider_changed_begins_again(
    client: Client, owner: Client, provider: Provider
) -> None:
    brought = await go(client, provider)
    await configure(owner, provider)
    assert codes(await finish(client, brought)) == ["PROVIDER_REFUSED"]
    brought = await go(client, provider)
    assert (await owner.do("identityProviderRemove", {"name": "work"}))["userErrors"] == []
    assert codes(await finish(client, brought)) == ["PROVIDER_REFUSED"]
    assert codes(await start(client)) == ["NOT_FOUND"]
    assert codes(await owner.do("identityProviderRemove", {"name": "work"})) == ["NOT_FOUND"]


async def test_who_chooses_the_provider_could_become_anybody_so_must_hold_everything(
    client: Client, owner: Client, provider: Provider, world: World, platform: Platform
) -> None:
    helper = {"name": "helper", "label": "Helper", "permissions": ["brand.configure", "orders.read"]}
    assert (await owner.do("roleCreate", helper))["userErrors"] == []
    courier = await client.staff(world.email("courier"))
    who = (await courier.run("{ viewer { ... on StaffUser { id } } }"))["viewer"]["id"]
    async with platform.open_work(world.tenant, system("test")) as work:
        await access.assign(work, relay.parse(who)[1], "helper")  # type: ignore[index]  # it is an id
    courier = await client.staff(world.email("courier"))
    assert codes(await configure(courier, provider)) == ["BEYOND_OWN_RIGHTS"]
    assert codes(await courier.do("identityProviderRemove", {"name": "work"})) == ["BEYOND_OWN_RIGHTS"]
    manager = await client.staff(world.email("manager"))
    assert await manager.code('mutation { identityProviderRemove(input: {name: "work"}) { provider { name } } }') == (
        "FORBIDDEN"
    )


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 41}, "name"),
        ({"clientId": " "}, "clientId"),
        ({"clientSecret": ""}, "clientSecret"),
        *(
            ({"issuer": issuer}, "issuer")
            for issuer in (
                "",
                "login.example",
                "http://login.example",
                "https://login.example?x=1",
                "https://login.example#x",
                "https://somebody@login.example",
                "https://login.example/a b",
                "https://LOGIN.example",
                "https://",
                "file:///etc/passwd",
                "gopher://login.example",
                "https://login.example/" + "x" * 500,
            )
        ),
    ],
)
async def test_what_a_provider_cannot_be_is_refused(
    owner: Client, provider: Provider, changes: dict[str, str], path: str
) -> None:
    payload = await configure(owner, provider, **changes)
    assert [(one["code"], one["path"]) for one in payload["userErrors"]] == [("INVALID", ["input", path])]
