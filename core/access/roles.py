"""The roles a new tenant starts with; afterwards they are the brand's own data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.access.models import Role
from core.access.owners import hold
from core.permission import Permission
from core.work import Work

EVERYTHING = "*"  #: in place of a permission: every one that a brand can give, and those that are still to come


@dataclass(frozen=True, slots=True)
class RoleSeed:
    name: str
    label: str
    permissions: tuple[str, ...]


_LOOKS_AFTER_MEMBERS = ("members.read", "points.read")
_BRINGS = ("deliveries.read", "deliveries.manage")
_TAKES_BACK = ("returns.read", "returns.receive")
_CLERK = (
    "orders.read",
    "orders.fulfil",
    "orders.verify",
    "orders.record_sale",
    "payments.collect",
    "stock.read",
    *_LOOKS_AFTER_MEMBERS,
    *_BRINGS,
    *_TAKES_BACK,
)
_STOCKS = ("stock.receive", "stock.count", "purchasing.read")
_MANAGES_STOCK = ("purchasing.manage", "stock.close_count", "stock.reconcile", "transfers.manage")
_MANAGES_ORDERS = (
    "orders.cancel",
    "payments.refund",
    "returns.manage",
    "stock.adjust",
    "members.read_contact",
    "prices.explain",
)
_MANAGES_PEOPLE = ("staff.read", "roles.assign", "roles.explain", "audit.read")
_MANAGES_BRAND = ("staff.manage", "roles.define", "brand.configure", "plugins.read", "plugins.manage", "rules.set")
_MANAGES_PLACES = ("warehouses.manage",)
_MANAGES_CATALOG = ("catalog.manage",)
_MANAGES_POINTS = ("points.adjust",)
_MANAGES_WORDS = ("notices.manage", "consents.manage")
_MANAGES_EVENTS = ("events.read", "events.replay")
_MANAGER = (*_CLERK, *_STOCKS, *_MANAGES_ORDERS, *_MANAGES_STOCK, *_MANAGES_PEOPLE, "rules.read")

ROLES: Mapping[str, RoleSeed] = {
    seed.name: seed
    for seed in (
        RoleSeed("owner", "Owner", (EVERYTHING,)),
        RoleSeed(
            "brand_operator",
            "Brand operator",
            (
                *_MANAGER,
                *_MANAGES_BRAND,
                *_MANAGES_PLACES,
                *_MANAGES_CATALOG,
                *_MANAGES_EVENTS,
                *_MANAGES_POINTS,
                *_MANAGES_WORDS,
            ),
        ),
        RoleSeed(
            "merchandiser",
            "Merchandiser",
            ("stock.read", "stock.adjust", *_STOCKS, *_MANAGES_STOCK, *_MANAGES_CATALOG),
        ),
        RoleSeed("regional_manager", "Regional manager", (*_MANAGER, "staff.manage")),
        RoleSeed("store_manager", "Store manager", _MANAGER),
        RoleSeed("clerk", "Clerk", (*_CLERK, *_STOCKS)),
        RoleSeed("courier", "Courier", ("orders.read", "orders.fulfil", "members.read_contact")),
        RoleSeed(
            "finance",
            "Finance",
            (
                "orders.read",
                "payments.refund",
                *_LOOKS_AFTER_MEMBERS,
                "audit.read",
                "deliveries.read",
                "returns.read",
            ),
        ),
        RoleSeed(
            "support",
            "Support",
            (
                "orders.read",
                "orders.cancel",
                "payments.refund",
                *_LOOKS_AFTER_MEMBERS,
                "members.read_contact",
                *_MANAGES_POINTS,
                "prices.explain",
                "deliveries.read",
                "returns.read",
                "returns.manage",
            ),
        ),
    )
}
OWNER = "owner"  #: the role that a brand is never without
_OPERATES = ("tenants.create", "tenants.suspend", "tenants.plans", "audit.read")
OPERATOR = RoleSeed("operator", "Operator of the platform", _OPERATES)


GIVE = """
INSERT INTO role_permission (tenant_id, role, permission)
SELECT $1, r.name, g.permission FROM unnest($2::text[], $3::text[]) AS g(role, permission)
JOIN role r ON r.tenant_id = $1 AND r.name = g.role ON CONFLICT DO NOTHING RETURNING role, permission
"""
ALLOW = "INSERT INTO role_permission (tenant_id, role, permission) SELECT $1, * FROM unnest($2::text[], $3::text[])"


async def begin_with(work: Work, permissions: Iterable[Permission]) -> Mapping[str, list[str]]:
    """Give roles what plugins say that they begin with, as far as the brand has those roles; returns it by role."""
    given = [(role, one.name) for one in permissions for role in one.given_to]
    if not given:
        return {}
    await hold(work)
    found: dict[str, list[str]] = {}
    for role, permission in await work.fetch(GIVE, *map(list, zip(*given, strict=True))):
        found.setdefault(role, []).append(permission)
    return found


async def seed_roles(work: Work, *seeds: RoleSeed) -> None:
    """Give a tenant its first roles."""
    work.add(*[Role(name=seed.name, label=seed.label) for seed in seeds])
    await work.session.flush()  # what a role may do refers to it
    allowed = [(seed.name, name) for seed in seeds for name in seed.permissions]
    await work.execute(ALLOW, *map(list, zip(*allowed, strict=True)))
