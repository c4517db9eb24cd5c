"""The people who work for a brand, for those who manage them."""

from collections.abc import Sequence
from uuid import UUID

import strawberry
from strawberry import ID

from core import contacts, identity
from core.identity import MANAGE, READ, StaffRow
from core.work import Work
from schema import relay
from schema.context import Info
from schema.fields import field, mutation, query
from schema.identity import StaffUser
from schema.pages import PAGE, Connection, Count, Page, alone, connection, position, size_of
from schema.payloads import Done, Payload, Remark


@strawberry.type(description="A member of staff in a page.")
class StaffEdge:
    cursor: str = field("Where this item stands.")
    node: StaffUser = field("The member of staff.")


@strawberry.type(description="A page of staff.")
class StaffConnection(Page):
    edges: list[StaffEdge] = field("The items with their cursors.")
    nodes: list[StaffUser] = field("The items.")


@strawberry.type(description="A member of staff, or why nothing was done.")
class StaffPayload(Payload):
    staff: StaffUser | None = field("The person as they are now.")


@strawberry.input(description="Somebody who is to work for the brand.")
class StaffInviteInput:
    email: str = field("Where the invitation is sent to, and what they will sign in with.")
    name: str = field("What to call them.")


@strawberry.input(description="A member of staff.")
class StaffActionInput:
    staff_id: ID = field("Who.")


@strawberry.input(description="What is to be changed of a member of staff.")
class StaffUpdateInput:
    staff_id: ID = field("Who.")
    name: str = field("What to call them.")


@query(StaffConnection, access=READ, cost=2, name="staff")
async def list_staff(
    info: Info, first: int | None = PAGE, after: str | None = None, search: str | None = None
) -> Connection[StaffRow]:
    """Who works for the brand, or did, in the stores that your staff.read reaches, the newest first.

    Whoever has no role yet is seen from every store. A search finds a whole e-mail address.
    """
    size = size_of(first)
    if search is not None:
        found = await identity.staff_with_email(info.work, search)
        return connection(found, first=size, after=after, key=_key_of, count=_all_of(found))
    last = position(after, UUID)
    rows = await identity.page_of_staff(info.work, after=last[0] if last else None, limit=size + 1)
    return connection(rows, first=size, after=after, key=_key_of, count=alone(identity.count_staff))


@mutation(StaffPayload, access=MANAGE, spans_works=True)
async def staff_invite(info: Info, input: StaffInviteInput) -> StaffRow | None:
    """Send somebody a token to come with, or another one to whoever has not come yet; roles are given by roleAssign."""
    email = contacts.email_address(input.email, path=("input", "email"))
    name = contacts.text(input.name, path=("input", "name"))
    first = await identity.first_password(info.platform.rules(identity.DemoRules))
    async with info.writing() as work:
        invited = await identity.invite_staff(work, email=email, name=name, password_hash=first)
        return await _person(work, invited)


@mutation(StaffPayload, access=MANAGE)
async def staff_update(work: Work, input: StaffUpdateInput) -> StaffRow | None:
    """Call somebody by another name, who may do nothing that you may not."""
    name = contacts.text(input.name, path=("input", "name"))
    return await _person(work, await identity.rename_staff(work, _key(input.staff_id), name))


@mutation(StaffPayload, access=MANAGE)
async def staff_deactivate(work: Work, input: StaffActionInput) -> Done:
    """Let somebody go, who may do nothing that you may not: they are signed out at once, and their apps with them."""
    return await _changed(work, input, done=await identity.deactivate_staff(work, _key(input.staff_id)))


@mutation(StaffPayload, access=MANAGE)
async def staff_activate(work: Work, input: StaffActionInput) -> Done:
    """Let somebody work here again in the roles they had, which must be no more than you may do."""
    return await _changed(work, input, done=await identity.activate_staff(work, _key(input.staff_id)))


@mutation(StaffPayload, access=MANAGE)
async def staff_sign_out(work: Work, input: StaffActionInput) -> StaffRow | None:
    """End every session of somebody, who may do nothing that you may not."""
    return await _person(work, await identity.sign_out_staff(work, _key(input.staff_id)))


@mutation(StaffPayload, access=MANAGE)
async def staff_totp_reset(work: Work, input: StaffActionInput) -> StaffRow | None:
    """Take the second factor from somebody who has lost it, and who may do nothing that you may not."""
    return await _person(work, await identity.clear_second_factor(work, _key(input.staff_id)))


def _all_of(found: Sequence[StaffRow]) -> Count:
    async def count(_: Work, owners: Sequence[object]) -> list[int]:
        return [len(found)] * len(owners)

    return count


def _key_of(row: StaffRow) -> Sequence[object]:
    return [row.id]


async def _changed(work: Work, input: StaffActionInput, *, done: bool) -> Done:
    remarks = [] if done else [Remark("ALREADY_DONE", "This was so already.", input.staff_id)]
    return Done(await _person(work, _key(input.staff_id)), remarks)


async def _person(work: Work, staff_id: UUID | None) -> StaffRow | None:
    found = await identity.visible_staff(work, [staff_id], MANAGE) if staff_id is not None else [None]
    return found[0]


def _key(staff_id: ID) -> UUID | None:
    return relay.key_of("StaffUser", staff_id)
