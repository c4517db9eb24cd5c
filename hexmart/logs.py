"""What a process writes about itself: lines for people at a terminal, JSON elsewhere; never what somebody has sent."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.stdlib import ProcessorFormatter

from hexmart.settings import Settings
from hexmart.tracebacks import without_words

_NAME = "hexmart"  #: of the handler, of which a process has one


def configure(settings: Settings) -> None:
    """Set up structlog, and the standard library's logging to write alike.

    The level is ours and uvicorn's. Other libraries stay at WARNING: below it they say what they are handed.
    """
    open_hearted = sys.stderr.isatty() and not settings.production
    first: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
    ]
    last = _for_people() if open_hearted else _for_machines()
    structlog.configure(
        processors=[*first, *last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(settings.log_level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    foreign = [ProcessorFormatter.remove_processors_meta, *last]
    _write_foreign(ProcessorFormatter(processors=foreign, foreign_pre_chain=first))


def _write_foreign(formatter: logging.Formatter) -> None:
    """Have one handler write what the standard library's loggers are told, however often this is called."""
    root = logging.getLogger()
    for known in [handler for handler in root.handlers if handler.name == _NAME]:
        root.removeHandler(known)
    handler = logging.StreamHandler(sys.stderr)
    handler.name = _NAME
    handler.setFormatter(formatter)
    root.addHandler(handler)


def _for_people() -> list[structlog.typing.Processor]:
    return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]


def _for_machines() -> list[structlog.typing.Processor]:
    exceptions = structlog.processors.ExceptionRenderer(without_words)
    return [exceptions, _in_one_line, structlog.processors.JSONRenderer(ensure_ascii=False)]


def _in_one_line(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Leave out what follows the first line: a library shows there what it was working on, or a whole traceback."""
    return {**event, "event": str(event.get("event", "")).partition("\n")[0]}
