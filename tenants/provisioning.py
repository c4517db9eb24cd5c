"""Making a brand, and suspending one: in one transaction, as `platform`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from zoneinfo import available_timezones

from core import access, audit, clock, contacts, identity
from core.access.roles import RoleSeed
from core.actors import Actor, ActorKind, system
from core.database import Transaction, begin
from core.errors import Invalid, NotFound
from core.identity import DemoRules
from core.work import Work
from tenants.doorbell import notify
from tenants.errors import TenantUnknown
from tenants.models import TenantPlugin
from tenants.plans import PLANS, STANDARD
from tenants.platform import Platform
from tenants.registry import CHANNEL, PLATFORM_SLUG, Tenant

INSERT = """
INSERT INTO tenant (slug, name, currency, time_zone, locale, plan, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (slug) DO NOTHING RETURNING id
"""
SUSPEND = """
UPDATE tenant SET status = 'SUSPENDED', suspended_because = $2 WHERE slug = $1 AND status = 'ACTIVE'
"""
SET_PLAN = "UPDATE tenant SET plan = $2 WHERE slug = $1 RETURNING id"
_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_RESERVED = frozenset({PLATFORM_SLUG, "www", "api", "admin"})
_HEXMART = system("operator")


_time_zones = cache(available_timezones)  # which reads hundreds of files


@dataclass(frozen=True, slots=True)
class NewTenant:
    slug: str
    name: str
    owner_email: str
    currency: str = "CNY"
    time_zone: str = "Asia/Shanghai"
    locale: str = "zh-CN"
    plan: str = STANDARD

    def check(self) -> None:
        """Refuse what could not be served."""
        if not _SLUG.fullmatch(self.slug) or not 3 <= len(self.slug) <= 40 or self.slug in _RESERVED:
            raise _invalid("slug", "A slug has 3 to 40 of a-z, 0-9 and -, begins with a letter and is not reserved.")
        if not self.name.strip() or len(self.name) > 100:
            raise _invalid("name", "A name has 1 to 100 characters.")
        if not re.fullmatch(r"[A-Z]{3}", self.currency):
            raise _invalid("currency", "A currency is three capital letters (ISO 4217).")
        if self.time_zone not in _time_zones():
            raise _invalid("timeZone", "There is no such time zone; one is Asia/Shanghai.")
        if not _LOCALE.fullmatch(self.locale):
            raise _invalid("locale", "A locale is a language tag such as zh-CN.")
        contacts.email_address(self.owner_email, path=("input", "ownerEmail"))
        _require_plan(self.plan)


async def create(platform: Platform, wanted: NewTenant, actor: Actor) -> Tenant:
    """Make a brand with its first roles and its owner, who is invited to choose a password."""
    wanted.check()
    first = await identity.first_password(platform.rules(DemoRules))
    async with begin(
        platform.platform, tenant_id=0, clock_offset=clock.offset_seconds(), read_only=False
    ) as transaction:
        await _log(platform, transaction, actor, "brand.created", {"slug": wanted.slug, "plan": wanted.plan})
        tenant = await register(transaction, wanted, platform.first_plugins)
        work = platform.work(transaction, tenant, actor)
        await furnish(work, tenant.plugins, list(access.ROLES.values()))
        await _add_owner(work, wanted.owner_email, first)
        await work.commit()
    await notify(platform.platform, CHANNEL, tenant.slug)
    return await platform.registry.by_slug(tenant.slug)


async def suspend(platform: Platform, slug: str, reason: str, *, by: Actor = _HEXMART) -> Tenant:
    """Stop serving a brand; nothing of it is lost."""
    if not reason.strip():
        raise _invalid("reason", "Say why, for the brand's owner.")
    if slug == PLATFORM_SLUG:
        raise _invalid("slug", "The platform itself cannot be suspended.")
    async with begin(platform.platform, tenant_id=0, clock_offset=0, read_only=False) as transaction:
        await transaction.driver.execute(SUSPEND, slug, reason)
        known = await transaction.driver.fetchval("SELECT 1 FROM tenant WHERE slug = $1", slug)
        if known is not None:
            await _log(platform, transaction, by, "brand.suspended", {"slug": slug})
        await transaction.commit()
    if known is None:
        raise NotFound(what="brand", path=("input", "slug"))
    await platform.tell_changed(slug)
    return await platform.registry.by_slug(slug)


async def set_plan(platform: Platform, slug: str, plan: str, *, by: Actor = _HEXMART) -> Tenant:
    """Put a brand on another plan; what it has beyond the new one it keeps, and gets no more."""
    _require_plan(plan)
    if slug == PLATFORM_SLUG:
        raise _invalid("slug", "The platform itself has no plan to choose.")
    async with begin(platform.platform, tenant_id=0, clock_offset=0, read_only=False) as transaction:
        known = await transaction.driver.fetchval(SET_PLAN, slug, plan)
        if known is not None:
            await _log(platform, transaction, by, "brand.plan_set", {"slug": slug, "plan": plan})
        await transaction.commit()
    if known is None:
        raise NotFound(what="brand", path=("input", "slug"))
    await platform.tell_changed(slug)
    return await platform.registry.by_slug(slug)


async def add_operator(platform: Platform, email: str, password: str, *, plan: str = "enterprise") -> bool:
    """Let somebody operate the platform, whose own tenant is made for the first; False when they do already."""
    try:
        tenant = await platform.registry.by_slug(PLATFORM_SLUG)
    except TenantUnknown:
        tenant = await _make_own_tenant(platform, NewTenant(PLATFORM_SLUG, "Hexmart", email, plan=plan))
    kept = await identity.hashed(password)
    async with platform.open_work(tenant, system("operator")) as work:
        if await identity.by_email(work, email) is not None:
            return False
        person = await identity.add_staff(work, email=email, name=email, password_hash=kept)
        await access.assign(work, person, access.OPERATOR.name)
    return True


async def _make_own_tenant(platform: Platform, wanted: NewTenant) -> Tenant:
    """The reserved tenant: it has one role and sells nothing."""
    async with begin(
        platform.platform, tenant_id=0, clock_offset=clock.offset_seconds(), read_only=False
    ) as transaction:
        tenant = await register(transaction, wanted, frozenset())
        work = platform.work(transaction, tenant, system("operator"))
        await furnish(work, frozenset(), [access.OPERATOR])
        await work.commit()
    return tenant


async def _log(
    platform: Platform, transaction: Transaction, actor: Actor, action: str, facts: Mapping[str, object]
) -> None:
    """Write down what the operator does, at the operator's own tenant, to which the transaction is bound by this."""
    if actor.kind == ActorKind.STAFF:
        own = await platform.registry.by_slug(PLATFORM_SLUG)
        await transaction.driver.execute(f"SET LOCAL app.tenant_id = '{own.id:d}'")
        await audit.record(platform.work(transaction, own, actor), action, "Brand", None, after=facts)


async def register(transaction: Transaction, wanted: NewTenant, plugins: frozenset[str]) -> Tenant:
    """Enter a brand into the registry and bind the transaction to it."""
    parts = (wanted.slug, wanted.name.strip(), wanted.currency, wanted.time_zone, wanted.locale)
    tenant_id = await transaction.driver.fetchval(INSERT, *parts, wanted.plan, clock.now())
    if tenant_id is None:
        raise _invalid("slug", f"The slug {wanted.slug} is taken.")
    await transaction.driver.execute(f"SET LOCAL app.tenant_id = '{tenant_id:d}'")
    return Tenant(tenant_id, *parts, status="ACTIVE", plan=wanted.plan, plugins=plugins)


async def furnish(work: Work, plugins: frozenset[str], roles: Sequence[RoleSeed]) -> None:
    """Give a new brand its plugins and roles."""
    work.add(*[TenantPlugin(name=name, settings={}) for name in sorted(plugins)])
    await access.seed_roles(work, *roles)
    await access.begin_with(work, work.hooks.permissions.values())


async def _add_owner(work: Work, email: str, password_hash: str | None) -> None:
    owner = await identity.add_staff(work, email=email, name=email, password_hash=password_hash)
    await access.assign(work, owner, "owner")
    await identity.send_invitation(work, owner, email)


def _require_plan(name: str) -> None:
    if name not in PLANS:
        raise _invalid("plan", f"There is no such plan: choose one of {', '.join(PLANS)}.")


def _invalid(name: str, reason: str) -> Invalid:
    return Invalid(reason=reason, path=("input", name))
