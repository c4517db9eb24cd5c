"""Lines of a log: whoever writes them, they have one shape, and exceptions have no words but at a terminal."""

import errno
import io
import json
import logging
from collections.abc import Iterator

import asyncpg
import pytest
import structlog

from core.errors import Invalid
from hexmart import logs
from hexmart.settings import Settings
from hexmart.tracebacks import without_words
from tests.hexmart.faults import Lines, logged

WORDS = "words of 13912345678"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def lines(settings: Settings) -> Iterator[Lines]:
    with logged(settings) as written:
        yield written


def raised(error: BaseException) -> str:
    """As it is written down."""
    try:
        raise error
    except BaseException as caught:  # noqa: BLE001 - groups and interrupts too
        return without_words((type(caught), caught, caught.__traceback__))


def of_postgresql(told: dict[str, str]) -> asyncpg.PostgresError:
    error: asyncpg.PostgresError = asyncpg.PostgresError.new(told)
    return error


@pytest.mark.parametrize(
    ("error", "last"),
    [
        (ValueError(WORDS), "builtins.ValueError"),
        (KeyError(WORDS), "builtins.KeyError"),
        (Invalid(reason=WORDS), "core.errors.Invalid: INVALID"),
        (OSError(errno.ENOSPC, WORDS, WORDS), "builtins.OSError: No space left on device"),
        (OSError(WORDS), "builtins.OSError"),
        (of_postgresql({"C": "23505", "M": WORDS, "D": WORDS, "t": "member", "n": "uq_member_phone"}),
         "asyncpg.exceptions.UniqueViolationError: 23505, table member, constraint uq_member_phone"),
        (KeyboardInterrupt(WORDS), "builtins.KeyboardInterrupt"),
    ],
)  # fmt: skip
def test_an_exception_is_its_kind_and_what_is_fixed(error: BaseException, last: str) -> None:
    written = raised(error)
    assert written.splitlines()[0] == "Traceback (most recent call last):"
    assert written.splitlines()[-1] == last
    assert "raise error" in written
    assert WORDS not in written


def test_what_an_exception_came_of_is_written_before_it() -> None:
    first, second = ValueError(WORDS), LookupError(WORDS)
    second.__cause__, first.__context__ = first, second  # a circle has an end
    second.add_note(WORDS)
    written = raised(second)
    assert written.index("builtins.ValueError") < written.index("direct cause") < written.index("builtins.LookupError")
    assert WORDS not in written
    parts = raised(ExceptionGroup(WORDS, [ValueError(WORDS), ExceptionGroup(WORDS, [KeyError(WORDS)])]))
    assert [kind in parts for kind in ("ExceptionGroup", "builtins.ValueError", "builtins.KeyError")] == [True] * 3
    assert WORDS not in parts


def test_ours_and_a_librarys_lines_have_one_shape(lines: Lines) -> None:
    try:
        raise ValueError(WORDS)
    except ValueError:
        structlog.get_logger("ours").exception("ours", tenant="x")
        logging.getLogger("library").exception("theirs of %s\n%s", "a", WORDS)
    ours, theirs = lines()
    assert (ours["event"], theirs["event"]) == ("ours", "theirs of a")
    assert ours["level"] == theirs["level"] == "error"
    assert ours["exception"].splitlines()[-1] == theirs["exception"].splitlines()[-1] == "builtins.ValueError"
    assert WORDS not in json.dumps([ours, theirs])


def test_a_library_is_heard_from_warnings_on_whatever_the_level(settings: Settings) -> None:
    with logged(settings.model_copy(update={"log_level": "DEBUG"})) as lines:
        for name in ("sqlalchemy.engine", "asyncio", "httpx"):
            logging.getLogger(name).info("INSERT %s", WORDS)
            logging.getLogger(name).warning("careful")
        structlog.get_logger("ours").debug("ours")
    assert [line["event"] for line in lines()] == ["careful"] * 3 + ["ours"]


def test_it_is_set_up_once_however_often(settings: Settings) -> None:
    with logged(settings) as lines:
        logs.configure(settings)
        logs.configure(settings)
        logging.getLogger("library").warning("once")
    assert [line["event"] for line in lines()] == ["once"]


@pytest.mark.parametrize(("production", "shown"), [(False, True), (True, False)])
def test_words_are_for_a_developers_terminal(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, production: bool, shown: bool
) -> None:
    terminal = Terminal()
    with monkeypatch.context() as patch:
        patch.setattr("sys.stderr", terminal)
        logs.configure(settings.model_copy(update={"production": production}))
        for log in (structlog.get_logger("ours"), logging.getLogger("library")):
            log.error("failed", exc_info=ValueError(WORDS))
    logs.configure(settings)
    assert (WORDS in terminal.getvalue()) == shown
    assert terminal.getvalue().count("failed") == 2
