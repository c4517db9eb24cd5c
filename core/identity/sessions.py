"""Sessions: who holds one, and ending it before its tokens end by themselves."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from core import access, apps, clock
from core.access import Grants
from core.actors import Actor, ActorKind
from core.errors import Unauthenticated
from core.identity.claims import Claims
from core.identity.rules import IdentityRules
from core.identity.staff import by_ids
from core.work import Work

REVOKE = (
    "UPDATE refresh_token SET revoked_at = $3 WHERE tenant_id = $1 AND family = any($2::uuid[]) AND revoked_at IS NULL"
)
END = """
INSERT INTO ended_session (tenant_id, id, until) SELECT $1, s.id, $3 FROM unnest($2::uuid[]) AS s(id)
ON CONFLICT (tenant_id, id) DO NOTHING
"""
FORGET = "DELETE FROM ended_session WHERE tenant_id = $1 AND until < $2"
OF_SUBJECT = """
SELECT DISTINCT family FROM refresh_token
WHERE tenant_id = $1 AND revoked_at IS NULL AND expires_at > $4
AND ((subject_kind = $2 AND subject_id = $3) OR on_behalf_of = $3)
"""
ENDED = "SELECT id FROM ended_session WHERE tenant_id = $1 AND until > $2"


async def end(work: Work, sessions: Sequence[UUID]) -> None:
    """End sessions: nothing renews them, and their access tokens are refused from now on."""
    now = clock.now()
    lifetime = timedelta(minutes=work.rules(IdentityRules).access_minutes)
    await work.execute(REVOKE, list(sessions), now)
    await work.execute(FORGET, now)
    await work.execute(END, list(sessions), now + lifetime)


async def end_all(work: Work, kind: ActorKind, subject_id: UUID) -> int:
    """Sign somebody out everywhere, apps that act for them included; returns how many sessions ended."""
    rows = await work.fetch(OF_SUBJECT, str(kind), subject_id, clock.now())
    await end(work, [row["family"] for row in rows])
    return len(rows)


async def ended(work: Work) -> frozenset[UUID]:
    """The sessions that were ended while an access token of theirs may still be about."""
    return frozenset(row["id"] for row in await work.fetch(ENDED, clock.now()))


async def actor_of(work: Work, claims: Claims) -> Actor:
    """The actor a token stands for, with what it may do now."""
    if claims.kind == ActorKind.MEMBER:
        return Actor(ActorKind.MEMBER, claims.id, session=claims.session)
    grants = await (_grants_of_app if claims.kind == ActorKind.APP else _grants_of_staff)(work, claims)
    return Actor(claims.kind, claims.id, grants=grants, session=claims.session, on_behalf_of=claims.on_behalf_of)


async def _grants_of_staff(work: Work, claims: Claims) -> Grants:
    return await _of_person(work, claims.id)


async def _of_person(work: Work, staff_id: UUID) -> Grants:
    if (await by_ids(work, [staff_id]))[0] is None:
        raise Unauthenticated(reason="this person does not work here any more.")
    return await access.grants_of(work, staff_id)


async def _grants_of_app(work: Work, claims: Claims) -> Grants:
    """What the token was given, the app still has and, where it acts for somebody, that person still may."""
    app = (await apps.by_ids(work, [claims.id]))[0]
    if app is None or not app.active:
        raise Unauthenticated(reason="this app is not let in any more.")
    scopes = set(claims.scopes) & set(app.scopes)
    if claims.on_behalf_of is None:
        return dict.fromkeys(sorted(scopes), None)
    person = await _of_person(work, claims.on_behalf_of)
    return {name: stores for name, stores in person.items() if name in scopes}
