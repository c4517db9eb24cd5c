"""From a tenant's rows to what one person may do: a Casbin policy, expanded once and dropped."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from uuid import UUID

import casbin
from casbin.model import Model

from core.access.roles import EVERYTHING
from core.work import Work

Grants = Mapping[str, frozenset[UUID] | None]  #: by permission, the stores it reaches; None: all of them

EVERY_STORE = "*"
MODEL = Path(__file__).with_name("model.conf").read_text()

ASSIGNED = """
SELECT DISTINCT a.role, a.store_id, a.region_id, p.permission FROM role_assignment a
JOIN role_permission p ON p.tenant_id = a.tenant_id AND p.role = a.role
WHERE a.tenant_id = $1 AND a.staff_id = $2
"""
STORES = "SELECT region_id, id FROM store WHERE tenant_id = $1 AND region_id = any($2::uuid[])"


@dataclass(frozen=True, slots=True)
class Policy:
    """What the roles of a tenant, or of one person, come to; hashable, since equal ones are expanded once."""

    tenant: str
    permissions: frozenset[tuple[str, str]]  #: role and permission
    assignments: frozenset[tuple[str, str, str]]  #: who, role and scope
    regions: frozenset[tuple[str, UUID]]  #: scope of a region and a store in it
    vocabulary: frozenset[str]  #: what can be done at a brand at all

    def enforcer(self) -> casbin.Enforcer:
        """The policy as Casbin reads it; asking it is linear in its size."""
        model = Model()
        model.load_model_from_text(MODEL)
        built = casbin.Enforcer(model)
        for role, permission in self.permissions:
            built.add_policy(role, self.tenant, *target_of(permission))
        for who, role, scope in self.assignments:
            built.add_grouping_policy(who, role, scope)
        regions = {str(store): region for region, store in self.regions}
        built.add_function("region", lambda store: regions.get(store, store))
        return built


def scope_of(store_id: UUID | None, region_id: UUID | None) -> str:
    """What a role was given for, as the policy names it."""
    return f"region:{region_id}" if region_id is not None else str(store_id or EVERY_STORE)


def target_of(permission: str) -> tuple[str, str]:
    """Object and action of a permission."""
    return (EVERYTHING, EVERYTHING) if permission == EVERYTHING else tuple(permission.split(".", 1))  # type: ignore[return-value]


async def grants_of(work: Work, staff_id: UUID) -> Grants:
    """What a member of staff may do, and in which stores."""
    return expand(await policy_of(work, staff_id))


async def policy_of(work: Work, staff_id: UUID) -> Policy:
    """The policy of one person, whose name in it is empty: two people with the same roles may do the same."""
    rows = await work.fetch(ASSIGNED, staff_id)
    regions = await stores_of(work, {row["region_id"] for row in rows if row["region_id"] is not None})
    return Policy(
        tenant=str(work.tenant_id),
        permissions=frozenset((row["role"], row["permission"]) for row in rows),
        assignments=frozenset(("", row["role"], scope_of(row["store_id"], row["region_id"])) for row in rows),
        regions=regions,
        vocabulary=vocabulary_of(work),
    )


async def stores_of(work: Work, region_ids: Iterable[UUID]) -> frozenset[tuple[str, UUID]]:
    """The stores of regions, each with its region's scope."""
    wanted = sorted(region_ids)
    rows = await work.fetch(STORES, wanted) if wanted else []
    return frozenset((scope_of(None, row["region_id"]), row["id"]) for row in rows)


def vocabulary_of(work: Work) -> frozenset[str]:
    """What can be granted at this tenant."""
    return frozenset(name for name, permission in work.hooks.permissions.items() if not permission.platform)


@lru_cache(maxsize=4096)
def expand(policy: Policy, who: str = "") -> Grants:
    """What somebody may do: each permission asked of the policy once for each scope, not for each store."""
    enforcer = policy.enforcer()
    scopes = sorted({scope for _, _, scope in policy.assignments})
    asked = policy.vocabulary | {name for _, name in policy.permissions if name != EVERYTHING}
    grants: dict[str, frozenset[UUID] | None] = {}
    for permission in sorted(asked):
        allowed = [s for s in scopes if enforcer.enforce(who, policy.tenant, s, *target_of(permission))]
        if allowed:
            grants[permission] = None if EVERY_STORE in allowed else _stores(policy, allowed)
    return grants


def _stores(policy: Policy, scopes: Iterable[str]) -> frozenset[UUID]:
    """The stores that scopes reach together."""
    stores: set[UUID] = set()
    for scope in scopes:
        if scope.startswith("region:"):
            stores |= {store for region, store in policy.regions if region == scope}
        else:
            stores.add(UUID(scope))
    return frozenset(stores)
