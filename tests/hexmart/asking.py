"""Requests as a server hands them to the application: every header as it is written, the body in parts."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

PATIENCE = 60.0  #: seconds
Headers = Sequence[tuple[str, str]]
JSON = ("Content-Type", "application/json")
BRAND = b'{"query": "{ brand { slug } }"}'


@dataclass(frozen=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def json(self) -> Any:
        return orjson.loads(self.body)

    def code(self) -> str:
        """Of its one error."""
        [error] = self.json()["errors"]
        return str(error["extensions"]["code"])

    def all_of(self, name: str) -> list[str]:
        return [value for known, value in self.headers if known == name]

    def header(self, name: str) -> str | None:
        """The one header of that name."""
        found = self.all_of(name)
        assert len(found) <= 1, found
        return found[0] if found else None


async def ask(
    application: Callable[..., Awaitable[object]],
    method: str = "POST",
    target: str = "/graphql",
    headers: Headers = (),
    parts: Sequence[bytes] = (BRAND,),
    *,
    host: str | None = "localhost",
    ends: bool = True,
) -> Answer:
    """What is answered; without an end the body goes on for ever after these parts."""
    told = [*([("Host", host)] if host is not None else []), *headers]
    waiting = list(parts)
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        if not waiting:
            await asyncio.Event().wait()
        part = waiting.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(waiting) or not ends}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    async with asyncio.timeout(PATIENCE):
        await application(_scope(method, target, told), receive, send)
    start, *bodies = sent
    assert start["type"] == "http.response.start"
    names = [(name.decode(), value.decode("latin-1")) for name, value in start["headers"]]
    return Answer(start["status"], names, b"".join(message.get("body", b"") for message in bodies))


def _scope(method: str, target: str, headers: Headers) -> dict[str, Any]:
    path, _, query = target.partition("?")
    return {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers],
        "client": ("192.0.2.1", 50_000),
        "http_version": "1.1",
        "scheme": "http",
        "server": ("127.0.0.1", 8000),
    }
