"""What a field of an event can hold, and how it comes back out of JSON."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

_READ: Mapping[object, Callable[[str], object]] = {UUID: UUID, datetime: datetime.fromisoformat}
_PLAIN = (str, int, bool)


def types_of(event: type) -> Mapping[str, object]:
    """The types of an event's fields, also where its module has them as text."""
    return get_type_hints(event)


def can_be_held(kind: object) -> bool:
    """Whether it is a UUID, a datetime, a str, an int, a bool, a tuple of one of these, or one of these or None."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin in {Union, UnionType}:
        return len(parts) == 2 and NoneType in parts and all(part is NoneType or can_be_held(part) for part in parts)
    if origin is tuple:
        return len(parts) == 2 and parts[1] is ... and can_be_held(parts[0])
    return kind in _READ or kind in _PLAIN


def restored(kind: object, value: Any) -> Any:
    """A value as it was before it was written down; raises TypeError or ValueError for one of another type."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin in {Union, UnionType}:
        return None if value is None else restored(next(part for part in parts if part is not NoneType), value)
    if origin is tuple and isinstance(value, list):
        return tuple(restored(parts[0], one) for one in value)
    if kind in _READ and isinstance(value, str):
        return _READ[kind](value)
    if kind in _PLAIN and type(value) is kind:
        return value
    raise TypeError(f"{value!r} is no {kind}")
