"""An ASGI application that does nothing but answer with the same bytes: what HTTP itself costs."""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from bench.serving import serve
from hexmart.answers import Answer
from hexmart.replies import Replies

Message = MutableMapping[str, Any]


class Bare:
    """Answers everything with one response: the one that the API gives, headers and all."""

    def __init__(self, body: bytes) -> None:
        self._reply = Replies(production=False).tagged(Answer.of(body, slug="", tables=()), None, by_anybody=True)

    async def __call__(
        self, _scope: Message, _receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        await send(self._reply.start)
        await send(self._reply.content)


if __name__ == "__main__":
    serve(Bare(Path(os.environ["BENCH_BODY"]).read_bytes()))
