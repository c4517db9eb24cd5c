"""When a plugin is left alone, and how it comes back."""

import pytest

from core.extensions import Breakers, breaker
from core.extensions.breaker import FAULTS, REST, WINDOW


class Watch:
    """Seconds that a test lets pass."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    made = Watch()
    monkeypatch.setattr(breaker, "monotonic", made)
    return made


def fail(breakers: Breakers, times: int) -> None:
    for _ in range(times):
        breakers.failed(1, "sample", "claim", KeyError())


def test_it_opens_at_the_fifth_fault_within_a_minute(watch: Watch) -> None:
    breakers = Breakers()
    fail(breakers, FAULTS - 1)
    assert breakers.admits(1, "sample")
    watch.seconds = WINDOW
    fail(breakers, 1)
    assert not breakers.admits(1, "sample")


def test_faults_that_are_long_ago_do_not_count(watch: Watch) -> None:
    breakers = Breakers()
    fail(breakers, FAULTS - 1)
    watch.seconds = WINDOW + 1
    fail(breakers, 1)
    assert breakers.admits(1, "sample")


def test_after_its_rest_one_call_tries_and_the_others_wait(watch: Watch) -> None:
    breakers = Breakers()
    fail(breakers, FAULTS)
    watch.seconds = REST
    assert [breakers.admits(1, "sample") for _ in range(3)] == [True, False, False]
    breakers.succeeded(1, "sample")
    assert breakers.admits(1, "sample")
    assert not breakers.condition(1, "sample").open


def test_a_try_that_fails_is_another_rest(watch: Watch) -> None:
    breakers = Breakers()
    fail(breakers, FAULTS)
    watch.seconds = REST
    assert breakers.admits(1, "sample")
    fail(breakers, 1)
    watch.seconds = 2 * REST - 1
    assert not breakers.admits(1, "sample")
    assert breakers.condition(1, "sample").faults == FAULTS + 1


def test_one_brand_knows_nothing_of_another() -> None:
    breakers = Breakers()
    fail(breakers, FAULTS)
    assert breakers.admits(2, "sample")
    assert breakers.admits(1, "other")
    assert breakers.condition(2, "sample").faults == 0
