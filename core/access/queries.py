"""Reads of roles and of who has them."""

from collections.abc import Sequence
from uuid import UUID

from core.access.rows import AssignmentRow, RoleRow
from core.access.scopes import Scope
from core.work import Work

ROLE = """
SELECT r.name, r.label,
    ARRAY(SELECT p.permission FROM role_permission p WHERE p.tenant_id = $1 AND p.role = r.name ORDER BY 1),
    (SELECT count(DISTINCT a.staff_id) FROM role_assignment a WHERE a.tenant_id = $1 AND a.role = r.name)
FROM role r WHERE r.tenant_id = $1
"""
ALL = f"{ROLE} ORDER BY r.name"
BY_NAMES = f"{ROLE} AND r.name = any($2::text[])"
#: $3: the stores that the reader may see staff of, NULL for all; their own they see anyway
ASSIGNMENTS = """
SELECT a.staff_id, a.role, a.store_id, a.region_id FROM role_assignment a
WHERE a.tenant_id = $1 AND a.staff_id = any($2::uuid[]) AND (a.staff_id = $4 OR $3::uuid[] IS NULL
    OR a.store_id = any($3)
    OR EXISTS (SELECT 1 FROM store s WHERE s.tenant_id = $1 AND s.region_id = a.region_id AND s.id = any($3))
    OR (a.store_id IS NULL AND a.region_id IS NULL AND cardinality($3) > 0))
ORDER BY a.role, a.id
"""


async def roles(work: Work) -> list[RoleRow]:
    """The brand's roles, by name."""
    return await work.rows(RoleRow, ALL)


async def by_names(work: Work, names: Sequence[str]) -> list[RoleRow | None]:
    """Roles in the order of their names, None for what is no role's name."""
    found = {row.name: row for row in await work.rows(RoleRow, BY_NAMES, list(set(names)))}
    return [found.get(name) for name in names]


async def assignments_of(
    work: Work, staff_ids: Sequence[UUID], *, within: Sequence[UUID] | None
) -> list[list[AssignmentRow]]:
    """The roles of each person, by name, each once, as far as they concern these stores."""
    found: dict[UUID, dict[str, AssignmentRow]] = {key: {} for key in staff_ids}
    for row in await work.fetch(ASSIGNMENTS, list(found), within, work.actor.id):
        of_person = found[row["staff_id"]]
        one = of_person.setdefault(row["role"], AssignmentRow(row["staff_id"], row["role"], []))
        one.scopes.append(Scope(row["store_id"], row["region_id"]))
    return [list(found[key].values()) for key in staff_ids]
