"""Choosing a password: to come in with, instead of one that was forgotten, or instead of the present one."""

import base64
from uuid import UUID

from core import audit, notices
from core.actors import Actor, ActorKind
from core.identity.errors import PasswordWrong, TicketWrong
from core.identity.events import PasswordResetRequested
from core.identity.notices import RESET_ASKED
from core.identity.rules import DemoRules, IdentityRules
from core.identity.staff import accounts, passwords, tickets
from core.identity.staff.accounts import Account, address_of
from core.identity.staff.people import SUBJECT, set_name
from core.identity.staff.tickets import Purpose
from core.identity.tokens import refresh_tokens, sessions
from core.identity.tokens.refresh_tokens import Session
from core.notices import Notice
from core.work import Work, Works

PASSWORD, TOKEN = ("input", "password"), ("input", "token")
_PLACE = "outbox.password_reset"


async def first_password(rules: DemoRules) -> str | None:
    """The hash of what everybody begins with in a demo; elsewhere nobody has a password that they did not choose."""
    return await passwords.hashed(rules.fixed_password) if rules.fixed_password is not None else None


async def accept_invitation(works: Works, token: str, password: str, name: str | None) -> Session:
    """Come to work for the brand: choose a password, and be signed in with it."""
    kept = await _chosen(works, token, Purpose.INVITE, password)
    async with works() as work:
        staff_id = await _replace(work, token, Purpose.INVITE, kept)
        if name is not None:
            await set_name(work, staff_id, name)
        await audit.record(work, "staff.joined", SUBJECT, staff_id)
        return await refresh_tokens.issue(work, refresh_tokens.signing_in(Actor(ActorKind.STAFF, staff_id)))


async def request_password_reset(work: Work, email: str) -> None:
    """Have a ticket sent to whoever has that address; whether somebody has it is found out later and elsewhere."""
    work.emit(PasswordResetRequested(sealed=base64.b64encode(work.vault.seal(email, _PLACE)).decode()))


async def send_reset(work: Work, event: PasswordResetRequested) -> None:
    """Send it, to the address that is on record: the one that was typed may only look the same."""
    found = await accounts.account_of(work, str(work.vault.open(base64.b64decode(event.sealed), _PLACE)))
    if found is None or found.password_hash is None:
        return
    token = await tickets.issue(work, found.id, Purpose.RESET)
    if token is not None:
        await audit.record(work, "staff.password_reset_requested", SUBJECT, found.id)
        await notices.send(work, Notice(RESET_ASKED, address_of(work, found), {"token": token}))


async def reset_password(works: Works, token: str, password: str) -> None:
    """Choose another password with a ticket; whoever is signed in with the old one is not any more."""
    kept = await _chosen(works, token, Purpose.RESET, password)
    async with works() as work:
        staff_id = await _replace(work, token, Purpose.RESET, kept)
        await sessions.end_all(work, ActorKind.STAFF, staff_id)
        await audit.record(work, "staff.password_reset", SUBJECT, staff_id)


async def change_password(works: Works, present: str, password: str) -> None:
    """Choose another password by the present one; one's other sessions end."""
    async with works() as work:
        own = await accounts.own(work)
        _check(work, own, password, ("input", "newPassword"))
    right = await passwords.matches(own.password_hash, present)
    kept = await passwords.hashed(password) if right else None
    async with works() as work:
        held = await accounts.own(work)
        done = kept is not None and held.password_hash == own.password_hash
        if done and kept is not None:
            await accounts.set_password(work, held.id, kept)
            await tickets.void(work, held.id)  # by which it could be replaced again
            await sessions.end_all(work, ActorKind.STAFF, held.id, but=work.actor.session)
        await audit.record(work, "staff.password_changed" if done else "staff.password_change_failed", SUBJECT, held.id)
    if not done:
        raise PasswordWrong(path=("input", "currentPassword"))


async def _chosen(works: Works, token: str, purpose: Purpose, password: str) -> str:
    """The hash of a password that the holder of a good ticket may choose; the ticket is not used up by it."""
    async with works() as work:
        staff_id = await tickets.holder(work, token, purpose)
        found = await accounts.account(work, staff_id) if staff_id is not None else None
        if found is None:
            raise TicketWrong(path=TOKEN)
        _check(work, found, password, PASSWORD)
    return await passwords.hashed(password)


async def _replace(work: Work, token: str, purpose: Purpose, kept: str) -> UUID:
    """Use the ticket up, and keep the password; first of all the account is held, as whoever lets people go does."""
    staff_id = await tickets.holder(work, token, purpose)
    held = await accounts.hold(work, staff_id) if staff_id is not None else None
    if held is not None and purpose is Purpose.INVITE and held.second_factor:  # which nobody signs in without
        raise TicketWrong(path=TOKEN)
    if held is None or not await tickets.take(work, held.id, token, purpose):
        raise TicketWrong(path=TOKEN)
    await accounts.set_password(work, held.id, kept)
    return held.id


def _check(work: Work, account: Account, password: str, path: tuple[str, ...]) -> None:
    shortest = work.rules(IdentityRules).password_length
    passwords.check(password, email=address_of(work, account), shortest=shortest, path=path)
