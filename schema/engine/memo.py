"""Results by the values of variables: a shop's clients send the same few all day."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from types import NoneType
from typing import Any, Generic, TypeVar

Result = TypeVar("Result")

_ABSENT = object()
_PLAIN = {str, int, float, bool, NoneType, object}  #: object is the type of what is absent
_MOST = 32
_LONGEST = 100  #: characters; nobody sends the same long text twice


class Memo(Generic[Result]):
    """The latest results for values that are plain: no lists, no objects, no long texts."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._known: dict[Hashable, Result] = {}

    def find(self, values: Mapping[str, Any], make: Callable[[], Result]) -> Result:
        """What was made for the same values, or else is made now."""
        named = tuple([values.get(name, _ABSENT) for name in self._names])
        kinds = tuple(map(type, named))
        if not _PLAIN.issuperset(kinds):
            return make()
        key = named, kinds  # 1, 1.0 and True are one key otherwise
        found = self._known.get(key)
        return self._learn(key, make()) if found is None else found

    def _learn(self, key: tuple[tuple[Any, ...], Hashable], result: Result) -> Result:
        if all(not isinstance(value, str) or len(value) <= _LONGEST for value in key[0]):
            if len(self._known) >= _MOST:
                del self._known[next(iter(self._known))]
            self._known[key] = result
        return result
