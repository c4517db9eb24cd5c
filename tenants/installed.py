"""The plugins of this process, as far as a brand is concerned."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pluggy

from core.extensions import Plugin, Settings


@dataclass(frozen=True, slots=True)
class Installed:
    """A plugin that a brand can switch on."""

    about: Plugin
    settings: type[Settings]  #: those of a plugin that asks for none have no fields


class NoSettings(Settings):
    """Of a plugin that asks for none."""


def installed(plugins: pluggy.PluginManager) -> Mapping[str, Installed]:
    """Every plugin by name, in the order in which they are asked; core's domains are none."""
    models: dict[str, Any] = {one.plugin_name: one.function() for one in plugins.hook.register_settings.get_hookimpls()}
    modules: list[tuple[str, Any]] = plugins.list_name_plugin()
    return {
        name: Installed(module.PLUGIN, models.get(name, NoSettings))
        for name, module in modules
        if module is not None and not name.startswith("core.")
    }


def registered(plugins: pluggy.PluginManager, hook: str, name: str) -> list[Any]:
    """What one plugin returns to a hook that registers something."""
    return [
        thing
        for one in getattr(plugins.hook, hook).get_hookimpls()
        if one.plugin_name == name
        for thing in one.function()
    ]
