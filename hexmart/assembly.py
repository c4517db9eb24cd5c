"""Putting one process together: plugins found and checked, engines opened, a Platform made."""

from collections.abc import Mapping

from core.callbacks import CallbackRules
from core.database import create_engine
from core.identity import DemoRules, IdentityRules
from core.identity.openid import NetworkRules
from core.orders import OrderRules
from core.rules import Rules
from hexmart.answers import Answers, SharedAnswers
from hexmart.databases import Databases
from hexmart.plugins import plugin_manager
from hexmart.settings import Settings
from hexmart.throttle import SharedWindows
from tenants import Platform
from tenants.throttle import Throttle

#: A demo sends no messages and asks for less; whoever tries it out has no phone to receive a code on.
DEMO_RULES: Mapping[type[Rules], Rules] = {
    DemoRules: DemoRules(fixed_code="000000", fixed_password="hexmart-demo"),  # noqa: S106 - of a demo
    IdentityRules: IdentityRules(resend_seconds=0),
    OrderRules: OrderRules(guest_contact_required=False),
}
DEMO_PLUGINS = frozenset({"coupons", "group_buy", "sandbox"})


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
        checkout=settings.checkout,
        scan=settings.scan,
    )


def _rules(settings: Settings) -> Mapping[type[Rules], Rules]:
    """What the platform decides for every brand."""
    said: Mapping[type[Rules], Rules] = {
        NetworkRules: NetworkRules(loopback_providers=settings.loopback_providers),
        CallbackRules: CallbackRules(public_url=settings.told_url()),
    }
    return {**DEMO_RULES, **said} if settings.demo else said


def keep_answers(platform: Platform, settings: Settings, *, release: str = "") -> Answers:
    """Where this process keeps answers, and shares them, if it was told a Redis, with those of the same release."""
    budget, url = settings.answer_cache_bytes, settings.redis_url
    shared = SharedAnswers(url, settings.secret_bytes(), release=release) if budget and url else None
    return Answers(budget, platform.changes, shared)
