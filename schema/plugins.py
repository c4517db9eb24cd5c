"""The plugins of a brand: which there are, which are on, and what they are set to."""

from collections.abc import Sequence
from datetime import datetime

import strawberry

import tenants
from core.errors import Forbidden
from core.extensions import Condition, Mishap
from schema.context import Info
from schema.fields import field, mutation, query, row_type
from schema.payloads import Payload
from schema.scalars import Json
from tenants import plugins as switches
from tenants.listing import Standing, standings
from tenants.permissions import MANAGE_PLUGINS, READ_PLUGINS


@row_type(Mishap)
class PluginMishap:
    """A fault of a plugin."""

    hook: str = field("What it was asked.")
    kind: str = field("The kind of the exception; its words stand in the server's log alone.")
    at: datetime = field("When.")


@row_type(Condition)
class PluginHealth:
    """How a plugin does at the brand, as the process that answers has seen it."""

    open: bool = field("Whether it is left alone for half a minute, after several faults within one.")
    faults: int = field("How often it has failed since the process began.")
    latest: PluginMishap | None = field("The latest fault.")


@row_type(Standing)
class Plugin:
    """A plugin that is installed, as it stands at the brand."""

    name: str = field("By which it is switched on, and with which everything of it begins.")
    version: str = field("Its own.")
    summary: str = field("What it is for.")
    requires: list[str] = field("Plugins that must be on as well.")
    enabled: bool = field("Whether it is on here.")
    off_because: str | None = field("Why it is off although it was switched on.")
    settings_schema: Json = field("What can be set, as JSON Schema; what is secret is writeOnly.")
    settings: Json = field('What is set, and the defaults of what is not; of a secret, {"set": true} or false.')
    changed_at: datetime | None = field("When it was last switched or set.")
    permissions: list[str] = field("The permissions that come with it.")
    rules: list[str] = field("The keys of the rules that come with it.")
    events: list[str] = field("The events that it hears.")
    health: PluginHealth = field("How it does.")


@strawberry.type(description="The plugin, or why nothing was changed.")
class PluginPayload(Payload):
    plugin: Plugin | None = field("The plugin as it stands now.")


@strawberry.input(description="A plugin that is to be on.")
class PluginEnableInput:
    name: str = field("Which.")
    settings: Json | None = strawberry.field(
        description="An object that replaces what was set before, but for secrets that are not in it: those stay, and "
        "null unsets one. Absent: all of it stays.",
        default=None,
    )


@strawberry.input(description="A plugin that is to be off.")
class PluginDisableInput:
    name: str = field("Which.")


@query(list[Plugin], access=READ_PLUGINS, cost=20)
async def plugins(info: Info) -> Sequence[Standing]:
    """Every plugin that is installed, and how it stands at the brand."""
    if info.viewer.stores(READ_PLUGINS.name) is not None:  # it is the whole brand's affair
        raise Forbidden(permission=READ_PLUGINS.name)
    return await standings(info.platform, info.work)


@mutation(PluginPayload, access=MANAGE_PLUGINS, spans_works=True)
async def plugin_enable(info: Info, input: PluginEnableInput) -> Standing:
    """Switch a plugin on, or set one that is on to something else."""
    brand = await switches.enable(info.platform, info.tenant, info.viewer, input.name, input.settings)
    return await _standing(info, brand, input.name)


@mutation(PluginPayload, access=MANAGE_PLUGINS, spans_works=True)
async def plugin_disable(info: Info, input: PluginDisableInput) -> Standing:
    """Switch a plugin off; what it was set to stays, and so do its data."""
    brand = await switches.disable(info.platform, info.tenant, info.viewer, input.name)
    return await _standing(info, brand, input.name)


async def _standing(info: Info, brand: tenants.Tenant, name: str) -> Standing:
    async with info.platform.open_work(brand, info.viewer, read_only=True) as work:
        return next(one for one in await standings(info.platform, work) if one.name == name)
