"""Whether two answers say the same, as far as GraphQL says what they have to say."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

Path = tuple[str | int, ...]
Told = Mapping[Path | None, Sequence[bytes]]  #: errors by their paths


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a request."""

    response: dict[str, Any]
    called: list[str]  #: root fields with their arguments, in order
    raised: Exception | None = None  #: by the engine itself, which should put every error into the response

    @property
    def data(self) -> Any:
        return self.response["data"]

    @property
    def errors(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.response.get("errors", [])
        return found


def differences(ours: Answer, theirs: Answer, *, serial: bool) -> Iterator[str]:
    """What is not the same. The order of fields counts, that of errors does not."""
    if ours.raised or theirs.raised:
        yield "raised"
    if _encoded(ours.data) != _encoded(theirs.data):
        yield "data"
    if not _same_calls(ours, theirs, serial=serial):
        yield "calls"
    mine, other = _by_null(ours), _by_null(theirs)
    for place in sorted(mine.keys() | other.keys(), key=repr):
        if not _agree(place, mine.get(place, {}), other.get(place, {})):
            yield f"errors at {place}"


def left_open(ours: Answer, theirs: Answer) -> bool:
    """Whether they tell different errors, where GraphQL does not say which."""
    return sorted(map(_error, ours.errors)) != sorted(map(_error, theirs.errors))


def _agree(place: Path | None, ours: Told, theirs: Told) -> bool:
    """Whether errors that left one null are the same.

    Where several non-null fields fail below one nullable field, the first to fail leaves the null, and what fails
    after it is not told: GraphQL leaves open which is the first. Some error has to be told then, and one that both tell
    has to be the same.
    """
    if not ours or not theirs or ours.get(place) != theirs.get(place):
        return False
    return all(ours[path] == theirs[path] for path in ours.keys() & theirs.keys())


def _same_calls(ours: Answer, theirs: Answer, *, serial: bool) -> bool:
    """Mutations are done in the same order, and none after a failure; how far a query came before it failed is open."""
    if serial:
        return list(ours.called) == list(theirs.called)
    return ours.data is None or Counter(ours.called) == Counter(theirs.called)


def _by_null(answer: Answer) -> dict[Path | None, Told]:
    """The errors of an answer, by the nulls that they have left in its data."""
    found: dict[Path | None, dict[Path | None, list[bytes]]] = defaultdict(lambda: defaultdict(list))
    for error in sorted(answer.errors, key=_error):
        path = tuple(error["path"]) if "path" in error else None
        found[_null_above(answer.data, path)][path].append(_error(error))
    return {place: dict(told) for place, told in found.items()}


def _null_above(data: Any, path: Path | None) -> Path | None:
    for depth, step in enumerate(path or ()):
        if data is None:
            return (path or ())[:depth]
        data = data[step]
    return path


def _error(error: dict[str, Any]) -> bytes:
    """An error without what differs between any two requests."""
    extensions = {name: value for name, value in error["extensions"].items() if name != "requestId"}
    return _encoded(error | {"extensions": extensions})


def _encoded(value: object) -> bytes:
    """JSON; what has none, as a scalar of any JSON may give it, by its representation."""
    return orjson.dumps(value, default=repr)
