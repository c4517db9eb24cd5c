"""Why whoever calls, or a member of staff, may do a thing or may not."""

from uuid import UUID

from core import access
from core.access import EXPLAIN, Decision, Reason
from core.actors import ActorKind
from core.errors import Forbidden, NotFound
from core.identity.acting import grants_of_person
from core.work import Work

ACTIVE = "SELECT active FROM staff WHERE tenant_id = $1 AND id = $2"
_WITHOUT_ROLES = {ActorKind.ANONYMOUS: Reason.NOT_SIGNED_IN, ActorKind.MEMBER: Reason.NOT_STAFF}


async def explain(work: Work, permission: str, store_id: UUID | None) -> Decision:
    """Whether the actor may do a thing, in a store or anywhere, and why."""
    actor = work.actor
    if actor.kind in _WITHOUT_ROLES:
        return access.decided(_WITHOUT_ROLES[actor.kind])
    person = actor.id if actor.kind == ActorKind.STAFF else actor.on_behalf_of
    if person is None:
        return access.explain_scopes(work, permission, store_id)
    decision = await _of_person(work, person, permission, store_id)
    if actor.kind == ActorKind.APP and decision.allowed and permission not in actor.grants:
        return access.decided(Reason.NOT_IN_SCOPE_OF_APP, permission=permission)
    return decision


async def explain_other(work: Work, staff_id: UUID | None, permission: str, store_id: UUID | None) -> Decision:
    """The same of a member of staff, for whoever may ask in that store, or, where none is named, in all of them."""
    if staff_id == work.actor.id and work.actor.kind == ActorKind.STAFF:
        return await explain(work, permission, store_id)
    reach = work.actor.stores(EXPLAIN.name)
    if reach is not None and store_id not in reach:
        raise Forbidden(permission=EXPLAIN.name)
    active = await work.value(ACTIVE, staff_id) if staff_id is not None else None
    if staff_id is None or active is None:
        raise NotFound(what="member of staff", path=("staffId",))
    return await _of_person(work, staff_id, permission, store_id) if active else access.decided(Reason.NOT_ACTIVE)


async def _of_person(work: Work, staff_id: UUID, permission: str, store_id: UUID | None) -> Decision:
    """What the roles say, unless the person may use none of them yet."""
    decision = await access.explain_roles(work, staff_id, permission, store_id)
    if decision.allowed and permission not in await grants_of_person(work, staff_id):
        return access.decided(Reason.NO_SECOND_FACTOR)
    return decision
