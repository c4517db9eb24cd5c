"""A partner: a program that a brand has let in, and what it asks for over HTTP."""

import base64
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx

from hexmart.testing import Client, World

CALLBACK = "https://partner.example/back"
LOOPBACK = "http://127.0.0.1/back"
VERIFIER = "a-verifier-that-nobody-guesses-since-it-is-long-enough"
PASSWORD = "hexmart-demo"
SCOPES = ["orders.read", "stock.read"]
FIELDS = "app { id name clientId scopes redirectUris confidential active } secret"
WHO = "{ viewer { __typename ... on PartnerApp { clientId scopes } } }"


def challenge_of(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


@asynccontextmanager
async def http_of(client: Client) -> AsyncIterator[httpx.AsyncClient]:
    """HTTP to the client's brand."""
    transport = httpx.ASGITransport(app=client.application)
    headers = {"X-Tenant": client.slug}
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=headers) as http:
        yield http


@dataclass(frozen=True)
class Partner:
    """An app, and the brand that it calls."""

    client: Client
    world: World
    id: str
    client_id: str
    secret: str | None
    callback: str = CALLBACK

    def at(self, other: "Partner") -> "Partner":
        """The same app at another's brand."""
        return replace(self, client=other.client, world=other.world)

    @property
    def credentials(self) -> dict[str, str]:
        """As the form has them."""
        return {"client_id": self.client_id} | ({"client_secret": self.secret} if self.secret else {})

    def asked(self, **changes: str | None) -> dict[str, str]:
        """Parameters of a request for consent; None leaves one out."""
        said: dict[str, str | None] = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.callback,
            "scope": " ".join(SCOPES),
            "state": "a state",
            "code_challenge": challenge_of(VERIFIER),
            "code_challenge_method": "S256",
        }
        return {name: value for name, value in (said | changes).items() if value is not None}

    async def page(self, **changes: str | None) -> httpx.Response:
        """What a person is shown."""
        async with http_of(self.client) as http:
            return await http.get("/oauth/authorize", params=self.asked(**changes))

    async def consent(self, who: str = "manager", /, **changes: str | None) -> httpx.Response:
        """Where a person's browser is sent once they have let the app in."""
        person = {"email": self.world.email(who), "password": PASSWORD, "decision": "allow"}
        said = person | {name: value for name, value in changes.items() if name in person and value is not None}
        asked = self.asked(**{name: value for name, value in changes.items() if name not in person})
        async with http_of(self.client) as http:
            return await http.post("/oauth/authorize", data=asked | said)

    async def code(self, who: str = "manager", /, **changes: str | None) -> str:
        """A code that somebody gave the app."""
        answer = await self.consent(who, **changes)
        assert answer.status_code == 303, answer.text
        return str(httpx.URL(answer.headers["location"]).params["code"])

    async def ask(self, path: str, **said: str | None) -> httpx.Response:
        """What an endpoint says to a form; the app says who it is in it, unless told otherwise."""
        form = self.credentials | said
        async with http_of(self.client) as http:
            return await http.post(path, data={name: value for name, value in form.items() if value is not None})

    async def trade(self, code: str, /, **changes: str | None) -> httpx.Response:
        """What is given for a code."""
        said = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.callback}
        return await self.ask("/oauth/token", **(said | {"code_verifier": VERIFIER} | changes))

    async def tokens(self, who: str = "manager", /, **changes: str | None) -> dict[str, Any]:
        """Tokens to act for somebody."""
        answer = await self.trade(await self.code(who, **changes))
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def renew(self, refresh_token: str, /, **changes: str | None) -> httpx.Response:
        """What is given for a refresh token."""
        return await self.ask("/oauth/token", grant_type="refresh_token", refresh_token=refresh_token, **changes)

    async def own_token(self, **changes: str | None) -> httpx.Response:
        """What the app is given to act by itself."""
        return await self.ask("/oauth/token", grant_type="client_credentials", **changes)

    def calling(self, token: str) -> Client:
        """A client of the API with a token."""
        return replace(self.client, token=token)


async def let_in(client: Client, world: World, **changes: Any) -> Partner:
    """A new app of a brand."""
    owner = await replace(client, slug=world.tenant.slug).staff(world.email("owner"))
    wanted = {"name": "A partner", "scopes": SCOPES, "redirectUris": [CALLBACK, LOOPBACK]} | changes
    payload = await owner.do("appCreate", wanted, FIELDS)
    assert payload["userErrors"] == [], payload
    app = payload["app"]
    return Partner(replace(owner, token=None), world, app["id"], app["clientId"], payload["secret"])
