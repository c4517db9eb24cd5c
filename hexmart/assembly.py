"""Putting one process together: plugins found and checked, engines opened, a Platform made."""

from collections.abc import Mapping
from importlib.metadata import entry_points

import pluggy

from core import hooks
from core.access import plugin as access
from core.apps import plugin as apps
from core.audit import plugin as audit
from core.carts import plugin as carts
from core.database import create_engine
from core.fulfilment import plugin as fulfilment
from core.hooks import PROJECT
from core.idempotency import plugin as idempotency
from core.identity import DemoRules, IdentityRules
from core.identity import plugin as identity
from core.identity.openid import NetworkRules
from core.inventory import plugin as inventory
from core.members import plugin as members
from core.notices import plugin as notices
from core.orders import OrderRules
from core.orders import plugin as orders
from core.payments import plugin as payments
from core.pricing import plugin as pricing
from core.rules import Rules, catalogue
from core.stores import plugin as stores
from hexmart.answers import Answers, SharedAnswers
from hexmart.databases import Databases
from hexmart.settings import Settings
from hexmart.throttle import SharedWindows
from tenants import Platform
from tenants import plugin as registry
from tenants.throttle import Throttle

CORE = {
    "core.access": access,
    "core.audit": audit,
    "core.apps": apps,
    "core.idempotency": idempotency,
    "core.identity": identity,
    "core.inventory": inventory,
    "core.members": members,
    "core.notices": notices,
    "core.stores": stores,
    "core.pricing": pricing,
    "core.carts": carts,
    "core.orders": orders,
    "core.fulfilment": fulfilment,
    "core.payments": payments,
    "core.tenants": registry,
}
GROUP = "hexmart.plugins"

#: A demo sends no messages and asks for less; whoever tries it out has no phone to receive a code on.
DEMO_RULES: Mapping[type[Rules], Rules] = {
    DemoRules: DemoRules(fixed_code="000000", fixed_password="hexmart-demo"),  # noqa: S106 - of a demo
    IdentityRules: IdentityRules(resend_seconds=0),
    OrderRules: OrderRules(guest_contact_required=False),
}
DEMO_PLUGINS = frozenset({"sandbox"})


def plugin_manager() -> pluggy.PluginManager:
    """Core's domains and every installed plugin, checked: a broken one stops the start."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hooks)
    for name, plugin in CORE.items():
        manager.register(plugin, name)
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        manager.register(entry.load(), entry.name)
    manager.check_pending()
    catalogue(kind for group in manager.hook.register_rules() for kind in group)
    return manager


def assemble(databases: Databases, settings: Settings) -> Platform:
    """The Platform of this process."""
    shared = SharedWindows(settings.redis_url, settings.secret_bytes()) if settings.redis_url else None
    return Platform(
        app=create_engine(databases.app, pool_size=settings.pool_size),
        platform=create_engine(databases.platform, pool_size=2, application_name="hexmart-platform"),
        plugins=plugin_manager(),
        secret=settings.secret_bytes(),
        rules=_rules(settings),
        first_plugins=DEMO_PLUGINS if settings.demo else frozenset(),
        throttle=Throttle(settings.caller_limits, shared),
    )


def _rules(settings: Settings) -> Mapping[type[Rules], Rules]:
    """What the platform decides for every brand."""
    network: Mapping[type[Rules], Rules] = {NetworkRules: NetworkRules(loopback_providers=settings.loopback_providers)}
    return {**DEMO_RULES, **network} if settings.demo else network


def keep_answers(platform: Platform, settings: Settings, *, release: str = "") -> Answers:
    """Where this process keeps answers, and shares them, if it was told a Redis, with those of the same release."""
    budget, url = settings.answer_cache_bytes, settings.redis_url
    shared = SharedAnswers(url, settings.secret_bytes(), release=release) if budget and url else None
    return Answers(budget, platform.changes, shared)
