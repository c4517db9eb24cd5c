"""Global ids, nodes and connections."""

import base64
import binascii
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

import strawberry

from core.work import Work

Loader = Callable[[Work, Sequence[UUID]], Awaitable[Sequence[Any]]]

NOTHING = UUID(int=0)  #: the key that nothing has
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_TYPE_OF_ROW: dict[type, str] = {}
_LOADERS: dict[str, Loader] = {}


def global_id(type_name: str, key: UUID) -> str:
    """The opaque id of a thing: its type and key, no tenant."""
    raw = type_name.encode() + b":" + key.bytes
    return binascii.b2a_base64(raw, newline=False).translate(_URL_SAFE).rstrip(b"=").decode()  # a page has a hundred


def key_of(type_name: str, value: str | None) -> UUID | None:
    """The key in a global id of that type; None for anything else."""
    found = parse(value or "")
    return found[1] if found and found[0] == type_name else None


def key_or_nothing(type_name: str, value: str) -> UUID:
    """The same, with the key of nothing in place of none: a malformed id is answered as one that nobody has."""
    return key_of(type_name, value) or NOTHING


def filter_key(type_name: str, value: str | None) -> UUID | None:
    """The key of a filter that may be left out."""
    return None if value is None else key_or_nothing(type_name, value)


def place_key(value: str | None) -> UUID | None:
    """The key of a place that holds stock, None for none: a store's id is its location's."""
    return None if value is None else key_of("Store", value) or key_or_nothing("Location", value)


def parse(value: str) -> tuple[str, UUID] | None:
    """Type and key of a global id, None where it is not one of ours."""
    try:
        raw = base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
        type_name, separator, key = raw.partition(b":")
        return (type_name.decode("ascii"), UUID(bytes=key)) if separator else None
    except (binascii.Error, ValueError):
        return None


def loader_of(type_name: str) -> Loader | None:
    """How nodes of that type are loaded by key."""
    return _LOADERS.get(type_name)


def id_of(row: Any) -> strawberry.ID:
    """The global id of a row."""
    return strawberry.ID(global_id(_TYPE_OF_ROW[type(row)], row.id))


@strawberry.interface(description="Anything that can be read again by its id.")
class Node:
    """Its `id` is declared in schema/node.py, as a field of every row that is a node."""


def identify(row: type, type_name: str, loader: Loader | None) -> None:
    """Remember which type a row is shown as, and how it is loaded when it is a node."""
    _TYPE_OF_ROW[row] = type_name
    if loader is not None:
        _LOADERS[type_name] = loader
