"""The whole way of a partner's app, by authlib's client, over a real connection."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

import httpx
import pyotp
import pytest

from core import clock
from core.identity.openid.client import AsyncOAuth2Client
from hexmart.testing import Client, World
from tests.security.oauth.partner import CALLBACK, PASSWORD, SCOPES, VERIFIER, WHO, Partner, http_of

pytestmark = pytest.mark.anyio
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


def fields_of(page: str) -> dict[str, str]:
    """What the form on a page says by itself."""
    return {unescape(name): unescape(value) for name, value in HIDDEN.findall(page)}


async def metadata_of(origin: str, partner: Partner) -> dict[str, Any]:
    async with httpx.AsyncClient(headers={"X-Tenant": partner.client.slug}) as http:
        told: dict[str, Any] = (await http.get(f"{origin}/.well-known/oauth-authorization-server")).json()
    return told


def client_of(partner: Partner, **more: Any) -> AsyncOAuth2Client:
    """A client as partners write them."""
    headers = {"X-Tenant": partner.client.slug}
    return AsyncOAuth2Client(partner.client_id, partner.secret, headers=headers, redirect_uri=CALLBACK, **more)


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
async def test_an_app_signs_in_as_itself(origin: str, partner: Partner, method: str) -> None:
    async with client_of(partner, token_endpoint_auth_method=method) as oauth:
        token = await oauth.fetch_token(f"{origin}/oauth/token", grant_type="client_credentials", scope="orders.read")
        assert (token["token_type"], token["scope"], token["expires_in"]) == ("Bearer", "orders.read", 900)
        assert "refresh_token" not in token
        answer = await oauth.post(f"{origin}/graphql", json={"query": WHO})
        assert answer.json()["data"]["viewer"]["clientId"] == partner.client_id
        told = await oauth.introspect_token(f"{origin}/oauth/introspect", token=token["access_token"])
        assert told.json()["active"]
        assert (await oauth.revoke_token(f"{origin}/oauth/revoke", token=token["access_token"])).status_code == 200
        assert "errors" in (await oauth.post(f"{origin}/graphql", json={"query": WHO})).json()


@pytest.mark.parametrize("confidential", [True, False])
async def test_a_person_lets_an_app_act_for_them(
    origin: str, partner: Partner, public: Partner, world: World, confidential: bool
) -> None:
    app = partner if confidential else public
    oauth = client_of(app, scope=" ".join(SCOPES), code_challenge_method="S256")
    async with oauth, httpx.AsyncClient(headers={"X-Tenant": app.client.slug}) as browser:
        url, state = oauth.create_authorization_url(f"{origin}/oauth/authorize", code_verifier=VERIFIER)
        page = await browser.get(url)
        assert "A partner" in page.text
        assert "See the orders" in page.text
        person = {"email": world.email("clerk"), "password": PASSWORD, "decision": "allow"}
        # as a browser sends a form
        sent = await browser.post(
            f"{origin}/oauth/authorize",
            data=fields_of(page.text) | person,
            headers={"Origin": origin, "Sec-Fetch-Site": "same-origin"},
        )
        assert sent.status_code == 303
        back = sent.headers["location"]
        assert back.startswith(f"{CALLBACK}?code=")
        told = await metadata_of(origin, app)
        assert httpx.URL(back).params["iss"] == told["issuer"]
        token = await oauth.fetch_token(
            f"{origin}/oauth/token", authorization_response=back, state=state, code_verifier=VERIFIER
        )
        assert sorted(token["scope"].split()) == SCOPES
        answer = await oauth.post(f"{origin}/graphql", json={"query": WHO})
        assert answer.json()["data"]["viewer"]["clientId"] == app.client_id
        renewed = await oauth.refresh_token(f"{origin}/oauth/token")
        assert renewed["refresh_token"] != token["refresh_token"]
        assert "errors" not in (await oauth.post(f"{origin}/graphql", json={"query": WHO})).json()


async def test_the_metadata_says_where_everything_is(origin: str, partner: Partner, abroad: Partner) -> None:
    told, elsewhere = await metadata_of(origin, partner), await metadata_of(origin, abroad)
    assert told["issuer"] == f"http://{partner.client.slug}.localhost:{origin.rpartition(':')[2]}"
    assert told["issuer"] != elsewhere["issuer"]
    assert set(SCOPES) < set(told["scopes_supported"])
    assert "tenants.create" not in told["scopes_supported"]
    assert told["code_challenge_methods_supported"] == ["S256"]
    headers = {"Host": told["issuer"].removeprefix("http://")}
    async with httpx.AsyncClient(headers=headers) as http:
        for name in ("authorization", "token", "revocation", "introspection"):
            path = told[f"{name}_endpoint"].removeprefix(told["issuer"])
            assert (await http.get(f"{origin}{path}")).status_code == (400 if name == "authorization" else 405), name
        # discovered by its own name, the issuer is the one that was asked for (RFC 8414, section 3.3)
        found = await http.get(f"{origin}/.well-known/oauth-authorization-server")
        assert found.json() == told


async def test_a_person_may_refuse(partner: Partner) -> None:
    answer = await partner.consent(decision="deny", password="")
    assert answer.status_code == 303
    said = httpx.URL(answer.headers["location"]).params
    assert (said["error"], said["state"]) == ("access_denied", "a state")
    assert "code" not in said


@pytest.mark.parametrize("state", ["a state", "ключ 牛奶", "<\"'&=?#%20+", "x" * 2_000])
async def test_the_state_comes_back_as_it_was(partner: Partner, state: str) -> None:
    for decision in ("allow", "deny"):
        answer = await partner.consent(state=state, decision=decision)
        assert httpx.URL(answer.headers["location"]).params.get_list("state") == [state]
    assert fields_of((await partner.page(state=state)).text)["state"] == state


async def test_a_wrong_password_is_said_on_the_page_and_not_to_the_app(partner: Partner, world: World) -> None:
    answer = await partner.consent(password="something else")
    assert (answer.status_code, "location" in answer.headers) == (400, False)
    assert "Nobody with this e-mail address and password works here" in answer.text
    assert world.email("manager") in answer.text
    assert "something else" not in answer.text
    again = fields_of(answer.text)
    assert again == partner.asked()


async def test_an_app_that_asks_for_nothing_in_particular_asks_for_all(partner: Partner) -> None:
    tokens = await partner.tokens(scope=None)
    assert tokens["scope"].split() == SCOPES
    assert (await partner.own_token()).json()["scope"].split() == SCOPES


async def test_an_app_may_ask_for_less_for_a_while(partner: Partner) -> None:
    first = await partner.tokens()
    less = (await partner.renew(first["refresh_token"], scope="stock.read")).json()
    assert less["scope"] == "stock.read"
    assert await partner.calling(less["access_token"]).code("{ orders(first: 1) { nodes { id } } }") == "FORBIDDEN"
    again = (await partner.renew(less["refresh_token"])).json()
    assert again["scope"].split() == SCOPES


async def test_an_app_on_a_persons_machine_listens_at_any_port(public: Partner) -> None:
    local = replace(public, callback="http://127.0.0.1:53682/back")
    answer = await local.consent()
    assert answer.headers["location"].startswith("http://127.0.0.1:53682/back?code=")
    assert (await local.trade(httpx.URL(answer.headers["location"]).params["code"])).status_code == 200


async def test_the_page_is_kept_by_nobody_and_shown_in_no_frame(partner: Partner) -> None:
    for answer in (await partner.page(), await partner.page(client_id="nobody"), await partner.consent(password="x")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "script-src" not in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["x-content-type-options"] == "nosniff"
    # a browser follows a redirect after a form only to where the policy allows it
    assert "form-action 'self' https://partner.example;" in (await partner.page()).headers["content-security-policy"]


async def test_a_wrong_guess_too_many_and_the_address_waits(partner: Partner) -> None:
    wrong = replace(partner, secret="not it")
    for _ in range(100):
        assert (await wrong.own_token()).status_code == 401
    refused = await wrong.own_token()
    assert (refused.status_code, refused.json()["error"]) == (429, "temporarily_unavailable")
    assert int(refused.headers["retry-after"]) > 0


async def test_what_an_app_asked_stands_in_the_audit_log_of_whom_it_acts_for(
    partner: Partner, client: Client, world: World
) -> None:
    await partner.tokens("manager")
    owner = await client.staff(world.email("owner"))
    log = await owner.run('{ auditLog(where: {actions: ["app.authorized"]}) { nodes { action actor { name } } } }')
    assert [one["actor"]["name"] for one in log["auditLog"]["nodes"]] == ["manager"]


async def test_wrong_passwords_on_the_page_count_as_they_do_everywhere(
    partner: Partner, client: Client, world: World
) -> None:
    for _ in range(5):
        assert (await partner.consent(password="wrong")).status_code == 400
    refused = await partner.consent()
    assert (refused.status_code, "location" in refused.headers) == (429, False)
    asked = 'mutation($e: String!) { staffSignIn(input: {email: $e, password: "x"}) { accessToken } }'
    assert await client.code(asked, e=world.email("manager")) == "RATE_LIMITED"
    assert (await partner.consent("clerk")).status_code == 303


async def test_a_second_factor_is_asked_for_on_the_page_too(partner: Partner, client: Client, world: World) -> None:
    manager = await client.staff(world.email("manager"))
    secret = (await manager.run("mutation { staffTotpEnrol { secret } }"))["staffTotpEnrol"]["secret"]
    shown = pyotp.TOTP(secret)
    assert (await manager.do("staffTotpConfirm", {"code": shown.at(clock.now())}))["userErrors"] == []
    asked = await partner.consent()
    assert asked.status_code == 400
    assert "Give the code that your authenticator shows" in asked.text
    assert "Give the code" not in (await partner.consent(password="wrong")).text
    later = shown.at(clock.now() + timedelta(seconds=30))
    person = {"email": world.email("manager"), "password": PASSWORD, "decision": "allow", "totp_code": later}
    async with http_of(partner.client) as http:
        assert (await http.post("/oauth/authorize", data=partner.asked() | person)).status_code == 303


async def test_a_strangers_page_cannot_send_the_form(partner: Partner, world: World) -> None:
    person = {"email": world.email("manager"), "password": PASSWORD, "decision": "allow"}
    async with http_of(partner.client) as http:
        for origin, status in (("https://evil.example", 403), ("null", 403), ("http://localhost", 303)):
            sent = await http.post("/oauth/authorize", data=partner.asked() | person, headers={"Origin": origin})
            assert (sent.status_code, "location" in sent.headers) == (status, status == 303), origin
