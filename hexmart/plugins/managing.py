"""Core's domains and the plugins in one manager, and in one schema."""

from collections.abc import Iterable, Mapping, Sequence
from types import ModuleType
from typing import Any

import pluggy

from core import hooks
from core.extensions import Plugin
from core.hooks import PROJECT
from hexmart.plugins.checking import check, check_hooks, check_surface
from hexmart.plugins.discovery import Installed, discover
from hexmart.plugins.domains import CORE
from hexmart.plugins.errors import PluginsBroken
from hexmart.plugins.ordering import in_order
from schema import hooks as surface_hooks
from schema.compose import ComposedSchema, compose
from schema.contributions import Contribution
from schema.modules import MODULES
from tenants import hooks as registry_hooks

SPECIFICATIONS = (hooks, surface_hooks, registry_hooks)


def plugin_manager() -> pluggy.PluginManager:
    """Core's domains and every installed plugin, checked: a broken one stops the start."""
    return manager_of(discover())


def manager_of(found: Iterable[Installed], domains: Mapping[str, ModuleType] = CORE) -> pluggy.PluginManager:
    """The same of these plugins."""
    manager = pluggy.PluginManager(PROJECT)
    for specifications in SPECIFICATIONS:
        manager.add_hookspecs(specifications)
    for name, domain in domains.items():
        manager.register(domain, name)
    ordered = in_order(found)
    _stop_at(check_hooks(manager, ordered))
    for one in ordered:
        manager.register(one.module, one.name)
    manager.check_pending()
    _stop_at(check(manager, ordered))
    return manager


def contributions(manager: pluggy.PluginManager) -> list[Contribution]:
    """What each plugin brings into the schema."""
    answers = manager.hook.register_graphql.get_hookimpls()
    return [Contribution(declared(manager, one.plugin_name), _modules(one)) for one in answers]


def _modules(answer: pluggy.HookImpl) -> Sequence[ModuleType]:
    modules: Any = answer.function()
    return list(modules)


def declared(manager: pluggy.PluginManager, name: str) -> Plugin:
    """What a registered plugin says of itself."""
    found: Any = manager.get_plugin(name)
    plugin: Plugin = found.PLUGIN
    return plugin


def surface(manager: pluggy.PluginManager) -> ComposedSchema:
    """The schema of core and the plugins; one that breaks its rules stops the start."""
    brought = contributions(manager)
    try:
        schema = compose(MODULES, brought)
    except (TypeError, ValueError) as error:
        raise PluginsBroken([f"the schema cannot be put together: {error}"]) from error
    _stop_at(check_surface(schema, brought))
    return schema


def _stop_at(faults: Sequence[str]) -> None:
    if faults:
        raise PluginsBroken(faults)
