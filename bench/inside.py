"""The application asked without a network, to count what a request sends to the database."""

import asyncio
import itertools
import re
from collections import Counter
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import event

from hexmart.app import Application
from tenants import Platform

READ_ONLY = "BEGIN READ ONLY"
SETTLED = 0.1  #: seconds until the last statement has been reported, and the doorbell rung


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


class _Ear:
    """Hears what is sent: the driver's own statements from it, the ORM's from SQLAlchemy."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        self.drivers: set[Any] = set()

    def lend(self, connection: Any, _entry: object, _proxy: object) -> None:
        self.drivers.add(connection.driver_connection)
        connection.driver_connection.add_query_logger(self.by_driver)

    def by_driver(self, query: Any) -> None:
        self._note(query.query)

    def by_orm(self, _connection: object, _cursor: object, sql: str, _values: object, _how: object, many: bool) -> None:
        if not many:  # the driver reports those itself
            self._note(sql)

    def _note(self, sql: str) -> None:
        self.seen[READ_ONLY if sql.startswith(READ_ONLY) else re.split(r"\W", sql.strip(), maxsplit=1)[0].upper()] += 1


@asynccontextmanager
async def counted(platform: Platform) -> AsyncIterator[Counter[str]]:
    """Count the statements of the block by how they begin."""
    ear, engines = _Ear(), (platform.app.sync_engine, platform.platform.sync_engine)
    heard = (("before_cursor_execute", ear.by_orm), ("checkout", ear.lend))
    for engine, (name, hear) in itertools.product(engines, heard):
        event.listen(engine, name, hear)
    yield ear.seen
    await asyncio.sleep(SETTLED)
    for engine, (name, hear) in itertools.product(engines, heard):
        event.remove(engine, name, hear)
    for driver in ear.drivers:
        driver.remove_query_logger(ear.by_driver)
