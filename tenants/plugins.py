"""Switching plugins on and off for a brand, with what it sets for them."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import orjson

from core import access, audit, turns
from core.actors import Actor
from core.errors import Forbidden, NotFound
from core.work import Work
from tenants.choices import Chosen, choices
from tenants.configuring import configure, shown
from tenants.errors import PluginRequired, PluginRequires
from tenants.installed import Installed, installed, registered
from tenants.permissions import MANAGE_PLUGINS
from tenants.platform import ANNOUNCE, Platform
from tenants.registry import CHANNEL, PLUGINS, Tenant

PATH = ("input", "name")

CHOOSE = """
INSERT INTO tenant_plugin (tenant_id, name, enabled, settings, version, changed_at)
VALUES ($1, $2, true, $3::text::jsonb, $4, app_now())
ON CONFLICT (tenant_id, name) DO UPDATE SET enabled = true, settings = excluded.settings, version = excluded.version,
    changed_at = excluded.changed_at
"""
LEAVE = "UPDATE tenant_plugin SET enabled = false, changed_at = app_now() WHERE tenant_id = $1 AND name = $2"
Rows = Mapping[str, Chosen]


async def enable(platform: Platform, tenant: Tenant, actor: Actor, name: str, settings: object = None) -> Tenant:
    """Switch a plugin on, or set it to something else; every process goes by it at once."""
    plugin = _named(platform, actor, name)
    async with platform.open_work(tenant, actor) as work:
        before = await _in_turn(work, tenant)
        _require_needs(platform, work, plugin, before)
        had = orjson.loads(before[name].settings) if name in before else {}
        stored = orjson.dumps(configure(work.vault, name, plugin.settings, had, settings)).decode()
        await work.execute(CHOOSE, name, stored, plugin.about.version)
        given = await _begin(platform, work, name) if name not in before else {}
        await _record(work, "plugin.enabled", plugin, before.get(name), Chosen(name, True, stored), given)
    await platform.tell_changed(tenant.slug)
    return await platform.registry.by_slug(tenant.slug)


async def disable(platform: Platform, tenant: Tenant, actor: Actor, name: str) -> Tenant:
    """Switch a plugin off; what it was set to stays, and so do its data."""
    plugin = _named(platform, actor, name)
    async with platform.open_work(tenant, actor) as work:
        before = await _in_turn(work, tenant)
        others = [one for one, row in before.items() if row.enabled and name in _needs(platform, one)]
        if others:
            raise PluginRequired(plugin=name, others=", ".join(sorted(others)), path=PATH)
        if name in before and before[name].enabled:
            await work.execute(LEAVE, name)
            await _record(work, "plugin.disabled", plugin, before[name], Chosen(name, False, before[name].settings))
    await platform.tell_changed(tenant.slug)
    return await platform.registry.by_slug(tenant.slug)


async def _begin(platform: Platform, work: Work, name: str) -> Mapping[str, Sequence[str]]:
    """Let the brand's roles do what the plugin brings for them, once: what a brand takes away again stays away."""
    return await access.begin_with(work, registered(platform.plugins, "register_permissions", name))


async def chosen(work: Work) -> Rows:
    """What the brand has chosen, by plugin."""
    return {row.name: row for row in await work.rows(Chosen, PLUGINS)}


async def _in_turn(work: Work, tenant: Tenant) -> Rows:
    """What the brand has chosen, which nobody else changes before this transaction ends; it tells every process."""
    await turns.take(work, "plugins")
    await work.value(ANNOUNCE, CHANNEL, tenant.slug)
    return await chosen(work)


def _named(platform: Platform, actor: Actor, name: str) -> Installed:
    if actor.stores(MANAGE_PLUGINS.name) is not None:  # it is the whole brand's affair
        raise Forbidden(permission=MANAGE_PLUGINS.name)
    plugin = installed(platform.plugins).get(name)
    if plugin is None:
        raise NotFound(what="plugin", path=PATH)
    return plugin


def _needs(platform: Platform, name: str) -> tuple[str, ...]:
    plugin = installed(platform.plugins).get(name)
    return plugin.about.requires if plugin is not None else ()


def _require_needs(platform: Platform, work: Work, plugin: Installed, rows: Rows) -> None:
    on = choices(installed(platform.plugins), work.vault, rows.values()).plugins
    missing = [need for need in plugin.about.requires if need not in on]
    if missing:
        raise PluginRequires(plugin=plugin.about.name, needs=", ".join(missing), path=PATH)


async def _record(
    work: Work,
    action: str,
    plugin: Installed,
    before: Chosen | None,
    after: Chosen,
    given: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> None:
    """Write it down, without a secret; that one was changed is told by its name."""
    had = orjson.loads(before.settings) if before is not None else {}
    has = orjson.loads(after.settings)
    changed = sorted(name for name in {*had, *has} if had.get(name) != has.get(name))
    facts = {"plugin": after.name, "enabled": after.enabled, "settings": shown(plugin.settings, has)}
    was = {"plugin": after.name, "enabled": before is not None and before.enabled}
    was |= {"settings": shown(plugin.settings, had)}
    await audit.record(
        work,
        action,
        "Plugin",
        None,
        before=was,
        after=facts | {"changed": changed} | ({"given": given} if given else {}),
    )
