"""Requests with headers of their own."""

from collections.abc import Mapping
from typing import Any

import httpx

from hexmart.app import Application


async def ask(application: Application, query: str, host: str = "localhost", **headers: str) -> dict[str, Any]:
    """The response to a request at a host."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    transport = httpx.ASGITransport(app=application)
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as http:
        answer = await http.post("/graphql", json={"query": query}, headers=named)
    response: dict[str, Any] = answer.json()
    return response


def code_of(response: Mapping[str, Any]) -> str:
    """The code of the one error that stopped a request."""
    [error] = response["errors"]
    return str(error["extensions"]["code"])
