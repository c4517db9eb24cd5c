"""Signing in, and who is signed in."""

import asyncio
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import strawberry

from core import contacts, identity, members
from core.actors import Actor, ActorKind, member
from core.errors import Unauthenticated
from core.identity import CodeWrong, CredentialsWrong, Session, StaffRow, signing_in
from core.work import Work
from schema.context import Info
from schema.fields import PUBLIC, Served, batched, field, mutation, node_type, query
from schema.members import Member
from schema.payloads import Done, Payload
from schema.relay import Node


async def _load_staff(work: Work, ids: Sequence[UUID]) -> list[StaffRow | None]:
    """Staff see themselves; seeing others comes with the permission to manage them."""
    found = await identity.by_ids(work, ids)
    return [person if person and person.id == work.actor.id else None for person in found]


@node_type(StaffRow, _load_staff)
class StaffUser(Node):
    """A person who works for the brand."""


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
    """What they may do, in at least one store."""
    return [sorted(info.viewer.grants) if person.id == info.viewer.id else [] for person in people]


Viewer = Annotated[Member | StaffUser, strawberry.union("Viewer", description="Who is calling.")]


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


@strawberry.input(description="A refresh token.")
class TokenRefreshInput:
    refresh_token: str = field("The one last given; it is used up.")


@query(Viewer | None, access=PUBLIC, served=Served.EVERYWHERE)
async def viewer(info: Info) -> object:
    """Who is calling: a member, a member of staff, or null for a guest."""
    return await _person(info.work, info.viewer)


@mutation(MemberOtpRequestPayload, access=PUBLIC)
async def member_otp_request(work: Work, input: MemberOtpRequestInput) -> int:
    """Send a one-time code; in demo mode nothing is sent and every code is 000000."""
    phone = contacts.e164(input.phone, locale=work.brand.locale, path=("input", "phone"))
    await identity.request_code(work, phone)
    return work.rules(identity.IdentityRules).resend_seconds


@mutation(SignInPayload, access=PUBLIC, spans_works=True)
async def member_sign_in(info: Info, input: MemberSignInInput) -> Done:
    """Sign in with a one-time code; who is not a member yet becomes one."""
    session: Session | None = None
    async with info.writing() as work:
        phone = contacts.e164(input.phone, locale=work.brand.locale, path=("input", "phone"))
        if await identity.take_code(work, phone, input.code):
            session = await identity.issue(work, signing_in(member(await members.join(work, phone))))
    if session is None:  # said after the commit, so that the wrong try stays counted
        raise CodeWrong(path=("input", "code"))
    return await _signed_in(info, session)


@mutation(SignInPayload, access=PUBLIC, spans_works=True, served=Served.EVERYWHERE)
async def staff_sign_in(info: Info, input: StaffSignInInput) -> Done:
    """Sign in with e-mail address and password."""
    person = await identity.by_email(info.work, input.email)
    await info.close()
    if not await asyncio.to_thread(identity.verify_password, person, input.password) or person is None:
        raise CredentialsWrong(path=("input", "password"))
    async with info.writing() as work:
        session = await identity.issue(work, signing_in(Actor(ActorKind.STAFF, person.id)))
    return await _signed_in(info, session)


@mutation(SignInPayload, access=PUBLIC, spans_works=True, served=Served.EVERYWHERE)
async def token_refresh(info: Info, input: TokenRefreshInput) -> Done:
    """Trade a refresh token for new tokens. One that was used before ends every session that came of it."""
    async with info.writing() as work:
        session = await identity.refresh(work, input.refresh_token)
    if session is None:
        raise Unauthenticated(reason="the refresh token is used, ended or unknown.")
    return await _signed_in(info, session)


async def _signed_in(info: Info, session: Session) -> Done:
    """The payload of a sign-in; what follows in this request is done by whoever signed in."""
    await info.close()
    info.viewer = await info.platform.standings.actor(info.tenant, session.claims, info.viewer.origin)
    person = await _person(info.work, info.viewer)
    more = {"refresh_token": session.refresh_token, "expires_in": session.expires_in, "viewer": person}
    return Done(session.access_token, more=more)


async def _person(work: Work, actor: Actor) -> object:
    if actor.id is None:
        return None
    found = await (members.by_ids if actor.kind == ActorKind.MEMBER else identity.by_ids)(work, [actor.id])
    return found[0]
