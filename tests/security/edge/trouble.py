"""Requests that go wrong in every way, with secrets wherever something can stand."""

import asyncio
from collections.abc import Iterable

import httpx

from tests.security.edge.planted import MARK
from tests.security.edge.story import Caller


async def ask_wrongly(guest: Caller, secrets: Iterable[str]) -> int:
    """Each secret in every place of a request; how many requests that were."""
    count = 0
    for secret in secrets:
        for step in (_as_graphql, _as_http, _as_fault):
            count += await step(guest, secret)
    return count


async def _as_graphql(guest: Caller, secret: str) -> int:
    quoted = secret.replace("\\", "").replace('"', "").replace("\n", "")
    documents = (
        f'{{ nothing(a: "{quoted}") }}',
        f'{{ store(code: "{quoted}") {{ code }} }} "',
        f'{{ node(id: "{quoted}") {{ id }} }}',
        f"{{ brand {{ slug }} }} # {quoted}",
        f'mutation {{ memberSignIn(input: {{phone: "{quoted}", code: 5}}) {{ accessToken }} }}',
        f'mutation {{ tokenRefresh(input: {{refreshToken: "{quoted}"}}) {{ accessToken }} }}',
    )
    for document in documents:
        await guest.send(document)
    for value in (secret, [secret], {"a": secret}, {secret: 1}):
        await guest.send("query($x: Int!) { products(first: $x) { nodes { name } } }", x=value)
        await guest.send("query($x: CartCreateInput!) { __typename }", x=value)
    return len(documents) + 8


async def _as_http(guest: Caller, secret: str) -> int:
    http, said = guest.http, secret.encode()
    named = {"X-Tenant": guest.slug, "Content-Type": "application/json"}
    ascii_only = secret.isascii()
    sent = [
        http.post("/graphql", content=b'{"query": "' + said, headers=named),
        http.post("/graphql", content=said, headers=named | {"Content-Type": "text/plain"}),
        http.get("/graphql", params={"documentId": secret, "variables": secret}, headers=named),
        http.get("/graphql", params={"documentId": "x", "access_token": secret}, headers=named),
        http.get(f"/{secret}", params={"password": secret}),
        http.post("/oauth/token", params={"code": secret}, content=said, headers=named),
        http.get("/oauth/authorize", params={"state": secret, "client_id": secret}, headers=named),
        http.post("/graphql", content=b"{}", headers=named | {"Cookie": f"a={secret}"}) if ascii_only else None,
        http.post("/graphql", content=b"{}", headers=named | {"Authorization": f"Basic {secret}"})
        if ascii_only
        else None,
        http.post("/graphql", content=b"{}", headers=named | {"Authorization": f"Bearer {secret}"})
        if ascii_only
        else None,
        http.post("/graphql", content=b"{}", headers={**named, "X-Tenant": secret}) if ascii_only else None,
        http.post("/graphql", content=b"{}", headers=named | {"Origin": secret}) if ascii_only else None,
    ]
    answers = [await one for one in sent if one is not None]
    await _raw(http.base_url, b"GET /" + said + b" HTTP/1.1 " + said + b"\r\n\r\n")
    await _raw(
        http.base_url, b"POST /graphql HTTP/1.1\r\nHost: x\r\n" + said + b": 1\r\nContent-Length: x\r\n\r\n" + said
    )
    return len(answers) + 2


async def _as_fault(guest: Caller, secret: str) -> int:
    """Where planted.py has something fail."""
    named = {"X-Tenant": guest.slug, "Content-Type": "application/json"}
    await guest.send("query($s: String) { product(slug: $s) { name } }", s=secret)
    await guest.http.post("/graphql", content=f"{MARK}{secret}".encode(), headers=named)
    if secret.isascii():
        await guest.http.post("/graphql", content=b"{}", headers={**named, "X-Tenant": f"{MARK}{secret}"})
    await guest.http.get("/metrics")
    return 4


async def _raw(url: httpx.URL, data: bytes) -> None:
    """What no client would send."""
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(data)
    await asyncio.wait_for(reader.read(), 30)
    writer.close()
