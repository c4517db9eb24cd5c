"""The spans of time that a shop's hours are cut into, for whoever orders something for later."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.stores.hours import OpeningHours

_DAY = timedelta(days=1)


def slots_from(
    hours: Sequence[OpeningHours], time_zone: str, length: timedelta, moment: datetime, days: int
) -> Iterator[datetime]:
    """When the slots begin that lie after a moment and within so many days, in their order."""
    zone, last = ZoneInfo(time_zone), moment + days * _DAY
    first = moment.astimezone(zone).date() - _DAY  # what opened yesterday may go on past midnight
    for ahead in range(days + 2):
        found = sorted(set(_starts(hours, first + ahead * _DAY, length, zone)))
        yield from (start for start in found if moment < start <= last)


def begins_slot(hours: Sequence[OpeningHours], time_zone: str, length: timedelta, start: datetime) -> bool:
    """Whether one begins exactly then."""
    zone = ZoneInfo(time_zone)
    day = start.astimezone(zone).date()
    return any(start in _starts(hours, one, length, zone) for one in (day - _DAY, day))


def _starts(hours: Sequence[OpeningHours], day: date, length: timedelta, zone: ZoneInfo) -> list[datetime]:
    """Of the hours that begin on a day; a rest that is shorter than a slot is none."""
    starts = []
    for span in (one for one in hours if one.weekday == day.isoweekday()):
        start, end = _moment(day, span.opens), _moment(day, span.closes)
        end += _DAY if end <= start else timedelta()
        while start + length <= end:
            starts.append(start.replace(tzinfo=zone))
            start += length
    return starts


def _moment(day: date, clock: str) -> datetime:
    """A moment of the wall clock there; 24:00 is the next midnight."""
    hour, minute = int(clock[:2]), int(clock[3:])
    return datetime.combine(day, time()) + timedelta(hours=hour, minutes=minute)
