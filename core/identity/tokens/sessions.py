"""Sessions: who holds one, and ending it before its tokens end by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core import clock
from core.actors import ActorKind
from core.identity.rules import IdentityRules
from core.ids import made_at
from core.work import Work

REVOKE = (
    "UPDATE refresh_token SET revoked_at = $3 WHERE tenant_id = $1 AND family = any($2::uuid[]) AND revoked_at IS NULL"
)
END = """
INSERT INTO ended_session (tenant_id, id, until) SELECT $1, s.id, $3 FROM unnest($2::uuid[]) AS s(id)
ON CONFLICT (tenant_id, id) DO NOTHING
"""
OF_SUBJECT = """
SELECT family FROM refresh_token
WHERE tenant_id = $1 AND revoked_at IS NULL AND expires_at > $4 AND subject_kind = $2 AND subject_id = $3
UNION SELECT family FROM refresh_token
WHERE tenant_id = $1 AND revoked_at IS NULL AND expires_at > $4 AND on_behalf_of = $3
UNION SELECT family FROM authorization_code
WHERE tenant_id = $1 AND used_at IS NULL AND expires_at > $4 AND (staff_id = $3 OR app_id = $3)
"""
BY_PROVIDER = """
SELECT DISTINCT family FROM refresh_token
WHERE tenant_id = $1 AND provider_id = $2 AND revoked_at IS NULL AND expires_at > $3
"""
OPEN = """
WITH own AS (
    SELECT family FROM refresh_token WHERE tenant_id = $1 AND subject_kind = $2 AND subject_id = $3
    UNION SELECT family FROM refresh_token WHERE tenant_id = $1 AND on_behalf_of = $3
)
SELECT t.family, min(t.subject_kind), max(t.issued_at) FROM refresh_token t
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
    renewed_at: datetime

    @property
    def begun_at(self) -> datetime:
        """When it was given its id; its first tokens may be forgotten."""
        return made_at(self.id)


async def end(work: Work, sessions: Sequence[UUID]) -> None:
    """End sessions: nothing renews them, and their access tokens are refused from now on."""
    rules, now = work.rules(IdentityRules), clock.now()
    await work.execute(REVOKE, list(sessions), now)
    # what is renewed at this very moment cannot be seen to be revoked: the row says so for as long as it might be used
    await work.execute(END, list(sessions), now + timedelta(minutes=rules.access_minutes) + UNDER_WAY)


async def end_all(work: Work, kind: ActorKind, subject_id: UUID, *, but: UUID | None = None) -> int:
    """Sign somebody out everywhere, apps that act for them included; returns how many sessions ended.

    One that an app has a code for, and has not begun yet, has ended when it begins.
    """
    rows = await work.fetch(OF_SUBJECT, str(kind), subject_id, clock.now())
    ending = [row["family"] for row in rows if row["family"] != but]
    await end(work, ending)
    return len(ending)


async def end_begun_by(work: Work, provider_id: UUID) -> int:
    """End the sessions of everybody who has signed in by a provider; returns how many."""
    ending = [row["family"] for row in await work.fetch(BY_PROVIDER, provider_id, clock.now())]
    await end(work, ending)
    return len(ending)


async def sessions_of(work: Work, kind: ActorKind, subject_id: UUID, *, limit: int) -> list[SessionRow]:
    """Where somebody is signed in, and the apps that act for them, the newest first."""
    return await work.rows(SessionRow, OPEN, str(kind), subject_id, clock.now(), limit)


async def ended(work: Work) -> frozenset[UUID]:
    """The sessions that were ended while an access token of theirs may still be about."""
    return frozenset(row["id"] for row in await work.fetch(ENDED, clock.now()))
