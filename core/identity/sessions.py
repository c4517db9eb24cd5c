"""Sessions: who holds one, and ending it before its tokens end by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
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
SELECT family FROM refresh_token
WHERE tenant_id = $1 AND revoked_at IS NULL AND expires_at > $4 AND subject_kind = $2 AND subject_id = $3
UNION SELECT family FROM refresh_token
WHERE tenant_id = $1 AND revoked_at IS NULL AND expires_at > $4 AND on_behalf_of = $3
"""
OPEN = """
WITH own AS (
    SELECT family FROM refresh_token WHERE tenant_id = $1 AND subject_kind = $2 AND subject_id = $3
    UNION SELECT family FROM refresh_token WHERE tenant_id = $1 AND on_behalf_of = $3
)
SELECT t.family, min(t.subject_kind), min(t.issued_at), max(t.issued_at) FROM refresh_token t
JOIN own ON own.family = t.family
WHERE t.tenant_id = $1 AND NOT EXISTS (SELECT FROM ended_session e WHERE e.tenant_id = $1 AND e.id = t.family)
GROUP BY t.family HAVING bool_or(t.used_at IS NULL AND t.expires_at > $4)
ORDER BY t.family DESC LIMIT $5
"""
UNDER_WAY = timedelta(minutes=1)  #: an access token may be signed while its session ends
ENDED = "SELECT id FROM ended_session WHERE tenant_id = $1 AND until > $2"


@dataclass(slots=True)
class SessionRow:
    id: UUID
    kind: str
    begun_at: datetime
    renewed_at: datetime


async def end(work: Work, sessions: Sequence[UUID]) -> None:
    """End sessions: nothing renews them, and their access tokens are refused from now on."""
    rules, now = work.rules(IdentityRules), clock.now()
    await work.execute(REVOKE, list(sessions), now)
    # what is renewed at this very moment cannot be seen to be revoked: the row says so for as long as it might be used
    await work.execute(FORGET, now - timedelta(days=rules.refresh_days))
    await work.execute(END, list(sessions), now + timedelta(minutes=rules.access_minutes) + UNDER_WAY)


async def end_all(work: Work, kind: ActorKind, subject_id: UUID, *, but: UUID | None = None) -> int:
    """Sign somebody out everywhere, apps that act for them included; returns how many sessions ended."""
    rows = await work.fetch(OF_SUBJECT, str(kind), subject_id, clock.now())
    ending = [row["family"] for row in rows if row["family"] != but]
    await end(work, ending)
    return len(ending)


async def sessions_of(work: Work, kind: ActorKind, subject_id: UUID, *, limit: int) -> list[SessionRow]:
    """Where somebody is signed in, and the apps that act for them, the newest first."""
    return await work.rows(SessionRow, OPEN, str(kind), subject_id, clock.now(), limit)


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
    return await grants_of_person(work, claims.id)


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
