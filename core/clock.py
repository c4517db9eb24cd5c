"""The one clock. Python asks now(), SQL asks app_now(); a demo may move both."""

from datetime import UTC, datetime, timedelta

_offset = timedelta()


def now() -> datetime:
    """The present moment in UTC, moved by the offset of a demo or test."""
    return datetime.now(UTC) + _offset


def unmoved() -> datetime:
    """The moment as the system has it: by that others sign, however far a demo has moved its own."""
    return datetime.now(UTC)


def offset_seconds() -> int:
    """How far the clock has been moved, in seconds."""
    return int(_offset.total_seconds())


def move_to_offset(seconds: int) -> None:
    """Set how far this process's clock stands ahead of the system's."""
    global _offset  # noqa: PLW0603 - one clock for a process is the point
    _offset = timedelta(seconds=seconds)
