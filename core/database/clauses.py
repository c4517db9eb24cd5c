"""Conditions that a search may or may not have, each with its value bound."""

from typing import Any


class Clauses:
    """Collects conditions; $1 is the tenant, so the first value bound is $2."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._conditions: list[str] = []

    def bind(self, value: Any, kind: str) -> str:
        """A placeholder for a value of that SQL type."""
        self.values.append(value)
        return f"${len(self.values) + 1}::{kind}"

    def add(self, condition: str) -> None:
        """Ask for one more condition."""
        self._conditions.append(condition)

    def __str__(self) -> str:
        return " AND ".join(self._conditions)
