"""Every argument that takes an id answers alike to whatever names nothing there: null or NOT_FOUND, never a fault."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import pytest

from schema.relay import parse
from tests.faults.crowd import SCALE
from tests.security.attack.answers import Answer, alike, say, unknown
from tests.security.attack.brands import Theatre
from tests.security.attack.cases import Case, Path, Slot
from tests.security.attack.faulty import faulty_ids
from tests.security.attack.scenes import BROWSING
from tests.security.attack.selections import reached
from tests.security.attack.sides import Side
from tests.security.attack.siege import ask
from tests.security.attack.tables import NODES, PARTS, scene_of
from tests.security.attack.things import things_for

pytestmark = pytest.mark.anyio

LOCATIONS = {"Store", "Location"}  #: a store's stock lies at the location of the same key, so either names it
MOST = 4  #: other types of which an id is tried
SHARE = 4 if SCALE == 1 else 1  #: one in so many is tried of each argument, of each another one
Place = tuple[Case, str, Slot]  #: an argument that takes an id, and who gives it


async def test_ids_that_name_nothing_are_answered_alike(theatre: Theatre, calls: Sequence[Case]) -> None:
    asked, found = 0, dict[str, str]()
    places = {_name(place): place async for place in _places(theatre.siege.ours, calls)}
    for number, (name, place) in enumerate(places.items()):
        nobodys, others = await _answers(theatre, place, number)
        asked += len(others) + 1
        assert not [answer.response for answer in (nobodys, *others.values()) if answer.faulty], name
        if wrong := _wrong(place, nobodys, others):
            found[name] = wrong
    print(f"arguments={len(places)} asked={asked} different={len(found)}")  # noqa: T201 - the figure is wanted
    assert not found, "\n".join(found.values())


def _name(place: Place) -> str:
    """What an argument is called: where it stands in a document does not matter further down."""
    case, _, slot = place
    return str(slot) if slot in case.below else f"{case.name if case.root == 'node' else case.root} {slot}"


def _wrong(place: Place, nobodys: Answer, others: Mapping[str, Answer]) -> str:
    """What is wrong about the answers, if something is."""
    name = _name(place)
    if place[0].kind == "mutation" and nobodys.succeeded:
        return f"{name}: an unknown id is as good as one's own"
    different = [value for value, answer in others.items() if not alike(answer, nobodys)]
    if not different:
        return ""
    shown = others[different[0]].response, "and not", nobodys.response
    return say([f"{name}:", len(different), "ids such as", repr(different[0])[:60], "are answered", *shown])


async def _places(side: Side, calls: Sequence[Case]) -> AsyncIterator[Place]:
    """Every argument that takes an id, as somebody who gets as far as to have it looked at."""
    seen: set[str] = set()
    for case in calls:
        for slot in [*case.slots, *await _below(side, case)]:
            place = case, "member" if case.access == "member" else "owner", slot
            if slot.is_id and _name(place) not in seen:
                seen.add(_name(place))
                yield place


async def _below(side: Side, case: Case) -> Sequence[Slot]:
    """The arguments further down, if they are reached."""
    if case.kind == "mutation":
        return []
    edges = {"_".join(edge) for edge in reached((await _ask(side, case, "owner", {})).response.get("data"))}
    return [slot for slot in case.below if slot.path[0].rpartition("_")[0] in edges]


async def _answers(theatre: Theatre, place: Place, number: int) -> tuple[Answer, dict[str, Answer]]:
    """What is answered to an id that nobody has, and to each that names nothing there; of an argument by its number."""
    (case, caller, slot), ours = place, theatre.siege.ours
    own, foreign = [(await things_for(side, case, caller, [slot]))[slot.path] for side in (ours, theatre.siege.theirs)]
    shown = await ours.things(BROWSING, caller)
    types = PARTS if case.root.startswith("node") else {**NODES, **PARTS}
    others = [shown[of.kind] for name, of in types.items() if name != _type(own) and {name, _type(own)} != LOCATIONS]
    nobodys = await _ask(ours, case, caller, {slot.path: unknown(own)})
    values = [*list(faulty_ids(own, others[:MOST]))[number % SHARE :: SHARE], foreign]
    return nobodys, {value: await _ask(ours, case, caller, {slot.path: value}) for value in values}


async def _ask(side: Side, case: Case, caller: str, things: dict[Path, Any]) -> Answer:
    own = await things_for(side, case, caller, (*case.slots, *case.below))
    answer = await ask(side, case, caller, own | things)
    if answer.succeeded and case.kind == "mutation":
        side.use_up(scene_of(case.name, case.root), caller)
    return answer


def _type(value: str) -> str:
    found = parse(value)
    assert found is not None, f"{value} is no id"
    return found[0]
