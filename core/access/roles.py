"""The roles a new tenant starts with; afterwards they are the brand's own data."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.access.models import Role, RolePermission
from core.work import Work


@dataclass(frozen=True, slots=True)
class RoleSeed:
    name: str
    label: str
    permissions: tuple[str, ...]


_CLERK = ("orders.read", "orders.fulfil", "orders.verify", "orders.record_sale", "stock.read", "members.read")
_MANAGER = (*_CLERK, "orders.cancel", "payments.refund", "stock.adjust", "members.read_contact")

ROLES: Mapping[str, RoleSeed] = {
    seed.name: seed
    for seed in (
        RoleSeed("owner", "Owner", _MANAGER),
        RoleSeed("manager", "Store manager", _MANAGER),
        RoleSeed("clerk", "Clerk", _CLERK),
        RoleSeed("courier", "Courier", ("orders.read", "orders.fulfil", "members.read_contact")),
    )
}
OPERATOR = RoleSeed("operator", "Operator of the platform", ("tenants.create", "tenants.suspend"))


async def seed_roles(work: Work, *seeds: RoleSeed) -> None:
    """Give a tenant its first roles."""
    work.add(*[Role(name=seed.name, label=seed.label) for seed in seeds])
    await work.session.flush()  # what a role may do refers to it
    work.add(*[RolePermission(role=seed.name, permission=name) for seed in seeds for name in seed.permissions])
