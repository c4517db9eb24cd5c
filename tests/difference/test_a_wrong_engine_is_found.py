"""A comparison that finds nothing proves nothing: answers and engines that are wrong on purpose have to be found."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from random import Random
from typing import Any

import pytest

from schema.engine import leaves, operation, trees
from schema.engine.operation import Execution
from schema.resolving import load
from tests.difference.asking import Engines
from tests.difference.cases import BYTES, Case, Cases
from tests.difference.comparison import Answer, differences, left_open
from tests.difference.fakes import Fakes, of_all
from tests.difference.marks import CANCELLED

pytestmark = [*CANCELLED]

MOST = 4_000  #: cases within which a wrong engine has to be found
WRONG = (0.05, 0.1)  #: more often than elsewhere, since few cases have to be enough
Pair = tuple[Case, Answer, Answer]


def pairs(fakes: Fakes, most: int) -> Iterator[Pair]:
    """The same cases each time, answered by both executions."""
    cases, engines, chance = Cases(fakes, wrong=WRONG), Engines(fakes), Random(4)
    with asyncio.Runner() as runner:
        for _ in range(most):
            case = cases.case(chance.randbytes(BYTES))
            for request in case.requests:
                yield case, *runner.run(engines.both(request))


def differ(pair: Pair) -> bool:
    case, ours, theirs = pair
    return any(differences(ours, theirs, serial=case.serial))


@pytest.fixture(scope="module")
def fakes() -> Fakes:
    return of_all()


@pytest.fixture(scope="module")
def agreed(fakes: Fakes) -> Sequence[Pair]:
    return list(pairs(fakes, 100))


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object of some data."""
    if isinstance(value, dict):
        yield value
    for below in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects(below)


def change_leaf(answer: Answer) -> None:
    one, key = next((one, key) for one in objects(answer.data) for key in one if isinstance(one[key], str))
    one[key] += "."


def swallow_null(answer: Answer) -> None:
    one, key = next((one, key) for one in objects(answer.data) for key in one if one[key] is None)
    one[key] = {}


def drop_field(answer: Answer) -> None:
    next(one for one in objects(answer.data) if one).popitem()


def reorder_fields(answer: Answer) -> None:
    one = next(one for one in objects(answer.data) if len(one) > 1)
    first = next(iter(one))
    one[first] = one.pop(first)


def drop_item(answer: Answer) -> None:
    next(value for one in objects(answer.data) for value in one.values() if isinstance(value, list) and value).pop()


def lose_all(answer: Answer) -> None:
    next(objects(answer.data))
    answer.response["data"] = None


def tell_nothing(answer: Answer) -> None:
    del answer.response["errors"]


def tell_more(answer: Answer) -> None:
    key = next(iter(answer.data or ()))
    told = {"message": "?", "extensions": {"code": "INTERNAL"}, "path": [key]}
    answer.response["errors"] = [*answer.errors, told]


def tell_another_place(answer: Answer) -> None:
    answer.errors[0]["locations"][0]["line"] += 1


def tell_another_code(answer: Answer) -> None:
    answer.errors[0]["extensions"]["code"] = "OTHER"


def do_it_twice(answer: Answer) -> None:
    _ = answer.data.keys()
    answer.called.append(answer.called[0])


WRONGS: list[Callable[[Answer], None]] = [
    *(change_leaf, swallow_null, drop_field, reorder_fields, drop_item, lose_all),
    *(tell_nothing, tell_more, tell_another_place, tell_another_code, do_it_twice),
]


@pytest.mark.parametrize("wrong", WRONGS, ids=lambda wrong: wrong.__name__)
def test_a_wrong_answer_is_found_each_time(agreed: Sequence[Pair], wrong: Callable[[Answer], None]) -> None:
    bent = 0
    for case, ours, theirs in agreed:
        if left_open(ours, theirs):
            continue
        mutant = deepcopy(ours)
        try:
            wrong(mutant)
        except (StopIteration, LookupError, AttributeError):  # there is nothing of the kind in this answer
            continue
        bent += 1
        assert differ((case, mutant, theirs)), mutant
    assert bent >= 5


def test_answers_that_are_not_wrong_agree(agreed: Sequence[Pair]) -> None:
    assert not list(filter(differ, agreed))


def nulls_last(values: Sequence[Any], like: Sequence[Any]) -> list[Any]:
    return [*values, *[None] * (len(like) - len(values))]


async def loaded_backwards(relation: Any, parents: Any, *rest: Any) -> Any:
    return (await load(relation, parents, *rest))[::-1]


MUTANTS: dict[str, tuple[object, str, Any]] = {
    "nulls come last": (trees, "spread", nulls_last),
    "results of a level are mixed up": (operation, "load", loaded_backwards),
    "objects of other classes are shown": (trees, "kept_to", lambda *_: lambda _: None),
    "words may be anything": (leaves, "_as_they_are", lambda *_, **__: lambda values: values),
    "errors are leaves": (leaves, "odd", lambda _: False),
    "mutations are done before any is read": (Execution, "_serially", Execution._at_once),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_wrong_engine_is_found(fakes: Fakes, monkeypatch: pytest.MonkeyPatch, mutant: str) -> None:
    monkeypatch.setattr(*MUTANTS[mutant])
    assert any(map(differ, pairs(fakes, MOST)))
