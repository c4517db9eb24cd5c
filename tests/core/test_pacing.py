"""A crowd comes in a few at a time, and whoever is under way is heard in between."""

import asyncio
from functools import partial

import pytest

from core.pacing import Doorway

pytestmark = pytest.mark.anyio
CROWD = 20


async def _rounds(heard: list[str]) -> None:
    """What is heard in each round of the loop, as somebody who is under way."""
    while len(heard) < CROWD * 3:
        heard.append("|")
        await asyncio.sleep(0)


async def _come_in(door: Doorway, name: str, heard: list[str]) -> None:
    await door.enter()
    heard.append(name)


def _together(heard: list[str]) -> list[list[str]]:
    """Who was let in between two rounds."""
    return [group.split() for group in " ".join(heard).split("|") if group.split()]


async def test_a_few_come_in_with_each_round_in_the_order_in_which_they_came() -> None:
    door, heard = Doorway(3), list[str]()
    names = [f"n{number}" for number in range(CROWD)]
    await asyncio.gather(_rounds(heard), *(_come_in(door, name, heard) for name in names))
    groups = _together(heard)
    assert [name for group in groups for name in group] == names
    assert max(map(len, groups)) == 3


async def test_without_a_door_all_of_them_come_in_one_round() -> None:
    """Which the test above would see."""
    heard = list[str]()
    everybody = Doorway(CROWD)
    await asyncio.gather(_rounds(heard), *(_come_in(everybody, f"n{n}", heard) for n in range(CROWD)))
    assert [len(group) for group in _together(heard)] == [CROWD]


async def test_who_goes_away_again_keeps_nobody_waiting() -> None:
    door, heard = Doorway(1), list[str]()
    crowd = [asyncio.create_task(_come_in(door, f"n{number}", heard)) for number in range(4)]
    await asyncio.sleep(0)
    crowd[1].cancel()
    await asyncio.wait(crowd)
    assert heard == ["n0", "n2", "n3"]


async def test_calls_wait_at_the_same_door() -> None:
    door, heard = Doorway(1), list[str]()
    for name in ("first", "second", "third"):
        door.let(partial(heard.append, name))
    assert heard == ["first"]
    await _come_in(door, "last", heard)
    assert heard == ["first", "second", "third", "last"]
