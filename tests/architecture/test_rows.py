"""A field without a resolver is an attribute of the row that is shown: nothing in between, nothing to forget."""

import dataclasses
from collections.abc import Iterator
from typing import Any

import strawberry

from schema.compose import ComposedSchema
from schema.fields import field, row_type
from schema.pages import Connection, Edge, Page
from tests.architecture.surface import declaration, declared, types


def attributes(row: type) -> set[str]:
    """What an object of the class has: columns, slots and properties, inherited ones too."""
    fields = {one.name for one in dataclasses.fields(row)} if dataclasses.is_dataclass(row) else set()
    slots = {slot for kind in row.__mro__ for slot in getattr(kind, "__slots__", ())}
    properties = {name for kind in row.__mro__ for name, made in vars(kind).items() if isinstance(made, property)}
    return fields | slots | properties


def missing(surface: strawberry.Schema) -> Iterator[str]:
    """Fields that would be looked for on a row that has no such thing."""
    for kind in types(surface):  # type: ignore[arg-type]
        row = row_of(declaration(kind).origin)
        if row is None:
            continue
        plain = (declared(made) for made in kind.fields.values())
        yield from (
            f"{kind.name}.{one.name}" for one in plain if not one.base_resolver and one.name not in attributes(row)
        )


def row_of(origin: type) -> Any:
    """The class of the rows that a type shows, if it shows rows."""
    if origin.__name__.endswith("Edge"):
        return Edge
    return getattr(origin, "row", Connection if issubclass(origin, Page) else None)


def test_every_field_without_a_resolver_is_an_attribute_of_its_row(surface: ComposedSchema) -> None:
    assert not list(missing(surface))


def test_a_field_that_no_row_has_would_be_found() -> None:
    @dataclasses.dataclass(frozen=True, slots=True)
    class CupRow:
        size: int

        @property
        def large(self) -> bool:
            return self.size > 300

    @row_type(CupRow)
    class Cup:
        """A cup."""

        size: int = field("How much it holds.")
        large: bool = field("Whether that is much.")
        colour: str = field("Nobody knows.")

    @strawberry.type
    class Query:
        cup: Cup = field("A cup.")

    assert list(missing(strawberry.Schema(Query))) == ["Cup.colour"]
