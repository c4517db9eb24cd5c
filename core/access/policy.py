"""From a tenant's rows to what one person may do: a Casbin policy, expanded once and dropped."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from uuid import UUID

import asyncpg
import casbin
from casbin.model import Model

from core.access.roles import EVERYTHING
from core.access.scopes import EVERY_STORE, EVERYWHERE, Scope
from core.work import Work

Grants = Mapping[str, frozenset[UUID] | None]  #: by permission, the stores it reaches; None: all of them

MODEL = Path(__file__).with_name("model.conf").read_text()

ASSIGNED = """
SELECT a.role, a.store_id, a.region_id, p.permission FROM role_assignment a
LEFT JOIN role_permission p ON p.tenant_id = a.tenant_id AND p.role = a.role
WHERE a.tenant_id = $1 AND a.staff_id = $2
"""
EVERY_ROLE = "SELECT role, permission FROM role_permission WHERE tenant_id = $1"
EVERY_ASSIGNMENT = "SELECT staff_id, role, store_id, region_id FROM role_assignment WHERE tenant_id = $1"
STORES = "SELECT region_id, id FROM store WHERE tenant_id = $1 AND region_id = any($2::uuid[])"
EVERY_REGION = "SELECT region_id, id FROM store WHERE tenant_id = $1 AND region_id IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Policy:
    """What the roles of a tenant, or of one person, come to; hashable, since equal ones are expanded once."""

    tenant: str
    permissions: frozenset[tuple[str, str]]  #: role and permission
    assignments: frozenset[tuple[str, str, str]]  #: who, role and scope
    regions: frozenset[tuple[str, UUID]]  #: scope of a region and a store in it
    vocabulary: frozenset[str]  #: what can be done at a brand at all

    @property
    def lines(self) -> frozenset[tuple[str, str]]:
        """Role and permission, with all that a role may do which may do everything."""
        unbound = {role for role, permission in self.permissions if permission == EVERYTHING}
        return self.permissions | {(role, permission) for role in unbound for permission in self.vocabulary}

    def enforcer(self) -> casbin.Enforcer:
        """The policy as Casbin reads it; asking it is linear in its size."""
        model = Model()
        model.load_model_from_text(MODEL)
        built = casbin.Enforcer(model)
        for role, permission in sorted(self.lines):
            built.add_policy(role, self.tenant, *target_of(permission))
        for who, role, scope in self.assignments:
            built.add_grouping_policy(who, role, scope)
        regions = {str(store): region for region, store in self.regions}
        built.add_function("region", lambda store: regions.get(store, store))
        return built

    def reaching(self, region_id: UUID) -> "Policy":
        """What of it holds in a whole region, whichever stores will lie in it."""
        whole = {EVERY_STORE, Scope(region_id=region_id).name}
        return replace(self, assignments=frozenset(one for one in self.assignments if one[2] in whole))


def target_of(permission: str) -> tuple[str, str]:
    """Object and action of a permission; what is not made of two parts is an action on nothing."""
    if permission == EVERYTHING:
        return EVERYTHING, EVERYTHING
    subject, _, verb = permission.rpartition(".")
    return subject, verb


async def grants_of(work: Work, staff_id: UUID) -> Grants:
    """What a member of staff may do, and in which stores."""
    return expand(await policy_of(work, staff_id))


async def policy_of(work: Work, staff_id: UUID) -> Policy:
    """The policy of one person, whose name in it is empty: two people with the same roles may do the same."""
    rows = await work.fetch(ASSIGNED, staff_id)
    return Policy(
        tenant=str(work.tenant_id),
        permissions=frozenset((row["role"], row["permission"]) for row in rows if row["permission"] is not None),
        assignments=frozenset(("", row["role"], Scope(row["store_id"], row["region_id"]).name) for row in rows),
        regions=await stores_of(work, {row["region_id"] for row in rows if row["region_id"] is not None}),
        vocabulary=vocabulary_of(work),
    )


async def policy_of_tenant(work: Work) -> Policy:
    """The policy of everybody, each by their id."""
    permissions = await work.fetch(EVERY_ROLE)
    assignments = await work.fetch(EVERY_ASSIGNMENT)
    return Policy(
        tenant=str(work.tenant_id),
        permissions=frozenset((row["role"], row["permission"]) for row in permissions),
        assignments=frozenset(
            (str(row["staff_id"]), row["role"], Scope(row["store_id"], row["region_id"]).name) for row in assignments
        ),
        regions=_regions(await work.fetch(EVERY_REGION)),
        vocabulary=vocabulary_of(work),
    )


async def stores_of(work: Work, region_ids: Iterable[UUID]) -> frozenset[tuple[str, UUID]]:
    """The stores of regions, each with its region's scope."""
    wanted = sorted(region_ids)
    return _regions(await work.fetch(STORES, wanted)) if wanted else frozenset()


def vocabulary_of(work: Work) -> frozenset[str]:
    """What can be granted at this tenant."""
    return frozenset(name for name, permission in work.hooks.permissions.items() if not permission.platform)


@lru_cache(maxsize=4096)
def expand(policy: Policy, who: str = "") -> Grants:
    """What somebody may do: each permission asked of the policy once for each kind of scope, not for each store."""
    enforcer, kinds = policy.enforcer(), _kinds(policy, who)
    grants: dict[str, frozenset[UUID] | None] = {}
    for permission in sorted({permission for _, permission in policy.lines}):
        target = target_of(permission)
        allowed = [one for one in kinds if enforcer.enforce(who, policy.tenant, one[0].name, *target)]
        scopes = [scope for one in allowed for scope in one]
        if scopes:
            grants[permission] = None if EVERYWHERE in scopes else stores_within(policy, scopes)
    return grants


def _kinds(policy: Policy, who: str) -> list[list[Scope]]:
    """What somebody has roles for; scopes stand together for which the roles, and those of the region, are the same."""
    roles: dict[str, set[str]] = {}
    for _, role, scope in (one for one in policy.assignments if one[0] == who):
        roles.setdefault(scope, set()).add(role)
    region_of = {str(store): region for region, store in policy.regions}
    kinds: dict[object, list[Scope]] = {}
    for name in sorted(roles):
        around = roles.get(region_of.get(name, ""), set())
        kinds.setdefault((frozenset(roles[name]), frozenset(around)), []).append(Scope.named(name))
    return list(kinds.values())


def stores_within(policy: Policy, scopes: Iterable[Scope]) -> frozenset[UUID]:
    """The stores that scopes reach together, none of them being everywhere."""
    names = {scope.name for scope in scopes}
    own = {scope.store_id for scope in scopes if scope.store_id is not None}
    return frozenset(own | {store for region, store in policy.regions if region in names})


def _regions(rows: "Iterable[asyncpg.Record]") -> frozenset[tuple[str, UUID]]:
    return frozenset((Scope(region_id=row["region_id"]).name, row["id"]) for row in rows)
