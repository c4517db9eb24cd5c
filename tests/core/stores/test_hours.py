"""When a shop is open."""

from datetime import datetime

import pytest

from core.stores import OpeningHours, is_open

SHANGHAI = "Asia/Shanghai"
MONDAY, TUESDAY, FRIDAY, SATURDAY, SUNDAY = "05-04", "05-05", "05-08", "05-09", "05-10"
WORKDAY = [(1, "08:00", "22:00")]
WITH_A_BREAK = [(1, "08:00", "12:00"), (1, "14:00", "20:00")]
WHOLE_DAY = [(1, "00:00", "24:00")]
NIGHT = [(5, "20:00", "02:00"), (7, "22:00", "01:00")]
ROUND_THE_CLOCK = [(1, "08:00", "08:00")]


def opened(spans: list[tuple[int, str, str]], day: str, time: str, time_zone: str = SHANGHAI) -> bool:
    moment = datetime.fromisoformat(f"2026-{day}T{time}:00+08:00")
    return is_open([OpeningHours(*span) for span in spans], moment, time_zone)


@pytest.mark.parametrize(
    ("spans", "day", "time", "expected"),
    [
        (WORKDAY, MONDAY, "07:59", False),
        (WORKDAY, MONDAY, "08:00", True),
        (WORKDAY, MONDAY, "21:59", True),
        (WORKDAY, MONDAY, "22:00", False),
        (WORKDAY, TUESDAY, "12:00", False),
        (WITH_A_BREAK, MONDAY, "11:59", True),
        (WITH_A_BREAK, MONDAY, "12:00", False),
        (WITH_A_BREAK, MONDAY, "13:59", False),
        (WITH_A_BREAK, MONDAY, "14:00", True),
        (WHOLE_DAY, SUNDAY, "23:59", False),
        (WHOLE_DAY, MONDAY, "00:00", True),
        (WHOLE_DAY, MONDAY, "23:59", True),
        (WHOLE_DAY, TUESDAY, "00:00", False),
        ([], MONDAY, "12:00", False),
    ],
)
def test_a_shop_is_open_from_its_first_minute_up_to_its_last(
    spans: list[tuple[int, str, str]], day: str, time: str, expected: bool
) -> None:
    assert opened(spans, day, time) is expected


@pytest.mark.parametrize(
    ("day", "time", "expected"),
    [
        (FRIDAY, "01:59", False),  # that night began on Thursday
        (FRIDAY, "19:59", False),
        (FRIDAY, "20:00", True),
        (FRIDAY, "23:59", True),
        (SATURDAY, "00:00", True),
        (SATURDAY, "01:59", True),
        (SATURDAY, "02:00", False),
        (SATURDAY, "20:00", False),
        (SUNDAY, "22:00", True),
        ("05-11", "00:59", True),  # the Monday after it
        ("05-11", "01:00", False),
        (MONDAY, "00:59", True),
    ],
)
def test_a_span_that_closes_before_it_opens_ends_the_next_morning(day: str, time: str, expected: bool) -> None:
    assert opened(NIGHT, day, time) is expected


@pytest.mark.parametrize(
    ("day", "time", "expected"),
    [(MONDAY, "07:59", False), (MONDAY, "08:00", True), (TUESDAY, "07:59", True), (TUESDAY, "08:00", False)],
)
def test_a_span_that_closes_when_it_opens_lasts_a_day(day: str, time: str, expected: bool) -> None:
    assert opened(ROUND_THE_CLOCK, day, time) is expected


@pytest.mark.parametrize(
    ("time_zone", "expected"), [(SHANGHAI, True), ("UTC", False), ("Europe/Berlin", False), ("Asia/Tokyo", True)]
)
def test_hours_are_those_of_the_brands_time_zone(time_zone: str, expected: bool) -> None:
    assert opened(WORKDAY, MONDAY, "13:59", time_zone) is expected
