"""Scalars of the contract."""

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

H3Cell = NewType("H3Cell", int)
Json = NewType("Json", object)
_FIRST_YEAR, _LAST_YEAR = 1970, 2999


def _cell(value: str) -> int:
    try:
        return int(value, 16)
    except ValueError:
        raise GraphQLError("An H3 cell is a hexadecimal number, such as 8a4118d6a2affff.") from None


def _decimal(value: object) -> Decimal:
    try:
        parsed = Decimal(value if isinstance(value, str) else str(value))
    except InvalidOperation:
        parsed = Decimal("NaN")
    if not parsed.is_finite():
        raise GraphQLError('A decimal is a string such as "39.90".')
    return parsed


def _moment(value: str) -> datetime:
    try:
        parsed = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise GraphQLError("A moment is ISO 8601 with an offset, such as 2026-05-01T10:00:00+08:00.") from None
    if parsed.tzinfo is None:
        raise GraphQLError("A moment needs an offset, such as +08:00.")
    if not _FIRST_YEAR <= parsed.year <= _LAST_YEAR:  # near its ends the calendar has no room for offsets and spans
        raise GraphQLError(f"A moment lies in the years {_FIRST_YEAR} to {_LAST_YEAR}.")
    return parsed.astimezone(UTC)


SCALARS: dict[Any, ScalarDefinition] = {
    H3Cell: strawberry.scalar(
        name="H3Cell",
        description="A cell of the H3 grid, hexadecimal.",
        serialize=lambda v: f"{v:x}",
        parse_value=_cell,
    ),
    Decimal: strawberry.scalar(
        name="Decimal", description='A decimal number as a string, "39.90".', serialize=str, parse_value=_decimal
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description="A moment: ISO 8601 with offset.",
        serialize=lambda v: v.isoformat(),
        parse_value=_moment,
    ),
    Json: strawberry.scalar(name="JSON", description="Any JSON value.", serialize=lambda v: v, parse_value=lambda v: v),
}
