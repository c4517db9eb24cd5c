"""The plugins of one process: found, put in order, checked, and put together with core."""

from hexmart.plugins.checking import check
from hexmart.plugins.discovery import Installed, discover
from hexmart.plugins.errors import NameRefused, PluginsBroken
from hexmart.plugins.managing import contributions, manager_of, plugin_manager, surface
from hexmart.plugins.ordering import in_order

__all__ = [
    "Installed",
    "NameRefused",
    "PluginsBroken",
    "check",
    "contributions",
    "discover",
    "in_order",
    "manager_of",
    "plugin_manager",
    "surface",
]
