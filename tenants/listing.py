"""The plugins of this process, each as it stands at a brand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from core.extensions import Condition, Settings
from core.rules.declared import rules_of
from core.work import Work
from tenants.choices import Choices, Chosen, choices
from tenants.configuring import shown
from tenants.installed import Installed, installed, registered
from tenants.platform import Platform

CHANGED = "SELECT name, enabled, settings::text, changed_at FROM tenant_plugin WHERE tenant_id = $1"


@dataclass(frozen=True, slots=True)
class Standing:
    """A plugin as it stands at a brand."""

    name: str
    version: str
    summary: str
    requires: Sequence[str]
    enabled: bool
    off_because: str | None  #: although it was switched on
    settings_schema: Mapping[str, Any]
    settings: Mapping[str, Any]
    changed_at: datetime | None
    permissions: Sequence[str]
    rules: Sequence[str]
    events: Sequence[str]  #: that it hears
    health: Condition


async def standings(platform: Platform, work: Work) -> list[Standing]:
    """Every installed plugin, as it stands at the brand of this Work; one statement."""
    records = await work.fetch(CHANGED)
    moments = {record["name"]: record["changed_at"] for record in records}
    rows = {record["name"]: Chosen(record["name"], record["enabled"], record["settings"]) for record in records}
    known = installed(platform.plugins)
    judged = choices(known, work.vault, rows.values())
    return [
        _standing(platform, work, plugin, rows.get(name), judged, moments.get(name)) for name, plugin in known.items()
    ]


def _standing(
    platform: Platform, work: Work, plugin: Installed, row: Chosen | None, judged: Choices, changed_at: datetime | None
) -> Standing:
    name = plugin.about.name
    subscriptions = registered(platform.plugins, "register_subscribers", name)
    return Standing(
        name=name,
        version=plugin.about.version,
        summary=plugin.about.summary,
        requires=plugin.about.requires,
        enabled=name in judged.plugins,
        off_because=judged.off.get(name),
        settings_schema=plugin.settings.model_json_schema(),
        settings=_values(plugin.settings, orjson.loads(row.settings) if row is not None else {}),
        changed_at=changed_at,
        permissions=[one.name for one in registered(platform.plugins, "register_permissions", name)],
        rules=[
            rule.key
            for kind in registered(platform.plugins, "register_rules", name)
            for rule in rules_of(kind).values()
        ],
        events=sorted({one.event.name for one in subscriptions}),
        health=platform.breakers.condition(work.tenant_id, name),
    )


def _values(kind: type[Settings], stored: Mapping[str, Any]) -> dict[str, Any]:
    """What is set, and the defaults of what is not."""
    defaults = {
        name: made.get_default(call_default_factory=True)
        for name, made in kind.model_fields.items()
        if not made.is_required()
    }
    plain = kind.model_construct(**defaults).model_dump(mode="json", include=set(defaults))
    return plain | shown(kind, stored)
