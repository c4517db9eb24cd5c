"""Plugins made up by a test, switched on at the test's brand alone."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from core.actors import system
from core.extensions import Plugin
from tenants import Platform, Tenant
from tenants.plugins import enable


@asynccontextmanager
async def with_plugins(platform: Platform, tenant: Tenant, plugins: Mapping[str, Any]) -> AsyncIterator[Tenant]:
    """Have modules or objects with `@hookimpl` functions answer at one brand, by these names."""
    install(platform, plugins)
    try:
        for name in plugins:
            tenant = await enable(platform, tenant, system("test"), name)
        yield tenant
    finally:
        for name in plugins:
            platform.plugins.unregister(name=name)
        platform.hooks.cache_clear()
        await platform.tell_changed(tenant.slug)


def install(platform: Platform, plugins: Mapping[str, Any]) -> None:
    """Have modules or objects answer wherever they are switched on, for as long as the platform lives."""
    for name, plugin in plugins.items():
        if not hasattr(plugin, "PLUGIN"):
            plugin.PLUGIN = Plugin(name=name, version="1.0", plugin_api=">=1.0", summary="For a test.")
        platform.plugins.register(plugin, name)
    platform.plugins.check_pending()
    platform.hooks.cache_clear()
