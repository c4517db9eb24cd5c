"""Tokens: a short signed one to call with, a long opaque one to renew it, used once."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from core import access, clock
from core.actors import Actor, ActorKind, member
from core.errors import Unauthenticated
from core.identity.rules import IdentityRules
from core.identity.staff import by_ids
from core.ids import new_id, new_secret
from core.work import Work

ALGORITHM = "Ed25519"  # RFC 9864; the only one accepted
ISSUER = "hexmart"
LONGEST = 2_000  #: characters of a token

KEEP = """
INSERT INTO refresh_token (tenant_id, token_hash, family, subject_kind, subject_id, issued_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
USE = """
UPDATE refresh_token SET used_at = $3
WHERE tenant_id = $1 AND token_hash = $2 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $3
RETURNING family, subject_kind, subject_id
"""
FAMILY = "SELECT family FROM refresh_token WHERE tenant_id = $1 AND token_hash = $2"
REVOKE = "UPDATE refresh_token SET revoked_at = $3 WHERE tenant_id = $1 AND family = $2 AND revoked_at IS NULL"


@dataclass(frozen=True, slots=True)
class Session:
    access_token: str
    refresh_token: str
    expires_in: int  #: seconds until the access token ends
    subject: Actor


@dataclass(frozen=True, slots=True)
class Claims:
    kind: ActorKind
    id: UUID


async def issue(work: Work, subject: Actor, *, family: UUID | None = None) -> Session:
    """Sign somebody in, or go on with a sign-in by its family."""
    assert subject.id is not None, "only somebody can be signed in"
    rules, now, refresh_token = work.rules(IdentityRules), clock.now(), new_secret()
    expires = now + timedelta(days=rules.refresh_days)
    await work.execute(KEEP, _hash(refresh_token), family or new_id(), str(subject.kind), subject.id, now, expires)
    lifetime = rules.access_minutes * 60
    claims = {
        "iss": ISSUER,
        "aud": work.brand.slug,
        "sub": str(subject.id),
        "kind": str(subject.kind),
        "iat": int(now.timestamp()),
        "exp": int(now.timestamp()) + lifetime,
        "jti": str(new_id()),
    }
    token = jwt.encode({"alg": ALGORITHM}, claims, work.vault.token_key, algorithms=[ALGORITHM])
    return Session(token, refresh_token, lifetime, subject)


async def refresh(work: Work, refresh_token: str) -> Session | None:
    """Trade a refresh token for a new session. One used twice was stolen by somebody: its whole family ends.

    None when it is refused; the caller commits, so that the revocation stands.
    """
    used = await work.fetch(USE, _hash(refresh_token), clock.now())
    if not used:
        family = await work.value(FAMILY, _hash(refresh_token))
        if family is not None:
            await work.execute(REVOKE, family, clock.now())
        return None
    row = used[0]
    subject = await actor_of(work, Claims(ActorKind(row["subject_kind"]), row["subject_id"]))
    return await issue(work, subject, family=row["family"])


def verify(token: str, key: OKPKey, tenant_slug: str) -> Claims:
    """What a token says, if this tenant signed it and it has not ended."""
    try:
        if len(token) > LONGEST:
            raise ValueError("too long")
        decoded = jwt.decode(token, key, algorithms=[ALGORITHM])
        _registry(tenant_slug).validate(decoded.claims)
        return Claims(ActorKind(decoded.claims["kind"]), UUID(decoded.claims["sub"]))
    except (JoseError, ValueError, KeyError, TypeError):
        raise Unauthenticated(reason="the token is not valid here, or no longer.") from None


async def actor_of(work: Work, claims: Claims) -> Actor:
    """The actor a token stands for, with what it may do now."""
    if claims.kind == ActorKind.MEMBER:
        return member(claims.id)
    if claims.kind != ActorKind.STAFF or (await by_ids(work, [claims.id]))[0] is None:
        raise Unauthenticated(reason="this person does not work here any more.")
    return Actor(ActorKind.STAFF, claims.id, grants=await access.grants_of(work, claims.id))


def _registry(tenant_slug: str) -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        now=lambda: int(clock.now().timestamp()),
        iss={"essential": True, "value": ISSUER},
        aud={"essential": True, "value": tenant_slug},
        sub={"essential": True},
        exp={"essential": True},
        kind={"essential": True, "values": ["member", "staff"]},
    )


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
