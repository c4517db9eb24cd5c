"""Two brands, the people of one of them, and what they are answered."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import httpx

from core.vault import Vault
from hexmart.testing import Client, World
from tenants import Platform, Tenant
from tests.schema.shop import PHONE
from tests.security.tokens.forging import Token

WHO = "{ viewer { __typename } }"
FIELDS = "accessToken refreshToken"


@dataclass(frozen=True)
class Scene:
    client: Client  #: a guest of the brand
    platform: Platform
    world: World
    other: World  #: the second brand
    member: Token  #: of somebody who is signed in
    staff: Token
    move: Callable[[timedelta], Awaitable[None]]

    @property
    def vault(self) -> Vault:
        return self.platform.vault(self.world.tenant.id)

    def http(self) -> httpx.AsyncClient:
        """Whoever speaks to the application without a network."""
        transport = httpx.ASGITransport(app=self.client.application)
        return httpx.AsyncClient(transport=transport, base_url="http://localhost")

    async def form(self, url: str, fields: dict[str, str]) -> httpx.Response:
        """What the brand answers to a form."""
        async with self.http() as http:
            return await http.post(url, data=fields, headers={"X-Tenant": self.client.slug})

    def elsewhere(self) -> "Scene":
        """The same people at the other brand's door."""
        return replace(self, client=replace(self.client, slug=self.other.tenant.slug))

    async def is_let_in(self, *authorization: str, url: str = "/graphql", **headers: str) -> bool:
        """Whether somebody is known after that; whoever is not must be told why, or be a guest."""
        said = [*({"X-Tenant": self.client.slug} | headers).items(), *(("Authorization", one) for one in authorization)]
        given = httpx.Headers([(name.encode(), value.encode()) for name, value in said])
        async with self.http() as http:
            answer = await http.post(url, json={"query": WHO}, headers=given)
        response: dict[str, Any] = answer.json()
        if response.get("errors"):
            codes = {error["extensions"]["code"] for error in response["errors"]}
            assert codes <= {"UNAUTHENTICATED", "BAD_REQUEST"}, response
            return False
        return response["data"]["viewer"] is not None

    async def takes(self, token: object) -> bool:
        """Whether a token is good."""
        return await self.is_let_in(f"Bearer {token}")

    async def tenant(self) -> Tenant:
        """The brand as it is now."""
        return await self.platform.registry.by_slug(self.client.slug)

    async def signed_in(self, name: str = "clerk") -> dict[str, Any]:
        """Both tokens of a member of staff who has just signed in."""
        given = {"email": self.world.email(name), "password": "hexmart-demo"}
        return await self.client.do("staffSignIn", given, FIELDS)

    async def joined(self, phone: str = PHONE) -> dict[str, Any]:
        """Both tokens of a member who has just signed in."""
        await self.client.do("memberOtpRequest", {"phone": phone})
        return await self.client.do("memberSignIn", {"phone": phone, "code": "000000"}, FIELDS)

    def calling(self, token: str) -> Client:
        """Whoever a token was given to."""
        return replace(self.client, token=token)

    async def renewed(self, refresh_token: str) -> dict[str, Any] | None:
        """What a refresh token is traded for, None when it is refused."""
        query = f"mutation($t: String!) {{ tokenRefresh(input: {{refreshToken: $t}}) {{ {FIELDS} }} }}"
        response = await self.client.send(query, t=refresh_token)
        if response.get("errors"):
            assert response["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED", response
            return None
        tokens: dict[str, Any] = response["data"]["tokenRefresh"]
        return tokens
