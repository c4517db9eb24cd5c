"""Roles: what they let people do, and who has them."""

from collections.abc import Sequence
from uuid import UUID

import strawberry
from strawberry import ID

from core import access, contacts, stores
from core.access import EVERYWHERE, AssignmentRow, RoleChange, RoleRow, Scope
from core.errors import Invalid, NotFound
from core.identity import READ, StaffRow
from core.permission import Permission as PermissionRow
from core.stores import RegionRow, StoreRow
from core.work import Work
from schema import relay
from schema.context import Info
from schema.fields import batched, field, mutation, query, row_type
from schema.identity import StaffUser
from schema.payloads import Payload
from schema.stores import Region, Store


@row_type(RoleRow)
class Role:
    """A named set of permissions, to be given for every store, for regions or for stores."""

    name: str = field("What it is given by.")
    label: str = field("What people call it.")
    permissions: list[str] = field("What it lets people do; `*`: everything that there is, and that is still to come.")
    built_in: bool = field("Whether brands start with it.")
    people: int = field("How many people have it.")


@row_type(PermissionRow)
class Permission:
    """Something that roles and apps can be allowed to do."""

    name: str = field("domain.verb.")
    label: str = field("What it lets its holder do.")


@row_type(AssignmentRow)
class RoleAssignment:
    """A role that somebody has, and what for."""

    everywhere: bool = field("Whether it is for every store.")


@batched(StaffUser, list[RoleAssignment], cost=5, name="roles")
async def roles_of(people: Sequence[StaffRow], info: Info) -> list[list[AssignmentRow]]:
    """Their roles, as far as you may see who works for the brand."""
    ids = [person.id for person in people]
    return await access.assignments_of(info.work, ids, within=info.viewer.stores(READ.name))


@batched(RoleAssignment, Role, name="role")
async def assigned_role(found: Sequence[AssignmentRow], info: Info) -> list[RoleRow | None]:
    """The role."""
    return await access.by_names(info.work, [one.role for one in found])


@batched(RoleAssignment, list[Store], cost=5, name="stores")
async def assigned_stores(found: Sequence[AssignmentRow], info: Info) -> list[list[StoreRow]]:
    """The stores it is for by themselves."""
    ids = list({scope.store_id for one in found for scope in one.scopes if scope.store_id is not None})
    known = dict(zip(ids, await stores.by_ids(info.work, ids), strict=True))
    return [[row for scope in one.scopes if scope.store_id and (row := known[scope.store_id])] for one in found]


@batched(RoleAssignment, list[Region], cost=5, name="regions")
async def assigned_regions(found: Sequence[AssignmentRow], info: Info) -> list[list[RegionRow]]:
    """The regions it is for, with the stores that are still to be opened in them."""
    ids = list({scope.region_id for one in found for scope in one.scopes if scope.region_id is not None})
    known = dict(zip(ids, await stores.regions_by_ids(info.work, ids), strict=True))
    return [[row for scope in one.scopes if scope.region_id and (row := known[scope.region_id])] for one in found]


@strawberry.type(description="The role, or why nothing was done.")
class RolePayload(Payload):
    role: Role | None = field("The role as it is now, or as it was.")


@strawberry.type(description="The person, or why nothing was done.")
class RoleAssignmentPayload(Payload):
    staff: StaffUser | None = field("The person, with the roles they have now; null where you may not see them.")


@strawberry.input(description="A new role.")
class RoleCreateInput:
    name: str = field("2 to 40 of a-z, 0-9 and _; it begins with a letter and stays as it is.")
    label: str = field("What people call it.")
    permissions: list[str] = field("What it lets people do. Each you must hold in every store.")


@strawberry.input(description="Changes of a role; what is left out or null stays as it is.")
class RoleUpdateInput:
    name: str = field("Which.")
    label: str | None = strawberry.field(description="What people call it.", default=None)
    permissions: list[str] | None = strawberry.field(
        description="All that it lets people do. What is new or gone you must hold in every store.", default=None
    )


@strawberry.input(description="A role that nobody has any more.")
class RoleDeleteInput:
    name: str = field("Which.")


