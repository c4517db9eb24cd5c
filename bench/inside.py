"""The application asked without a network, to count what a request sends to the database."""

import re
from collections import Counter
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from hexmart.app import Application


class Inside:
    """A caller who stands inside the process."""

    def __init__(self, application: Application, brand: str) -> None:
        self._application = application
        self._brand = brand

    async def post(self, body: bytes, token: str | None = None) -> bytes:
        """The body of the answer."""
        headers = {b"host": b"localhost", b"x-tenant": self._brand.encode(), b"content-type": b"application/json"}
        if token:
            headers[b"authorization"] = f"Bearer {token}".encode()
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/graphql",
            "query_string": b"",
            "headers": [*headers.items()],
        }
        answer = bytearray()

        async def receive() -> MutableMapping[str, Any]:
            return {"type": "http.request", "body": body}

        async def send(message: MutableMapping[str, Any]) -> None:
            answer.extend(message.get("body", b""))

        await self._application(scope, receive, send)
        return bytes(answer)


@contextmanager
def counted(*engines: AsyncEngine) -> Iterator[Counter[str]]:
    """Count statements by their first word, those of the ORM and those that go to asyncpg directly."""
    seen: Counter[str] = Counter()

    def note(sql: str) -> None:
        seen[re.split(r"\W", sql.strip(), maxsplit=1)[0].upper()] += 1

    def orm(_connection: object, _cursor: object, sql: str, _values: object, _context: object, many: bool) -> None:
        if not many:  # asyncpg reports those itself
            note(sql)

    def lent(connection: Any, _entry: object, _proxy: object) -> None:
        connection.driver_connection.add_query_logger(_said)

    def _said(query: Any) -> None:
        note(query.query)

    for engine in engines:
        event.listen(engine.sync_engine, "before_cursor_execute", orm)
        event.listen(engine.sync_engine, "checkout", lent)
    yield seen
