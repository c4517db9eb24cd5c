"""Tokens: a short signed one to call with, a long opaque one to renew it, used once."""

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from core import clock
from core.actors import Actor, ActorKind
from core.identity.rules import IdentityRules
from core.identity.tokens import sessions
from core.identity.tokens.access_tokens import sign
from core.identity.tokens.claims import Claims
from core.ids import new_id, new_secret
from core.work import Work

KEEP = """
INSERT INTO refresh_token (tenant_id, token_hash, family, subject_kind, subject_id, issued_at, expires_at,
    on_behalf_of, scopes, provider_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
#: an app's token is good for that app alone, which has shown that it is that app; a person's is good for no app
OF_APP = "CASE WHEN subject_kind = 'app' THEN subject_id END IS NOT DISTINCT FROM $3::uuid"
USE = f"""
UPDATE refresh_token SET used_at = $4
WHERE tenant_id = $1 AND token_hash = $2 AND {OF_APP}
AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $4
AND NOT EXISTS (SELECT FROM ended_session e WHERE e.tenant_id = $1 AND e.id = family)
RETURNING family, subject_kind, subject_id, on_behalf_of, scopes, provider_id
"""
FAMILY = f"SELECT family FROM refresh_token WHERE tenant_id = $1 AND token_hash = $2 AND {OF_APP}"


@dataclass(frozen=True, slots=True)
class Session:
    access_token: str
    refresh_token: str | None  #: None: not to be renewed
    expires_in: int  #: seconds until the access token ends
    claims: Claims


async def issue(
    work: Work,
    claims: Claims,
    *,
    renewable: bool = True,
    scopes: tuple[str, ...] | None = None,
    provider_id: UUID | None = None,
) -> Session:
    """Give tokens for a session, a new one or one that goes on; the access token may be for fewer scopes.

    The provider is the one by which somebody has signed in. What is not to be renewed has its row as well, whose token
    nobody is given: by it the session can be ended.
    """
    rules = work.rules(IdentityRules)
    lifetime = timedelta(minutes=rules.access_minutes)
    renewed_within = timedelta(days=rules.refresh_days) if renewable else lifetime
    refresh_token = await _keep(work, claims, renewed_within, provider_id)
    said = claims if scopes is None else replace(claims, scopes=scopes)
    seconds = int(lifetime.total_seconds())
    return Session(sign(work, said, seconds), refresh_token if renewable else None, seconds, said)


def signing_in(subject: Actor) -> Claims:
    """What the tokens of a new session say."""
    assert subject.id is not None, "only somebody can be signed in"
    return Claims(subject.kind, subject.id, new_id())


async def refresh(
    work: Work, refresh_token: str, *, app_id: UUID | None = None, scopes: tuple[str, ...] | None = None
) -> Session | None:
    """Trade a refresh token for a new session. One used twice was stolen by somebody: its whole family ends.

    An app says which it is, and may ask for fewer scopes, until it asks again. None when it is refused; the caller
    commits, so that the revocation stands.
    """
    used = await work.fetch(USE, hash_of(refresh_token), app_id, clock.now())
    if not used:
        family = await work.value(FAMILY, hash_of(refresh_token), app_id)
        if family is not None:
            await sessions.end(work, [family])
        return None
    row = used[0]
    granted = tuple(row["scopes"] or ())
    claims = Claims(ActorKind(row["subject_kind"]), row["subject_id"], row["family"], row["on_behalf_of"], granted)
    return await issue(work, claims, scopes=scopes, provider_id=row["provider_id"])


async def _keep(work: Work, claims: Claims, lifetime: timedelta, provider_id: UUID | None) -> str:
    token, now = new_secret(), clock.now()
    subject = (claims.session, str(claims.kind), claims.id, now, now + lifetime)
    await work.execute(KEEP, hash_of(token), *subject, claims.on_behalf_of, list(claims.scopes) or None, provider_id)
    return token


def hash_of(token: str) -> bytes:
    """How a refresh token is kept."""
    return hashlib.sha256(token.encode()).digest()
