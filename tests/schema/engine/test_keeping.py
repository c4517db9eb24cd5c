"""What is in use stays known, however many strangers come by."""

from schema.engine.keeping import Kept


def test_ten_thousand_strangers_leave_what_is_in_use_and_take_no_more_room() -> None:
    kept: Kept[str, int] = Kept(1_000)
    for number in range(50):
        kept.put(f"known{number}", number, 10)
        assert kept.get(f"known{number}") == number
    for number in range(10_000):
        kept.put(f"stranger{number}", number, 10)
        assert kept.weight <= 1_000
    assert [kept.get(f"known{number}") for number in range(50)] == list(range(50))


def test_without_probation_they_would_be_washed_out() -> None:
    kept: Kept[str, int] = Kept(1_000, protected=0)
    kept.put("known", 1, 10)
    for number in range(10_000):
        kept.put(f"stranger{number}", number, 10)
    assert kept.get("known") is None


def test_what_was_used_longest_ago_goes_first_and_has_a_second_chance() -> None:
    kept: Kept[str, int] = Kept(100, protected=0.5)
    for name in "abcde":
        kept.put(name, 1, 10)
        kept.get(name)
    kept.put("f", 1, 10)
    kept.get("f")  # the sixth of five that are protected: "a" is on probation again
    assert kept.get("a") == 1
    for number in range(5):
        kept.put(f"stranger{number}", 1, 10)
    assert (kept.get("b"), kept.get("a")) == (None, 1)


def test_the_newest_stays_whatever_it_weighs() -> None:
    kept: Kept[str, int] = Kept(100)
    kept.put("small", 1, 10)
    kept.put("large", 2, 1_000)
    assert (kept.get("large"), kept.get("small")) == (2, None)
    assert len(kept) == 1
