"""Signing in, and who is signed in."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from core import apps, contacts, identity, members
from core.actors import Actor, ActorKind, member
from core.errors import Unauthenticated
from core.identity import CodeWrong, Proof, Session, StaffRow, signing_in
from core.work import Work
from schema.apps import PartnerApp
from schema.context import Info
from schema.fields import PUBLIC, Served, batched, field, mutation, node_type, query
from schema.members import Member
from schema.payloads import Done, Payload
from schema.relay import Loader, Node
from tenants.throttle import MEMBER_SIGN_IN, ONE_TIME_CODE, STAFF_SIGN_IN, TOKEN_REFRESH


async def _load_staff(work: Work, ids: Sequence[UUID]) -> list[StaffRow | None]:
    """Staff see themselves, and others as far as their staff.read reaches."""
    if work.actor.may(identity.READ.name):
        return await identity.visible_staff(work, ids)
    found = await identity.by_ids(work, ids)
    return [person if person and person.id == work.actor.id else None for person in found]


@node_type(StaffRow, _load_staff)
class StaffUser(Node):
    """A person who works for the brand."""

    active: bool = field("Whether they still do.")
    pending: bool = field("Whether they were invited and have not come yet.")
    second_factor: bool = field("Whether they sign in with a second factor.")
    added_at: datetime = field("When they were invited.")


@batched(StaffUser, str, cost=0, name="email")
async def staff_email(people: Sequence[StaffRow], info: Info) -> list[str]:
    """The address they sign in with."""
    return [identity.email_of(info.work, person) for person in people]


@batched(StaffUser, str, cost=0, name="name")
async def staff_name(people: Sequence[StaffRow], info: Info) -> list[str]:
    """What they are called."""
    return [identity.name_of(info.work, person) for person in people]


@batched(StaffUser, list[str], cost=0)
async def permissions(people: Sequence[StaffRow], info: Info) -> list[list[str]]:
    """What you may do yourself, in at least one store; of others, see their roles."""
    return [sorted(info.viewer.grants) if person.id == info.viewer.id else [] for person in people]


_LOADERS: Mapping[ActorKind, Loader] = {
    ActorKind.MEMBER: members.visible,
    ActorKind.STAFF: identity.by_ids,
    ActorKind.APP: apps.by_ids,
}
Viewer = Annotated[Member | StaffUser | PartnerApp, strawberry.union("Viewer", description="Who is calling.")]


@strawberry.type(description="Tokens, or why nobody was signed in.")
class SignInPayload(Payload):
    access_token: str | None = field("Send it as `Authorization: Bearer ...`.")
    refresh_token: str | None = field("Good for one tokenRefresh.")
    expires_in: int | None = field("Seconds until the access token ends.")
    viewer: Viewer | None = field("Who is signed in now.")


@strawberry.type(description="Whether a code was sent.")
class MemberOtpRequestPayload(Payload):
    retry_after: int | None = field("Seconds after which another code can be asked for.")


@strawberry.input(description="A phone to send a one-time code to.")
class MemberOtpRequestInput:
    phone: str = field("With or without country code.")


@strawberry.input(description="A phone and the code that was sent to it.")
class MemberSignInInput:
    phone: str = field("With or without country code.")
    code: str = field("The code.")
    invitation_code: str | None = strawberry.field(description="Who has invited the new member.", default=None)


@strawberry.input(description="A member of staff's own password.")
class StaffSignInInput:
    email: str = field("The e-mail address.")
    password: str = field("The password.")
    totp_code: str | None = strawberry.field(
        description="What the authenticator shows, or a recovery code; where a second factor was set up.", default=None
    )


@strawberry.input(description="A refresh token.")
class TokenRefreshInput:
    refresh_token: str = field("The one last given; it is used up.")


@query(Viewer | None, access=PUBLIC, served=Served.EVERYWHERE)
async def viewer(info: Info) -> object:
    """Who is calling: a member, a member of staff, a partner's app, or null for a guest."""
    return await _person(info.work, info.viewer)


@mutation(MemberOtpRequestPayload, access=PUBLIC, spans_works=True)
async def member_otp_request(info: Info, input: MemberOtpRequestInput) -> int:
    """Send a one-time code; in demo mode nothing is sent and every code is 000000."""
    phone = contacts.e164(input.phone, locale=info.tenant.locale, path=("input", "phone"))
    sends = info.work.rules(identity.DemoRules).fixed_code is None
    async with info.attempt(ONE_TIME_CODE, phone) if sends else nullcontext(), info.writing() as work:
        await identity.request_code(work, phone)
        return work.rules(identity.IdentityRules).resend_seconds


@mutation(SignInPayload, access=PUBLIC, spans_works=True)
async def member_sign_in(info: Info, input: MemberSignInInput) -> Done:
    """Sign in with a one-time code; who is not a member yet becomes one."""
    session: Session | None = None
    phone = contacts.e164(input.phone, locale=info.tenant.locale, path=("input", "phone"))
    async with info.attempt(MEMBER_SIGN_IN, phone):
        async with info.writing() as work:
            if await identity.take_code(work, phone, input.code):
                session = await identity.issue(work, signing_in(member(await members.join(work, phone))))
        if session is None:  # said after the commit, so that the wrong try stays counted
            raise CodeWrong(path=("input", "code"))
    return await signed_in(info, session)


@mutation(SignInPayload, access=PUBLIC, spans_works=True, served=Served.EVERYWHERE)
async def staff_sign_in(info: Info, input: StaffSignInInput) -> Done:
    """Sign in with e-mail address and password, and with the second factor where one was set up."""
    async with info.attempt(STAFF_SIGN_IN, input.email):
        proof = Proof(input.email, input.password, input.totp_code)
        session = await identity.prove(info.writing, proof, _begin)
    return await signed_in(info, session)


@mutation(SignInPayload, access=PUBLIC, spans_works=True, served=Served.EVERYWHERE)
async def token_refresh(info: Info, input: TokenRefreshInput) -> Done:
    """Trade a refresh token for new tokens. One that was used before ends every session that came of it."""
    async with info.attempt(TOKEN_REFRESH):
        async with info.writing() as work:
            session = await identity.refresh(work, input.refresh_token)
        if session is None:
            raise Unauthenticated(reason="the refresh token is used, ended or unknown.")
    return await signed_in(info, session)


async def _begin(work: Work, staff_id: UUID) -> Session:
    return await identity.issue(work, signing_in(Actor(ActorKind.STAFF, staff_id)))


async def signed_in(info: Info, session: Session) -> Done:
    """The payload of a sign-in; what follows in this request is done by whoever signed in."""
    await info.close()
    info.viewer = await info.platform.standings.actor(info.tenant, session.claims, info.viewer.origin)
    person = await _person(info.work, info.viewer)
    more = {"refresh_token": session.refresh_token, "expires_in": session.expires_in, "viewer": person}
    return Done(session.access_token, more=more)


async def _person(work: Work, actor: Actor) -> object:
    if actor.id is None:
        return None
    return (await _LOADERS[actor.kind](work, [actor.id]))[0]
