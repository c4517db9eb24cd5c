"""What the surface asks of plugins. Described in docs/hooks.md."""

from collections.abc import Sequence
from types import ModuleType

from core.hooks import hookspec


@hookspec
def register_graphql() -> Sequence[ModuleType]:
    """Return the modules in which types, fields, queries and mutations are declared."""
