"""Plugins made up by a test, switched on at the test's brand alone."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import lru_cache

import pluggy

from core.actors import system
from core.hookset import HookSet
from hexmart.plugins import plugin_manager
from tenants import Platform, Tenant

SWITCH_ON = "INSERT INTO tenant_plugin (tenant_id, name) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING"
SWITCH_OFF = "DELETE FROM tenant_plugin WHERE tenant_id = $1 AND name = any($2::text[])"
Hooks = Callable[[frozenset[str]], HookSet]


@asynccontextmanager
async def with_plugins(platform: Platform, tenant: Tenant, plugins: Mapping[str, object]) -> AsyncIterator[Tenant]:
    """Have objects with `@hookimpl` methods answer at one brand, under these names; gives the brand as it is then."""
    known: Hooks = platform.hooks
    platform.hooks = _hooks_with(platform, plugins)  # type: ignore[assignment]  # the same
    try:
        yield await _switch(platform, tenant, SWITCH_ON, plugins)
    finally:
        platform.hooks = known  # type: ignore[assignment]  # the same
        await _switch(platform, tenant, SWITCH_OFF, plugins)


def _hooks_with(platform: Platform, plugins: Mapping[str, object]) -> Hooks:
    """The brands' own hooks, but for whoever has these plugins switched on."""
    known, manager, names = platform.hooks, _manager(plugins), frozenset(plugins)
    made = lru_cache(maxsize=16)(lambda enabled: HookSet(manager, enabled, platform.breakers))
    return lambda enabled: made(enabled) if names <= enabled else known(enabled)


def _manager(plugins: Mapping[str, object]) -> pluggy.PluginManager:
    manager = plugin_manager()
    for name, plugin in plugins.items():
        manager.register(plugin, name)
    manager.check_pending()
    return manager


async def _switch(platform: Platform, tenant: Tenant, sql: str, plugins: Mapping[str, object]) -> Tenant:
    async with platform.open_work(tenant, system("test")) as work:
        await work.execute(sql, list(plugins))
    await platform.tell_changed(tenant.slug)
    return await platform.registry.by_slug(tenant.slug)
