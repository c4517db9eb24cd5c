"""Staff choose their passwords."""

import strawberry

from core import contacts, identity
from schema.context import Info
from schema.fields import PUBLIC, STAFF, Served, field, mutation
from schema.identity import SignInPayload, signed_in
from schema.payloads import Done, Payload
from tenants.throttle import STAFF_PASSWORD_RESET, STAFF_SECRET, STAFF_TICKET


@strawberry.type(description="Whether it was done, or why not.")
class StaffPasswordPayload(Payload):
    changed: bool | None = field("True when the new password holds.")


@strawberry.type(description="The same, whether somebody has the address or not.")
class StaffPasswordResetRequestPayload(Payload):
    expires_in: int | None = field("Seconds for which the token that was sent is good, if one was sent.")


@strawberry.input(description="An invitation, and what its holder will sign in with.")
class StaffInvitationAcceptInput:
    token: str = field("As it was sent.")
    password: str = field("A password that nobody will guess.")
    name: str | None = strawberry.field(description="What to call you, if not as you were invited.", default=None)


@strawberry.input(description="Whose password is forgotten.")
class StaffPasswordResetRequestInput:
    email: str = field("The e-mail address.")


@strawberry.input(description="Another password, for whoever was sent a token.")
class StaffPasswordResetInput:
    token: str = field("As it was sent.")
    password: str = field("A password that nobody will guess.")


@strawberry.input(description="Another password, for whoever knows the present one.")
class StaffPasswordChangeInput:
    current_password: str = field("The present one.")
    new_password: str = field("A password that nobody will guess.")


@mutation(SignInPayload, access=PUBLIC, spans_works=True)
async def staff_invitation_accept(info: Info, input: StaffInvitationAcceptInput) -> Done:
    """Come to work for the brand: choose a password, and be signed in. An invitation is good once."""
    path = ("input", "name")
    name = contacts.text(input.name, path=path) if input.name is not None else None
    async with info.attempt(STAFF_TICKET):
        session = await identity.accept_invitation(info.writing, input.token, input.password, name)
    return await signed_in(info, session)


@mutation(StaffPasswordResetRequestPayload, access=PUBLIC, spans_works=True, served=Served.EVERYWHERE)
async def staff_password_reset_request(info: Info, input: StaffPasswordResetRequestInput) -> int:
    """Have a token sent to that address, if somebody works here who has it; the answer does not tell."""
    email = contacts.email_address(input.email, path=("input", "email"))
    async with info.attempt(STAFF_PASSWORD_RESET, email), info.writing() as work:
        await identity.request_password_reset(work, email)
        return work.rules(identity.IdentityRules).reset_minutes * 60


@mutation(StaffPasswordPayload, access=PUBLIC, spans_works=True, served=Served.EVERYWHERE)
async def staff_password_reset(info: Info, input: StaffPasswordResetInput) -> bool:
    """Choose another password with the token that was sent, which is good once; every session of yours ends."""
    async with info.attempt(STAFF_TICKET):
        await identity.reset_password(info.writing, input.token, input.password)
    return True


@mutation(StaffPasswordPayload, access=STAFF, spans_works=True, served=Served.EVERYWHERE)
async def staff_password_change(info: Info, input: StaffPasswordChangeInput) -> bool:
    """Choose another password; your other sessions end, and this one goes on."""
    async with info.attempt(STAFF_SECRET, str(info.viewer.id)):
        await identity.change_password(info.writing, input.current_password, input.new_password)
    return True
