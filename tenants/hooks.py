"""What the registry asks of plugins. Described in docs/hooks.md."""

from core.extensions import Settings
from core.hooks import hookspec


@hookspec
def register_settings() -> type[Settings]:
    """Return the model of what a brand sets for this plugin."""
