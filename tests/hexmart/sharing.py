"""Several processes that share answers by way of Redis, without a database."""

import asyncio
import os
import secrets

from hexmart.answers import Answer, Answers, SharedAnswers, Stamp
from tenants.changes import Changes
from tenants.doorbell import Doorbell

URL = os.environ.get("REDIS_URL") or "redis://127.0.0.1:6379/0"
SECRET = secrets.token_bytes(32)
BRAND, KEY = "brand", ("document", b"{}", "PUBLIC", "zh")
PATIENT = 5.0  #: seconds; a busy machine is no failure


class Wire(Doorbell):
    """Carries what is told to the processes at its ends, without a database."""

    def __init__(self) -> None:
        self.waiting = {}
        self.processes: list[Process] = []

    def ring(self, slug: str, *, channel: str = "", payload: str | None = None) -> None:
        for process in self.processes:
            process.changes.heard(payload or f"{channel} {slug}")


class Process(Answers):
    """One of several processes on a wire."""

    def __init__(self, wire: Wire, url: str | None = URL, *, patience: float = PATIENT) -> None:
        self.changes = Changes(wire)
        self.changes.hearing = lambda: True
        wire.processes.append(self)
        self.redis = SharedAnswers(url, SECRET, patience=patience) if url else None
        super().__init__(1_000_000, self.changes, self.redis)

    def wrote(self, *tables: str) -> None:
        self.changes.wrote(BRAND, tables)

    async def asked(self) -> bytes | None:
        """What Redis gives that is not kept here."""
        found = await self.ask(KEY, Stamp(BRAND, self.moment))
        return found.body if found else None

    async def answered(self, body: bytes = b"body", stamp: Stamp | None = None) -> None:
        """Answer a request and leave it for the others."""
        if stamp is None:
            stamp = Stamp(BRAND, self.moment)
            assert await self.ask(KEY, stamp) is None
        self.keep(KEY, Answer.of(body, slug=BRAND, tables=["variant", "shelf"]), stamp)
        if self.redis:
            await asyncio.gather(*self.redis._circuit._tasks)
