"""From a tenant's rows to what one person may do: a Casbin policy, expanded once and dropped."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import UUID

import casbin
from casbin.model import Model

from core.work import Work

EVERY_STORE = "*"
MODEL = Path(__file__).with_name("model.conf").read_text()

ASSIGNED = """
SELECT a.role, a.store_id, p.permission FROM role_assignment a
JOIN role_permission p ON p.tenant_id = a.tenant_id AND p.role = a.role
WHERE a.tenant_id = $1 AND a.staff_id = $2
"""


async def grants_of(work: Work, staff_id: UUID) -> Mapping[str, frozenset[UUID] | None]:
    """What a member of staff may do, and in which stores; None: in every one."""
    rows = await work.fetch(ASSIGNED, staff_id)
    assignments = [(row["role"], row["store_id"]) for row in rows]
    policy = enforcer(
        str(work.tenant_id), str(staff_id), assignments, [(row["role"], row["permission"]) for row in rows]
    )
    stores = sorted({store for _, store in assignments if store is not None})
    return _expand(policy, str(work.tenant_id), str(staff_id), sorted({row["permission"] for row in rows}), stores)


def enforcer(
    tenant: str, subject: str, assignments: Sequence[tuple[str, UUID | None]], permissions: Sequence[tuple[str, str]]
) -> casbin.Enforcer:
    """The policy of one person, as Casbin reads it."""
    model = Model()
    model.load_model_from_text(MODEL)
    built = casbin.Enforcer(model)
    for role, permission in set(permissions):
        built.add_policy(role, tenant, *permission.split(".", 1))
    for role, store in set(assignments):
        built.add_grouping_policy(subject, role, str(store) if store else EVERY_STORE)
    return built


def _expand(
    policy: casbin.Enforcer, tenant: str, subject: str, permissions: Sequence[str], stores: Sequence[UUID]
) -> dict[str, frozenset[UUID] | None]:
    """Ask the policy about each permission once, since asking is linear in its size."""
    grants: dict[str, frozenset[UUID] | None] = {}
    for permission in permissions:
        target = permission.split(".", 1)
        if policy.enforce(subject, tenant, EVERY_STORE, *target):
            grants[permission] = None
        else:
            reached = [store for store in stores if policy.enforce(subject, tenant, str(store), *target)]
            grants[permission] = frozenset(reached)
    return grants
