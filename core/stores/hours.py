"""Weekly opening hours, in the brand's own time zone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_DAYS = 8  # this weekday once more, for what opened earlier today


@dataclass(frozen=True, slots=True)
class OpeningHours:
    weekday: int  #: 1 is Monday
    opens: str  #: "08:00"
    closes: str  #: "22:00"; "24:00" is the end of the day, and earlier than `opens` means the next morning


def is_open(hours: Sequence[OpeningHours], moment: datetime, time_zone: str) -> bool:
    """Whether a shop with these hours is open at that moment."""
    today, clock = _local(moment.replace(second=0, microsecond=0), time_zone)
    yesterday = (today - 2) % 7 + 1
    return any(_covers(span, today, yesterday, clock) for span in hours)


def next_opening(hours: Sequence[OpeningHours], moment: datetime, time_zone: str) -> datetime | None:
    """When a shop with these hours is open next, at that moment already or later; None: it never opens."""
    if is_open(hours, moment, time_zone):
        return moment
    day = moment.astimezone(ZoneInfo(time_zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    starts = [
        (day + timedelta(days=ahead)).replace(hour=int(span.opens[:2]), minute=int(span.opens[3:]))
        for ahead in range(_DAYS)
        for span in hours
        if span.weekday == (day + timedelta(days=ahead)).isoweekday()
    ]
    return min((start for start in starts if start > moment), default=None)


@lru_cache(maxsize=100)
def _local(minute: datetime, time_zone: str) -> tuple[int, str]:
    """Weekday and wall clock there; a search asks for the same minute of a hundred shops."""
    local = minute.astimezone(ZoneInfo(time_zone))
    return local.isoweekday(), local.strftime("%H:%M")


def _covers(span: OpeningHours, today: int, yesterday: int, clock: str) -> bool:
    past_midnight = span.closes <= span.opens
    if span.weekday == today and span.opens <= clock and (past_midnight or clock < span.closes):
        return True
    return past_midnight and span.weekday == yesterday and clock < span.closes
