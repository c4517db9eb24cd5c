"""Faults planted at every stage of a request, with words that nobody may read; and what the log says then."""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError

from hexmart import logs
from hexmart.settings import Settings
from tests.hexmart.asking import Answer

WORDS = "SELECT secret FROM /srv/hexmart/planted.py"
SHOWN = "Something went wrong on our side."
UNTOLD = ("Planted", "ConnectionDoesNotExist", "secret", "planted.py", "Traceback", "asyncpg", "sqlalchemy", "/srv")

Plant = Callable[[pytest.MonkeyPatch], None]
Lines = Callable[[], list[dict[str, Any]]]


class Planted(Exception):
    """A fault with words that nobody may read."""


def fails(*_: object, **__: object) -> NoReturn:
    raise Planted(WORDS)


async def fails_later(*_: object, **__: object) -> NoReturn:
    raise Planted(WORDS)


async def loses_its_connection(*_: object, **__: object) -> NoReturn:
    raise DBAPIError(WORDS, [WORDS], asyncpg.ConnectionDoesNotExistError(WORDS))


def planted(owner: object, name: str, fault: Callable[..., object] = fails) -> Plant:
    return lambda patch: patch.setattr(owner, name, fault)


@contextmanager
def logged(settings: Settings) -> Iterator[Lines]:
    """What is logged in the block, as a machine reads it."""
    written = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stderr", written)
        logs.configure(settings)
        yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logs.configure(settings)


def assert_masked(answer: Answer, lines: list[dict[str, Any]], tenant: str | None, status: int = 500) -> None:
    """The caller has an id; the one line of that id has the brand, the kind of the fault, and none of its words."""
    request_id = answer.header("x-request-id")
    [error] = answer.json()["errors"]
    assert error["message"] == SHOWN
    assert error["extensions"] == {"code": "INTERNAL", "requestId": request_id}
    assert set(error) <= {"message", "extensions", "locations", "path"}
    assert answer.status == status
    assert (answer.header("cache-control"), answer.header("x-content-type-options")) == ("no-store", "nosniff")
    assert not [word for word in UNTOLD if word in answer.body.decode()]
    [line] = [line for line in lines if line.get("request_id") == request_id]
    assert line["tenant"] == tenant
    assert "Planted" in line["exception"] or "ConnectionDoesNotExistError" in line["exception"]
    assert "Traceback (most recent call last)" in line["exception"]
    assert WORDS not in json.dumps(lines)
