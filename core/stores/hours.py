"""Weekly opening hours, in the brand's own time zone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class OpeningHours:
    weekday: int  #: 1 is Monday
    opens: str  #: "08:00"
    closes: str  #: "22:00"; "24:00" is the end of the day, and earlier than `opens` means the next morning


def is_open(hours: Sequence[OpeningHours], moment: datetime, time_zone: str) -> bool:
    """Whether a shop with these hours is open at that moment."""
    local = moment.astimezone(ZoneInfo(time_zone))
    clock = local.strftime("%H:%M")
    today, yesterday = local.isoweekday(), (local.isoweekday() - 2) % 7 + 1
    return any(_covers(span, today, yesterday, clock) for span in hours)


def _covers(span: OpeningHours, today: int, yesterday: int, clock: str) -> bool:
    past_midnight = span.closes <= span.opens
    if span.weekday == today and span.opens <= clock and (past_midnight or clock < span.closes):
        return True
    return past_midnight and span.weekday == yesterday and clock < span.closes
