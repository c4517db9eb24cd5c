"""A brand's own roles."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from core import audit
from core.access.errors import RoleFixed, RoleInUse
from core.access.holding import require_held
from core.access.owners import hold
from core.access.permissions import DEFINE
from core.access.policy import vocabulary_of
from core.access.queries import by_names
from core.access.roles import EVERYTHING, OWNER
from core.access.rows import RoleRow
from core.access.scopes import EVERYWHERE
from core.errors import Invalid, LimitReached, NotFound
from core.work import Work

MOST = 100  #: roles of a brand
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")

COUNT = "SELECT count(*) FROM role WHERE tenant_id = $1"
INSERT = "INSERT INTO role (tenant_id, name, label) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
RELABEL = "UPDATE role SET label = $3 WHERE tenant_id = $1 AND name = $2"
DELETE = "DELETE FROM role WHERE tenant_id = $1 AND name = $2"
ALLOW = "INSERT INTO role_permission (tenant_id, role, permission) SELECT $1, $2, unnest($3::text[])"
FORBID = "DELETE FROM role_permission WHERE tenant_id = $1 AND role = $2 AND permission = any($3::text[])"

_NAMED = ("input", "name")
_PERMITTED = ("input", "permissions")


@dataclass(frozen=True, slots=True)
class RoleChange:
    """What is to be another; None: it stays."""

    label: str | None = None
    permissions: Sequence[str] | None = None


async def define(work: Work, name: str, label: str, permissions: Sequence[str]) -> RoleRow:
    """Make a role, of permissions that the actor holds in every store."""
    if not _NAME.fullmatch(name) or not 2 <= len(name) <= 40:
        raise Invalid(reason="A role's name has 2 to 40 of a-z, 0-9 and _, and begins with a letter.", path=_NAMED)
    await hold(work)
    wanted = _known(work, permissions)
    await require_held(work, {DEFINE.name, *wanted}, [EVERYWHERE], path=_PERMITTED)
    if await work.value(COUNT) >= MOST:
        raise LimitReached(reason=f"A brand has at most {MOST} roles.", path=_NAMED)
    if not await work.execute(INSERT, name, label):
        raise Invalid(reason=f"There is a role {name} already.", path=_NAMED)
    await work.execute(ALLOW, name, wanted)
    made = await _role(work, name)
    await audit.record(work, "role.created", "Role", None, after=_facts(made))
    return made


async def redefine(work: Work, name: str, change: RoleChange) -> RoleRow:
    """Change a role for everybody who has it, by permissions that the actor holds in every store."""
    await hold(work)
    before = await _changeable(work, name)
    had = set(before.permissions)
    wanted = had if change.permissions is None else set(_known(work, change.permissions, besides=had))
    await require_held(work, {DEFINE.name, *(wanted ^ had)}, [EVERYWHERE], path=_PERMITTED)
    await work.execute(RELABEL, name, before.label if change.label is None else change.label)
    await work.execute(FORBID, name, sorted(had - wanted))
    await work.execute(ALLOW, name, sorted(wanted - had))
    after = await _role(work, name)
    await audit.record(work, "role.updated", "Role", None, before=_facts(before), after=_facts(after))
    return after


async def remove(work: Work, name: str) -> RoleRow:
    """Delete a role that nobody has; as if what it may do were taken from somebody."""
    await hold(work)
    before = await _changeable(work, name)
    await require_held(work, {DEFINE.name, *before.permissions}, [EVERYWHERE], path=_NAMED)
    if before.people:
        raise RoleInUse(people=before.people, path=_NAMED)
    await work.execute(DELETE, name)
    await audit.record(work, "role.deleted", "Role", None, before=_facts(before))
    return before


async def _changeable(work: Work, name: str) -> RoleRow:
    if name == OWNER:
        raise RoleFixed(role=name, path=_NAMED)
    return await _role(work, name)


async def _role(work: Work, name: str) -> RoleRow:
    found = (await by_names(work, [name]))[0]
    if found is None:
        raise NotFound(what="role", path=_NAMED)
    return found


def _known(work: Work, permissions: Sequence[str], *, besides: Collection[str] = ()) -> list[str]:
    """Each permission once, if a brand can give it; a role keeps what a plugin that is off has brought."""
    vocabulary = vocabulary_of(work) | {EVERYTHING, *besides}
    if not vocabulary.issuperset(permissions):
        raise NotFound(what=f"permission {min(set(permissions) - vocabulary)}", path=_PERMITTED)
    return sorted(set(permissions))


def _facts(role: RoleRow) -> dict[str, object]:
    return {"name": role.name, "label": role.label, "permissions": role.permissions}
