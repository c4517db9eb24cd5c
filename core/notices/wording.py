"""Words with places for values: filled in by name, once, and never executed."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from core.money import Money

_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
Value: TypeAlias = str | int | Money | datetime


class Words(NamedTuple):
    """What a notice says."""

    title: str
    body: str


def variables(text: str) -> set[str]:
    """What a text speaks of."""
    return set(_PLACE.findall(text))


def unknown(text: str, known: Collection[str]) -> list[str]:
    """What it speaks of that there is not."""
    return sorted(variables(text) - set(known))


def stray(text: str) -> list[str]:
    """Braces that begin or end no variable: somebody meant something else by them."""
    return re.findall(r"[{}]", _PLACE.sub("", text))


def filled(words: Words, values: Mapping[str, str]) -> Words:
    """The words with their values; what a value says is not looked at again."""
    return Words(*(_PLACE.sub(lambda place: values.get(place[1], ""), text) for text in words))


def shown(values: Mapping[str, Value], time_zone: str) -> dict[str, str]:
    """Values as people read them, where the brand is."""
    return {name: _shown(value, time_zone) for name, value in values.items()}


def _shown(value: Value, time_zone: str) -> str:
    match value:
        case Money():
            return f"{value.amount} {value.currency}"
        case datetime():
            return value.astimezone(ZoneInfo(time_zone)).strftime("%Y-%m-%d %H:%M")
    return str(value)
