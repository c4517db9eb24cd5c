"""Values that consist of nothing else: of scalars, and of the columns that rows have besides what the schema shows."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from types import NoneType
from typing import Any, get_args
from uuid import UUID

from core.access import EVERYWHERE, Scope
from core.extensions import Settings
from core.ids import first_id
from core.rules import Schedule

Make = Callable[[Random], Any]

NULLS = 0.12  #: how often there is nothing where there may be nothing
WORDS = ("milk", "鲜牛奶 1L", "", 'say "no"\n', "PICKUP")
BEGINNING = datetime(2026, 5, 1, tzinfo=UTC)


def _word(chance: Random) -> str:
    return chance.choice(WORDS)


def _number(chance: Random) -> int:
    return chance.choice((0, 1, -1, 2**31 - 1, -(2**31), chance.randrange(10_000)))


def _real(chance: Random) -> float:
    return chance.choice((0.0, 4.5, -12.25, chance.random()))


def _moment(chance: Random) -> datetime:
    return BEGINNING + timedelta(seconds=chance.randrange(10**8))


def _key(chance: Random) -> UUID:
    return UUID(int=first_id(_moment(chance)).int | chance.getrandbits(80))


SCALARS: dict[str, Make] = {
    "Boolean": lambda chance: chance.random() < 0.5,
    "DateTime": _moment,
    "Decimal": lambda chance: Decimal(_number(chance)).scaleb(-2),
    "Float": _real,
    "H3Cell": lambda chance: chance.getrandbits(60),
    "ID": lambda chance: f"{chance.getrandbits(32):x}",
    "Int": _number,
    "JSON": lambda chance: chance.choice(({}, {"a": [1, None, {"b": "c"}]}, [], "x", 0)),
    "String": _word,
}
COLUMNS: dict[Any, Make] = {
    Scope: lambda chance: chance.choice((EVERYWHERE, Scope(store_id=_key(chance)), Scope(region_id=_key(chance)))),
    Schedule: lambda _: Schedule(),
    UUID: _key,
    bool: SCALARS["Boolean"],
    bytes: lambda chance: chance.randbytes(4),
    datetime: _moment,
    float: _real,
    int: _number,
    str: _word,
    type[Settings]: lambda _: {},  # what they are set to, by kind
}
TEXTS: dict[str, Make] = {
    "hours": lambda chance: chance.choice(("[]", '[[1, "08:00", "22:00"], [7, "10:00", "24:00"]]')),
    "stored": lambda chance: chance.choice(("600", '"member"', "[1, null]")),
    "options_json": lambda chance: chance.choice(("[]", '[["size", "1 l"], ["colour", "white"]]')),
}


def column(name: str, hint: Any, chance: Random) -> Any:
    """A value for a column of a row."""
    if name in TEXTS:
        return TEXTS[name](chance)
    kinds = [kind for kind in get_args(hint) if kind is not NoneType] or [hint]
    return None if kinds != [hint] and chance.random() < NULLS else COLUMNS[kinds[0]](chance)
