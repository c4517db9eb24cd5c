"""A shop's hours are cut into slots, day by day, by its own wall clock."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.stores import OpeningHours, begins_slot, next_opening, slots_from

ZONE = "Asia/Shanghai"
HALF_AN_HOUR = timedelta(minutes=30)
SATURDAY_NIGHT = [OpeningHours(6, "22:00", "01:00")]
MORNING_AND_EVENING = [OpeningHours(1, "09:00", "10:15"), OpeningHours(1, "18:00", "19:00")]


def at(text: str, zone: str = ZONE) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def starts(hours: list[OpeningHours], moment: str, days: int = 7, zone: str = ZONE) -> list[str]:
    found = slots_from(hours, zone, HALF_AN_HOUR, at(moment, zone), days)
    return [start.strftime("%a %H:%M") for start in found]


def test_a_rest_that_is_shorter_than_a_slot_is_none() -> None:
    assert starts(MORNING_AND_EVENING, "2026-11-30T08:00", 1) == ["Mon 09:00", "Mon 09:30", "Mon 18:00", "Mon 18:30"]


def test_what_has_begun_is_over_and_the_week_comes_round_again() -> None:
    assert starts(MORNING_AND_EVENING, "2026-11-30T18:00") == ["Mon 18:30", "Mon 09:00", "Mon 09:30", "Mon 18:00"]


def test_hours_that_go_past_midnight_go_on_the_next_day() -> None:
    assert starts(SATURDAY_NIGHT, "2026-12-05T23:00", 1)[-3:] == ["Sat 23:30", "Sun 00:00", "Sun 00:30"]
    assert starts(SATURDAY_NIGHT, "2026-12-06T00:10", 1)[0] == "Sun 00:30"


def test_a_shop_that_never_closes_has_slots_all_day_long() -> None:
    always = [OpeningHours(day, "00:00", "24:00") for day in range(1, 8)]
    assert len(starts(always, "2026-11-30T23:59", 1)) == 48


def test_a_shop_without_hours_has_none() -> None:
    assert starts([], "2026-11-30T08:00") == []
    assert next_opening([], at("2026-11-30T08:00"), ZONE) is None


def test_slots_go_by_the_wall_clock_where_it_is_put_forward() -> None:
    sunday = [OpeningHours(7, "08:00", "09:00")]
    [first, _] = slots_from(sunday, "Europe/Berlin", HALF_AN_HOUR, at("2026-03-28T12:00", "Europe/Berlin"), 1)
    assert (f"{first:%H:%M}", first.utcoffset()) == ("08:00", timedelta(hours=2))


@pytest.mark.parametrize(
    ("start", "begins"),
    [("2026-11-30T09:00", True), ("2026-11-30T09:10", False), ("2026-11-30T10:00", False), ("2026-12-01T09:00", False)],
)
def test_only_the_beginning_of_a_slot_begins_one(start: str, begins: bool) -> None:
    assert begins_slot(MORNING_AND_EVENING, ZONE, HALF_AN_HOUR, at(start)) is begins


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-30T09:05", "2026-11-30T09:05"),
        ("2026-11-30T12:00", "2026-11-30T18:00"),
        ("2026-11-30T20:00", "2026-12-07T09:00"),
    ],
)
def test_a_shop_opens_next_when_its_hours_say(moment: str, opens: str) -> None:
    assert next_opening(MORNING_AND_EVENING, at(moment), ZONE) == at(opens)
