"""What a plugin is to core: what it says of itself, how it is asked, and what becomes of one that fails."""

from core.extensions.asking import Asked, Nonsense, Strategy, ask, consult
from core.extensions.breaker import Breakers, Condition, Mishap
from core.extensions.errors import PluginDisabled, PluginFailed
from core.extensions.ownership import ForeignWrite, acting_plugin, check_writes, own, plugin_of, refuse_plugins
from core.extensions.plugin import PLUGIN_API, Plugin
from core.extensions.settings import Settings, secrets_of
from core.extensions.watching import Stuck, Watched

__all__ = [
    "PLUGIN_API",
    "Asked",
    "Breakers",
    "Condition",
    "ForeignWrite",
    "Mishap",
    "Nonsense",
    "Plugin",
    "PluginDisabled",
    "PluginFailed",
    "Settings",
    "Strategy",
    "Stuck",
    "Watched",
    "acting_plugin",
    "ask",
    "check_writes",
    "consult",
    "own",
    "plugin_of",
    "refuse_plugins",
    "secrets_of",
]
