"""From a tenant's rows to what one person may do: a Casbin policy, expanded once and dropped."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from uuid import UUID

import casbin
from casbin.model import Model

from core.work import Work

Assignment = tuple[str, UUID | None]  #: a role, and the store it is for; None: all of them
Grants = Mapping[str, frozenset[UUID] | None]  #: by permission, the stores it reaches; None: all of them

EVERY_STORE = "*"
SUBJECT = "somebody"  #: whoever has the roles: two people with the same ones may do the same
MODEL = Path(__file__).with_name("model.conf").read_text()

ASSIGNED = """
SELECT a.role, a.store_id, p.permission FROM role_assignment a
JOIN role_permission p ON p.tenant_id = a.tenant_id AND p.role = a.role
WHERE a.tenant_id = $1 AND a.staff_id = $2
"""


async def grants_of(work: Work, staff_id: UUID) -> Grants:
    """What a member of staff may do, and in which stores; read anew each time, since it may have been taken away."""
    rows = await work.fetch(ASSIGNED, staff_id)
    assignments = frozenset((row["role"], row["store_id"]) for row in rows)
    return expand(str(work.tenant_id), assignments, frozenset((row["role"], row["permission"]) for row in rows))


@lru_cache(maxsize=4096)
def expand(tenant: str, assignments: frozenset[Assignment], permissions: frozenset[tuple[str, str]]) -> Grants:
    """Ask the policy about each permission once: asking is linear in its size, the answer a function of the rows."""
    policy = enforcer(tenant, assignments, permissions)
    stores = sorted({store for _, store in assignments if store is not None})
    grants: dict[str, frozenset[UUID] | None] = {}
    for permission in sorted({permission for _, permission in permissions}):
        target = permission.split(".", 1)
        if policy.enforce(SUBJECT, tenant, EVERY_STORE, *target):
            grants[permission] = None
        else:
            reached = [store for store in stores if policy.enforce(SUBJECT, tenant, str(store), *target)]
            grants[permission] = frozenset(reached)
    return grants


def enforcer(
    tenant: str, assignments: frozenset[Assignment], permissions: frozenset[tuple[str, str]]
) -> casbin.Enforcer:
    """The policy of whoever has these roles, as Casbin reads it."""
    model = Model()
    model.load_model_from_text(MODEL)
    built = casbin.Enforcer(model)
    for role, permission in permissions:
        built.add_policy(role, tenant, *permission.split(".", 1))
    for role, store in assignments:
        built.add_grouping_policy(SUBJECT, role, str(store) if store else EVERY_STORE)
    return built
