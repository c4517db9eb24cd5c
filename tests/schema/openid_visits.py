"""Somebody who signs in by the brand's own provider."""

from typing import Any

import httpx

from hexmart.testing import Client
from hexmart.testing.openid import CLIENT_ID, SECRET, Provider

BACK = "http://127.0.0.1:3000/back"
TOKENS = "accessToken refreshToken viewer { __typename ... on StaffUser { email } }"
Payload = dict[str, Any]


async def configure(owner: Client, provider: Provider, **changes: Any) -> Payload:
    """Have the brand's staff sign in by the provider."""
    wanted = {"name": "work", "issuer": provider.issuer, "clientId": CLIENT_ID, "clientSecret": SECRET} | changes
    return await owner.do("identityProviderSet", wanted, "provider { name issuer clientId hasSecret }")


async def start(client: Client, **changes: Any) -> Payload:
    asked = {"provider": "work", "redirectUri": BACK} | changes
    return await client.do("staffOpenIdStart", asked, "authorizationUrl state")


async def go(client: Client, provider: Provider, **changes: Any) -> dict[str, str]:
    """Be sent to the provider, sign in there, and come back: what the browser brings."""
    begun = await start(client, **changes)
    assert begun["userErrors"] == [], begun
    back = httpx.URL(provider.authorize(httpx.URL(begun["authorizationUrl"]).params))
    assert str(back).startswith(changes.get("redirectUri", BACK))
    assert back.params["state"] == begun["state"]
    return dict(back.params)


async def finish(client: Client, brought: dict[str, str], **changes: Any) -> Payload:
    return await client.do("staffOpenIdFinish", brought | changes, TOKENS)


async def sign_in(client: Client, provider: Provider, **changes: Any) -> Payload:
    return await finish(client, await go(client, provider), **changes)


def codes(payload: Payload) -> list[str]:
    return [error["code"] for error in payload["userErrors"]]
