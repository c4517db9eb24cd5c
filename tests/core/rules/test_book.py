"""The nearest value counts, from its moment on."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from core.rules import BRAND, Decision, Place, RuleBook, Schedule
from tests.core.rules.declared import TeaRules

KEY = "tea.minutes"
STORES = [UUID(int=number) for number in range(1, 7)]
REGIONS = [UUID(int=100 + number) for number in range(3)]
PLACES = [BRAND, *[Place(region_id=key) for key in REGIONS], *[Place(store_id=key) for key in STORES]]
START = datetime(2026, 5, 1, tzinfo=UTC)
PLATFORM = RuleBook({TeaRules: TeaRules(minutes=9)})

members = st.dictionaries(st.sampled_from(STORES), st.sampled_from(REGIONS))
decisions = st.lists(
    st.tuples(st.sampled_from(PLACES), st.one_of(st.none(), st.integers(1, 10)), st.integers(0, 5)), max_size=30
)


def at(moment: int) -> datetime:
    return START + timedelta(minutes=moment)


def plain(
    store: UUID | None, told: list[tuple[Place, int | None, int]], regions: Mapping[UUID, UUID], moment: int
) -> int:
    """What a person would say: the store's own page, then its region's, then the brand's; the latest entry counts."""
    region = regions.get(store) if store else None
    wanted = [Place(store_id=store)] if store else []
    wanted += [Place(region_id=region)] if region else []
    for place in [*wanted, BRAND]:
        page = [
            (since, number, value) for number, (p, value, since) in enumerate(told) if p == place and since <= moment
        ]
        if page and (latest := max(page, key=lambda entry: entry[:2])[2]) is not None:
            return latest
    return 9


@given(told=decisions, regions=members, moment=st.integers(0, 5))
def test_the_nearest_value_counts(
    told: list[tuple[Place, int | None, int]], regions: dict[UUID, UUID], moment: int
) -> None:
    schedule = Schedule(
        [Decision(n + 1, KEY, place, value, at(since)) for n, (place, value, since) in enumerate(told)],
        regions,
        len(told),
    )
    book = schedule.over(PLATFORM, at(moment))
    for store in [None, *STORES]:
        assert book(TeaRules, store).minutes == plain(store, told, regions, moment)
        assert book(TeaRules, store).sugar == 0.5


@given(told=decisions, moments=st.lists(st.integers(0, 6), min_size=1, max_size=8))
def test_a_schedule_asked_in_any_order_of_moments_says_what_a_new_one_says(
    told: list[tuple[Place, int | None, int]], moments: list[int]
) -> None:
    entries = [Decision(n + 1, KEY, place, value, at(since)) for n, (place, value, since) in enumerate(told)]
    kept = Schedule(entries, version=len(told))
    for moment in moments:
        new = Schedule(entries, version=len(told)).over(PLATFORM, at(moment))
        assert kept.over(PLATFORM, at(moment))(TeaRules).minutes == new(TeaRules).minutes


def schedule(*values: tuple[Any, datetime]) -> Schedule:
    return Schedule([Decision(n, KEY, BRAND, value, since) for n, (value, since) in enumerate(values, 1)], version=1)


def test_a_value_takes_effect_at_its_very_moment_and_not_before() -> None:
    found = schedule((3, at(0)), (5, at(10)))
    just_before = at(10) - timedelta(microseconds=1)
    assert found.over(PLATFORM, just_before)(TeaRules).minutes == 3
    assert found.next_after(just_before) == at(10)
    assert found.over(PLATFORM, at(10))(TeaRules).minutes == 5
    assert found.next_after(at(10)).year == 9999


def test_a_book_is_made_once_until_the_next_moment() -> None:
    found = schedule((3, at(0)), (5, at(10)))
    assert found.over(PLATFORM, at(1)) is found.over(PLATFORM, at(9))
    assert found.over(PLATFORM, at(9)) is not found.over(PLATFORM, at(10))


def test_the_rules_of_two_stores_without_own_values_are_one_object() -> None:
    book = schedule((3, at(0))).over(PLATFORM, at(1))
    assert book(TeaRules, STORES[0]) is book(TeaRules, STORES[1]) is book(TeaRules)


def test_who_has_decided_nothing_is_given_the_platforms_book_itself() -> None:
    assert Schedule().over(PLATFORM, START) is PLATFORM


@pytest.mark.parametrize("value", [99, "four", [], 4.5])
def test_a_stored_value_that_newer_bounds_exclude_counts_as_none_and_is_logged(value: object) -> None:
    with capture_logs() as logged:
        assert schedule((value, at(0))).over(PLATFORM, at(1))(TeaRules).minutes == 9
    assert [line["key"] for line in logged] == [KEY]
