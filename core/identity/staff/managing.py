"""Letting colleagues go and in again: nobody manages whoever may do what they themselves may not."""

from uuid import UUID

from core import access, audit
from core.actors import ActorKind
from core.errors import Invalid, NotFound
from core.identity.permissions import MANAGE
from core.identity.staff import colleagues, second_factor, tickets
from core.identity.staff.people import SUBJECT, StaffRow, hold_quota, set_name
from core.identity.tokens import sessions
from core.work import Work

PATH = ("input", "staffId")

SET_ACTIVE = "UPDATE staff SET active = $3 WHERE tenant_id = $1 AND id = $2 AND active <> $3"


async def manageable(work: Work, staff_id: UUID | None) -> StaffRow:
    """A colleague whom the actor may manage; nobody's roles change until this transaction ends."""
    await access.hold(work)
    found = (await colleagues.visible_staff(work, [staff_id], MANAGE))[0] if staff_id is not None else None
    if found is None:
        raise NotFound(what="member of staff", path=PATH)
    await require_covered(work, found.id, path=PATH)
    return found


async def _colleague(work: Work, staff_id: UUID | None) -> StaffRow:
    """Somebody else than the actor, whom the actor may manage."""
    person = await manageable(work, staff_id)
    if person.id in {work.actor.id, work.actor.on_behalf_of}:
        raise Invalid(reason="This can be done by a colleague only, not by yourself.", path=PATH)
    return person


async def require_covered(work: Work, staff_id: UUID, *, path: tuple[str, ...]) -> None:
    """Refuse to do anything to somebody who may do more than the actor, or elsewhere; oneself one may do it to.

    The caller has held the brand: whoever manages staff no more since their request came does not.
    """
    theirs = await access.grants_of(work, staff_id)
    await access.require_above(work, {MANAGE.name: frozenset(), **theirs}, path=path)


async def deactivate_staff(work: Work, staff_id: UUID | None) -> bool:
    """Let somebody go, who is signed out at once; False when they had gone already."""
    person = await _colleague(work, staff_id)
    if not await work.execute(SET_ACTIVE, person.id, False):
        return False
    await access.require_owner(work, path=PATH)
    await tickets.void(work, person.id)
    ended = await sessions.end_all(work, ActorKind.STAFF, person.id)
    await audit.record(work, "staff.deactivated", SUBJECT, person.id, after={"sessions_ended": ended})
    return True


async def activate_staff(work: Work, staff_id: UUID | None) -> bool:
    """Let somebody work here again, in the roles they had; False when they do."""
    person = await manageable(work, staff_id)
    if person.active:
        return False
    await hold_quota(work)
    await work.execute(SET_ACTIVE, person.id, True)
    await audit.record(work, "staff.activated", SUBJECT, person.id)
    return True


async def rename_staff(work: Work, staff_id: UUID | None, name: str) -> UUID:
    """Call somebody by another name."""
    person = await manageable(work, staff_id)
    await set_name(work, person.id, name)
    await audit.record(work, "staff.renamed", SUBJECT, person.id)
    return person.id


async def clear_second_factor(work: Work, staff_id: UUID | None) -> UUID:
    """Ask somebody for a second factor no more, who has lost both authenticator and recovery codes."""
    person = await _colleague(work, staff_id)
    await second_factor.clear(work, person.id)
    return person.id


async def sign_out_staff(work: Work, staff_id: UUID | None) -> UUID:
    """End every session of somebody, and of the apps that act for them."""
    person = await manageable(work, staff_id)
    ended = await sessions.end_all(work, ActorKind.STAFF, person.id)
    await audit.record(work, "staff.signed_out", SUBJECT, person.id, after={"sessions_ended": ended})
    return person.id
