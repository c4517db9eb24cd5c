"""The rules in force for one tenant."""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel, ConfigDict


class Rules(BaseModel):
    """A domain's rules: each field a rule with its default, bounds and sentence."""

    model_config = ConfigDict(frozen=True)


Declared = TypeVar("Declared", bound=Rules)


class RuleBook:
    """An immutable snapshot of a tenant's rules; what the tenant has not decided stands at its default."""

    def __init__(self, decided: Mapping[type[Rules], Rules] | None = None) -> None:
        self._rules = dict(decided or {})

    def __call__(self, kind: type[Declared]) -> Declared:
        """The rules of one kind: `work.rules(OrderRules).lock_minutes`."""
        found = self._rules.get(kind)
        if found is None:
            found = self._rules[kind] = kind()
        return found  # type: ignore[return-value]  # keyed by its own type
