"""Where somebody is signed in, and signing out."""

from collections.abc import Sequence
from datetime import datetime

import strawberry

from core import audit, identity
from core.actors import ANONYMOUS, Actor, ActorKind
from core.identity import SessionRow
from core.work import Work
from schema.context import Info
from schema.fields import SIGNED_IN, Served, batched, field, mutation, query, row_type
from schema.payloads import Payload

MOST = 100  #: sessions that are shown


@row_type(SessionRow)
class Session:
    """A sign-in, and all that was renewed of it."""

    kind: str = field("Whose it is: member, staff, or app for an app that acts for you.")
    begun_at: datetime = field("When somebody signed in.")
    renewed_at: datetime = field("When its tokens were renewed last.")


@batched(Session, bool, cost=0)
async def current(found: Sequence[SessionRow], info: Info) -> list[bool]:
    """Whether it is the one that asks."""
    return [row.id == info.viewer.session for row in found]


@strawberry.type(description="How many sessions ended.")
class SignOutPayload(Payload):
    ended: int | None = field("Sessions that are over; their tokens are refused from now on.")


@query(list[Session], access=SIGNED_IN, cost=20, served=Served.EVERYWHERE)
async def sessions(info: Info) -> list[SessionRow]:
    """Where you are signed in, the newest first, a hundred at most."""
    viewer = info.viewer
    if viewer.id is None:
        return []
    found = await identity.sessions_of(info.work, viewer.kind, viewer.id, limit=MOST)
    return found if viewer.on_behalf_of is None else [row for row in found if row.id == viewer.session]


@mutation(SignOutPayload, access=SIGNED_IN, spans_works=True, served=Served.EVERYWHERE)
async def sign_out(info: Info) -> int:
    """End this session; what follows in the same request is asked by a guest."""
    async with info.writing() as work:
        ending = [info.viewer.session] if info.viewer.session is not None else []
        await identity.end(work, ending)
        await _log(work, len(ending))
    return _guest(info, len(ending))


@mutation(SignOutPayload, access=SIGNED_IN, spans_works=True, served=Served.EVERYWHERE)
async def sign_out_everywhere(info: Info) -> int:
    """End all of your sessions, this one and those of apps that act for you among them."""
    async with info.writing() as work:
        ended = await _end_all(work, info.viewer)
        await _log(work, ended)
    return _guest(info, ended)


async def _end_all(work: Work, viewer: Actor) -> int:
    assert viewer.id is not None, "whoever is signed in is somebody"
    if viewer.on_behalf_of is not None and viewer.session is not None:  # the app's other sessions are other people's
        await identity.end(work, [viewer.session])
        return 1
    return await identity.end_all(work, viewer.kind, viewer.id)


async def _log(work: Work, ended: int) -> None:
    """Members' own comings and goings are nobody's business."""
    if work.actor.kind == ActorKind.STAFF:
        await audit.record(work, "staff.signed_out", "StaffUser", work.actor.id, after={"sessions_ended": ended})


def _guest(info: Info, ended: int) -> int:
    info.viewer = ANONYMOUS.coming_from(info.viewer.origin)
    return ended
