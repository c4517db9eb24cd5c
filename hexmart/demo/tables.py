"""The curated tables that lie beside the modules."""

import tomllib
from importlib.resources import files
from typing import TypeVar

from pydantic import TypeAdapter

Table = TypeVar("Table")


def read(kind: type[Table], file: str) -> Table:
    """The whole file as the given type: a row of the wrong shape fails here, and not somewhere in a shop."""
    text = files("hexmart.demo").joinpath(file).read_text(encoding="utf-8")
    return TypeAdapter(kind).validate_python(tomllib.loads(text))
