"""Identifiers: in the order of their making, and not to be guessed."""

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import RFC_4122, UUID

import pytest

from core import clock
from core.ids import first_id, made_at, new_digits, new_id, new_reference, new_secret

RANDOM_BITS = (0xFFF << 64) | ((1 << 62) - 1)  # what RFC 9562 leaves to chance in version 7


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that stands."""
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)


@pytest.fixture
def moved_clock() -> Iterator[None]:
    """Put the clock back afterwards."""
    yield
    clock.move_to_offset(0)


def test_an_id_is_a_uuid_of_version_7() -> None:
    assert {(new_id().version, new_id().variant) for _ in range(100)} == {(7, RFC_4122)}


@pytest.mark.usefixtures("moved_clock")
def test_ids_sort_by_the_millisecond_of_their_making() -> None:
    made: list[UUID] = []
    for second in range(50):
        clock.move_to_offset(second)
        made.append(new_id())
    assert made == sorted(made)
    assert [str(key) for key in made] == sorted(map(str, made))


@pytest.mark.usefixtures("still")
def test_an_id_begins_with_the_time() -> None:
    assert new_id().int >> 80 == int(clock.now().timestamp() * 1000)


@pytest.mark.usefixtures("still")
def test_an_id_says_when_it_was_made() -> None:
    assert timedelta() <= clock.now() - made_at(new_id()) < timedelta(milliseconds=1)


@pytest.mark.usefixtures("moved_clock")
def test_the_first_id_of_a_moment_stands_between_those_before_it_and_those_after() -> None:
    for second in range(0, 50, 2):
        clock.move_to_offset(second)
        before = new_id()
        clock.move_to_offset(second + 1)
        border = first_id(clock.now())
        assert before < border <= new_id()


@pytest.mark.usefixtures("still")
def test_each_of_74_bits_of_an_id_is_random() -> None:
    first, changing = new_id().int, 0
    for _ in range(200):
        changing |= first ^ new_id().int
    assert changing == RANDOM_BITS
    assert RANDOM_BITS.bit_count() == 74


def test_codes_and_secrets_have_their_alphabet_and_length() -> None:
    assert re.fullmatch(r"[0-9]{6}", new_digits(6))
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{8}", new_reference(8))
    assert re.fullmatch(r"[\w-]{43}", new_secret())
    assert len({new_secret() for _ in range(100)}) == 100
