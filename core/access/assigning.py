"""Giving roles to people, and taking them away."""

from collections.abc import Sequence
from uuid import UUID

from core import audit
from core.access.holding import require_held
from core.access.models import RoleAssignment
from core.access.owners import hold, require_owner
from core.access.permissions import ASSIGN
from core.access.queries import by_names
from core.access.roles import OWNER
from core.access.scopes import Scope
from core.errors import Invalid, NotFound
from core.ids import new_id
from core.work import Work

MOST = 100  #: stores or regions at once

KNOWN = "SELECT 1 FROM staff WHERE tenant_id = $1 AND id = $2"
STORES = "SELECT count(*) FROM store WHERE tenant_id = $1 AND id = any($2::uuid[])"
REGIONS = "SELECT count(*) FROM region WHERE tenant_id = $1 AND id = any($2::uuid[])"
GIVE = """
INSERT INTO role_assignment (tenant_id, id, staff_id, role, store_id, region_id)
SELECT $1, g.id, $2, $3, g.store_id, g.region_id FROM unnest($4::uuid[], $5::uuid[], $6::uuid[])
    AS g(id, store_id, region_id)
ON CONFLICT DO NOTHING RETURNING store_id, region_id
"""
TAKE = """
DELETE FROM role_assignment WHERE tenant_id = $1 AND staff_id = $2 AND role = $3
AND coalesce(store_id, region_id, '00000000-0000-0000-0000-000000000000') = any($4::uuid[])
RETURNING store_id, region_id
"""
_NOWHERE = UUID(int=0)  #: stands for everywhere in the index of assignments


async def assign(
    work: Work, staff_id: UUID, role: str, *, store_id: UUID | None = None, region_id: UUID | None = None
) -> None:
    """Give somebody a role without asking who gives it: everywhere, in the stores of a region, or in one store."""
    work.add(RoleAssignment(id=new_id(), staff_id=staff_id, role=role, store_id=store_id, region_id=region_id))


async def give(work: Work, staff_id: UUID | None, role: str, scopes: Sequence[Scope]) -> None:
    """Give somebody a role, if the actor may do there all that it lets them do; what they have already, they keep."""
    person = await _prepare(work, staff_id, role, scopes)
    stores, regions = [scope.store_id for scope in scopes], [scope.region_id for scope in scopes]
    given = await work.fetch(GIVE, person, role, [new_id() for _ in scopes], stores, regions)
    for row in given:
        await _note(work, "role.assigned", person, Scope(row["store_id"], row["region_id"]), after=role)


async def withdraw(work: Work, staff_id: UUID | None, role: str, scopes: Sequence[Scope]) -> None:
    """Take a role from somebody where they have it; that needs what giving it would need."""
    person = await _prepare(work, staff_id, role, scopes)
    keys = [scope.store_id or scope.region_id or _NOWHERE for scope in scopes]
    taken = await work.fetch(TAKE, person, role, keys)
    if len(taken) != len(set(keys)):
        raise NotFound(what="assignment of this role", path=("input", "role"))
    for row in taken:
        await _note(work, "role.withdrawn", person, Scope(row["store_id"], row["region_id"]), before=role)
    if role == OWNER:
        await require_owner(work, path=("input", "role"))


async def _prepare(work: Work, staff_id: UUID | None, role: str, scopes: Sequence[Scope]) -> UUID:
    """Hold the brand, and refuse whoever, whatever and wherever there is not, or is not the actor's to give."""
    await hold(work)
    if staff_id is None or await work.value(KNOWN, staff_id) is None:
        raise NotFound(what="member of staff", path=("input", "staffId"))
    found = (await by_names(work, [role]))[0]
    if found is None:
        raise NotFound(what="role", path=("input", "role"))
    await _require_places(work, "store", STORES, [scope.store_id for scope in scopes])
    await _require_places(work, "region", REGIONS, [scope.region_id for scope in scopes])
    await require_held(work, {ASSIGN.name, *found.permissions}, scopes, path=("input", "role"))
    return staff_id


async def _require_places(work: Work, what: str, count: str, ids: Sequence[UUID | None]) -> None:
    wanted = {key for key in ids if key is not None}
    path = ("input", f"{what}Ids")
    if len(wanted) > MOST:
        raise Invalid(reason=f"At most {MOST} at once.", path=path)
    if wanted and await work.value(count, list(wanted)) != len(wanted):
        raise NotFound(what=what, path=path)


async def _note(
    work: Work, action: str, person: UUID, scope: Scope, *, before: str | None = None, after: str | None = None
) -> None:
    was, became = ({"role": role, **scope.facts} if role is not None else None for role in (before, after))
    await audit.record(work, action, "StaffUser", person, store_id=scope.store_id, before=was, after=became)
