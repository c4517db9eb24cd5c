"""Asking somebody to work for the brand."""

from uuid import UUID

from core import access, audit, notices
from core.identity.errors import StaffKnown, too_soon
from core.identity.notices import STAFF_INVITED
from core.identity.rules import IdentityRules
from core.identity.staff import tickets
from core.identity.staff.managing import require_covered
from core.identity.staff.people import SUBJECT, StaffRow, add_staff, by_email, email_of
from core.identity.staff.tickets import Purpose
from core.notices import Notice
from core.work import Work

PATH = ("input", "email")


async def invite_staff(work: Work, *, email: str, name: str, password_hash: str | None) -> UUID:
    """Send somebody a ticket to come with, or another one to whoever was sent one and has not come.

    That one goes to the address on record: the one that was typed may only look the same.
    """
    await access.hold(work)
    known = await by_email(work, email)
    if known is None:
        staff_id = await add_staff(work, email=email, name=name, password_hash=password_hash)
    else:
        staff_id, email = await _awaited(work, known), email_of(work, known)
    if not await send_invitation(work, staff_id, email):
        raise too_soon(work.rules(IdentityRules).resend_seconds, path=PATH)
    await audit.record(work, "staff.invited", SUBJECT, staff_id)
    return staff_id


async def send_invitation(work: Work, staff_id: UUID, email: str) -> bool:
    """Send a person the ticket by which they choose their password; False where one was sent a moment ago."""
    token = await tickets.issue(work, staff_id, Purpose.INVITE)
    if token is not None:
        await notices.send(work, Notice(STAFF_INVITED, email, {"token": token, "brand": work.brand.slug}))
    return token is not None


async def _awaited(work: Work, known: StaffRow) -> UUID:
    """Somebody who was invited and has not come yet; with roles that the actor holds, if with any."""
    if known.has_password or known.second_factor:  # who came by a provider has come
        raise StaffKnown(path=PATH)
    await require_covered(work, known.id, path=PATH)
    return known.id
