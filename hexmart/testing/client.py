"""A client of the API, speaking to the application without a network."""

from dataclasses import dataclass, replace
from typing import Any

import httpx

from hexmart.app import Application
from hexmart.testing.streams import first_result


class RequestFailed(AssertionError):
    """The request had top-level errors."""


@dataclass(frozen=True)
class Client:
    """Somebody who calls one brand: a guest, or whoever a token was issued to."""

    application: Application
    slug: str
    token: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """What says who calls whom."""
        return {"X-Tenant": self.slug} | ({"Authorization": f"Bearer {self.token}"} if self.token else {})

    async def first(self, subscription: str, **variables: Any) -> dict[str, Any]:
        """The first result of a subscription; empty where there is nothing to tell yet."""
        return await first_result(self.application, self.headers, subscription, variables)

    async def send(self, query: str, **variables: Any) -> dict[str, Any]:
        """The whole response."""
        transport = httpx.ASGITransport(app=self.application)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
            answer = await http.post("/graphql", json={"query": query, "variables": variables}, headers=self.headers)
        response: dict[str, Any] = answer.json()
        return response

    async def run(self, query: str, **variables: Any) -> dict[str, Any]:
        """The data of a response that must have no top-level errors."""
        response = await self.send(query, **variables)
        if response.get("errors"):
            raise RequestFailed(response["errors"])
        data: dict[str, Any] = response["data"]
        return data

    async def code(self, query: str, **variables: Any) -> str:
        """The code of the one top-level error that a request must have."""
        response = await self.send(query, **variables)
        assert len(response.get("errors", [])) == 1, response
        return str(response["errors"][0]["extensions"]["code"])

    async def do(self, mutation: str, input: dict[str, Any], fields: str = "") -> dict[str, Any]:  # noqa: A002 - as GraphQL calls it
        """The payload of a mutation, with its refusals."""
        kind = self.application.schema.mutation_fields[mutation].args["input"].type
        asked = f"{fields} userErrors {{ code message path retryAfter }} warnings {{ code message targetId }}"
        data = await self.run(f"mutation($input: {kind}) {{ {mutation}(input: $input) {{ {asked} }} }}", input=input)
        payload: dict[str, Any] = data[mutation]
        return payload

    async def member(self, phone: str) -> "Client":
        """The same client, signed in as a member."""
        await self.do("memberOtpRequest", {"phone": phone})
        payload = await self.do("memberSignIn", {"phone": phone, "code": "000000"}, "accessToken")
        return replace(self, token=payload["accessToken"])

    async def staff(self, email: str, password: str = "hexmart-demo") -> "Client":  # noqa: S107 - of demos and tests
        """The same client, signed in as a member of staff."""
        payload = await self.do("staffSignIn", {"email": email, "password": password}, "accessToken")
        return replace(self, token=payload["accessToken"])
