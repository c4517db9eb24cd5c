"""Whom a token stands for, and what they may do now."""

from uuid import UUID

from core import access, apps
from core.access import Grants
from core.actors import Actor, ActorKind
from core.errors import Unauthenticated
from core.identity.rules import IdentityRules
from core.identity.staff.people import by_ids
from core.identity.tokens.claims import Claims
from core.work import Work


async def actor_of(work: Work, claims: Claims) -> Actor:
    """The actor a token stands for, with what it may do now."""
    if claims.kind == ActorKind.MEMBER:
        return Actor(ActorKind.MEMBER, claims.id, session=claims.session)
    of_app = claims.kind == ActorKind.APP
    grants = await _grants_of_app(work, claims) if of_app else await grants_of_person(work, claims.id)
    return Actor(claims.kind, claims.id, grants=grants, session=claims.session, on_behalf_of=claims.on_behalf_of)


async def grants_of_person(work: Work, staff_id: UUID) -> Grants:
    """What a member of staff may do now; raises Unauthenticated for who does not work here any more."""
    person = (await by_ids(work, [staff_id]))[0]
    if person is None:
        raise Unauthenticated(reason="this person does not work here any more.")
    if work.rules(IdentityRules).totp_required and not person.second_factor:
        return {}  # what needs no permission is left, and setting up a second factor is of that
    return await access.grants_of(work, staff_id)


async def _grants_of_app(work: Work, claims: Claims) -> Grants:
    """What the token was given, the app still has and, where it acts for somebody, that person still may."""
    app = (await apps.by_ids(work, [claims.id]))[0]
    if app is None or not app.active:
        raise Unauthenticated(reason="this app is not let in any more.")
    scopes = set(claims.scopes) & set(app.scopes)
    if claims.on_behalf_of is None:
        return dict.fromkeys(sorted(scopes), None)
    person = await grants_of_person(work, claims.on_behalf_of)
    return {name: stores for name, stores in person.items() if name in scopes}