@strawberry.input(description="A role for somebody: for stores, for regions or everywhere, one of the three.")
class RoleAssignInput:
    staff_id: ID = field("Who.")
    role: str = field("The role, by its name.")
    store_ids: list[ID] | None = strawberry.field(description="In these stores.", default=None)
    region_ids: list[ID] | None = strawberry.field(
        description="In these regions, whichever stores there are or will be.", default=None
    )
    everywhere: bool | None = strawberry.field(description="In every store.", default=None)


@strawberry.input(description="A role to be taken from somebody: for stores, for regions or everywhere.")
class RoleWithdrawInput:
    staff_id: ID = field("From whom.")
    role: str = field("The role, by its name.")
    store_ids: list[ID] | None = strawberry.field(description="Where they have it for these stores.", default=None)
    region_ids: list[ID] | None = strawberry.field(description="Where they have it for these regions.", default=None)
    everywhere: bool | None = strawberry.field(description="Where they have it for every store.", default=None)


@query(list[Role], access=READ, cost=20, name="roles")
async def list_roles(info: Info) -> list[RoleRow]:
    """The brand's roles, by name."""
    return await access.roles(info.work)


@query(list[Permission], access=READ, cost=20, name="permissions")
async def list_permissions(info: Info) -> list[PermissionRow]:
    """What roles and apps can be allowed to do here, by name."""
    known = access.vocabulary_of(info.work)
    return sorted((one for name, one in info.work.hooks.permissions.items() if name in known), key=lambda one: one.name)


@mutation(RolePayload, access=access.DEFINE)
async def role_create(work: Work, input: RoleCreateInput) -> RoleRow:
    """Make a role. You must hold in every store what it lets people do."""
    return await access.define(work, input.name, _label(input.label), input.permissions)


@mutation(RolePayload, access=access.DEFINE)
async def role_update(work: Work, input: RoleUpdateInput) -> RoleRow:
    """Change a role for everybody who has it. You must hold in every store what you add to it or take from it."""
    label = None if input.label is None else _label(input.label)
    return await access.redefine(work, input.name, RoleChange(label, input.permissions))


@mutation(RolePayload, access=access.DEFINE)
async def role_delete(work: Work, input: RoleDeleteInput) -> RoleRow:
    """Delete a role that nobody has."""
    return await access.remove(work, input.name)


@mutation(RoleAssignmentPayload, access=access.ASSIGN)
async def role_assign(work: Work, input: RoleAssignInput) -> StaffRow | None:
    """Give somebody a role besides what they have. You must hold all of it wherever they are to have it."""
    person = relay.key_of("StaffUser", input.staff_id)
    await access.give(work, person, input.role, _scopes(input))
    return await _shown(work, person)


@mutation(RoleAssignmentPayload, access=access.ASSIGN)
async def role_withdraw(work: Work, input: RoleWithdrawInput) -> StaffRow | None:
    """Take a role from somebody. You must hold all of it wherever they had it."""
    person = relay.key_of("StaffUser", input.staff_id)
    await access.withdraw(work, person, input.role, _scopes(input))
    return await _shown(work, person)


def _label(label: str) -> str:
    return contacts.text(label, path=("input", "label"))


def _scopes(given: RoleAssignInput | RoleWithdrawInput) -> list[Scope]:
    """What a role is given or taken for: stores, regions or every store, and exactly one of these."""
    kinds = {"storeIds": given.store_ids, "regionIds": given.region_ids, "everywhere": given.everywhere or None}
    chosen = {name: value for name, value in kinds.items() if value is not None}
    if len(chosen) != 1 or not all(chosen.values()):
        path = ("input", next(iter(chosen), "storeIds"))
        raise Invalid(reason="Give exactly one of storeIds, regionIds and everywhere.", path=path)
    if given.everywhere:
        return [EVERYWHERE]
    if given.store_ids:
        return [Scope(store_id=_key("Store", value, "storeIds")) for value in given.store_ids]
    return [Scope(region_id=_key("Region", value, "regionIds")) for value in given.region_ids or ()]


def _key(kind: str, value: str, name: str) -> UUID:
    key = relay.key_of(kind, value)
    if key is None:
        raise NotFound(what=kind.lower(), path=("input", name))
    return key


async def _shown(work: Work, person: UUID | None) -> StaffRow | None:
    """The person, as far as the actor may see them."""
    load = relay.loader_of("StaffUser")
    assert person is not None, "whoever was given something is somebody"
    assert load is not None, "staff are nodes"
    found: StaffRow | None = (await load(work, [person]))[0]
    return found
