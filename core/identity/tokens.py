"""Tokens: a short signed one to call with, a long opaque one to renew it, used once."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from core import clock
from core.actors import Actor, ActorKind
from core.errors import Unauthenticated
from core.identity import sessions
from core.identity.claims import Claims
from core.identity.rules import IdentityRules
from core.ids import new_id, new_secret
from core.work import Work

ALGORITHM = "Ed25519"  # RFC 9864; the only one accepted
ISSUER = "hexmart"
LONGEST = 2_000  #: characters of a token

KEEP = """
INSERT INTO refresh_token (tenant_id, token_hash, family, subject_kind, subject_id, issued_at, expires_at,
    on_behalf_of, scopes)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
USE = """
UPDATE refresh_token SET used_at = $3
WHERE tenant_id = $1 AND token_hash = $2 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $3
RETURNING family, subject_kind, subject_id, on_behalf_of, scopes
"""
FAMILY = "SELECT family FROM refresh_token WHERE tenant_id = $1 AND token_hash = $2"


@dataclass(frozen=True, slots=True)
class Session:
    access_token: str
    refresh_token: str | None  #: None: not to be renewed
    expires_in: int  #: seconds until the access token ends
    claims: Claims


async def issue(work: Work, claims: Claims, *, renewable: bool = True) -> Session:
    """Give tokens for a session, a new one or one that goes on."""
    rules = work.rules(IdentityRules)
    lifetime = rules.access_minutes * 60
    refresh_token = await _keep(work, claims, timedelta(days=rules.refresh_days)) if renewable else None
    return Session(_signed(work, claims, lifetime), refresh_token, lifetime, claims)


def signing_in(subject: Actor) -> Claims:
    """What the tokens of a new session say."""
    assert subject.id is not None, "only somebody can be signed in"
    return Claims(subject.kind, subject.id, new_id())


async def refresh(work: Work, refresh_token: str) -> Session | None:
    """Trade a refresh token for a new session. One used twice was stolen by somebody: its whole family ends.

    None when it is refused; the caller commits, so that the revocation stands.
    """
    used = await work.fetch(USE, _hash(refresh_token), clock.now())
    if not used:
        family = await work.value(FAMILY, _hash(refresh_token))
        if family is not None:
            await sessions.end(work, [family])
        return None
    row = used[0]
    scopes = tuple(row["scopes"] or ())
    claims = Claims(ActorKind(row["subject_kind"]), row["subject_id"], row["family"], row["on_behalf_of"], scopes)
    return await issue(work, claims)


def verify(token: str, keys: Mapping[str, OKPKey], tenant_slug: str) -> Claims:
    """What a token says, if this tenant signed it with one of the keys, named by `kid`, and it has not ended."""
    try:
        if len(token) > LONGEST:
            raise ValueError("too long")
        decoded = jwt.decode(token, lambda signed: keys[signed.headers()["kid"]], algorithms=[ALGORITHM])
        _registry(tenant_slug).validate(decoded.claims)
        return _claims(decoded.claims)
    except (JoseError, ValueError, KeyError, TypeError, AttributeError):
        raise Unauthenticated(reason="the token is not valid here, or no longer.") from None


def _claims(said: Mapping[str, str]) -> Claims:
    behalf = said.get("act_for")
    return Claims(
        kind=ActorKind(said["kind"]),
        id=UUID(said["sub"]),
        session=UUID(said["sid"]),
        on_behalf_of=UUID(behalf) if behalf is not None else None,
        scopes=tuple(said.get("scope", "").split()),
    )


async def _keep(work: Work, claims: Claims, lifetime: timedelta) -> str:
    token, now = new_secret(), clock.now()
    subject = (claims.session, str(claims.kind), claims.id, now, now + lifetime)
    await work.execute(KEEP, _hash(token), *subject, claims.on_behalf_of, list(claims.scopes) or None)
    return token


def _signed(work: Work, claims: Claims, lifetime: int) -> str:
    now = int(clock.now().timestamp())
    said = {
        "iss": ISSUER,
        "aud": work.brand.slug,
        "sub": str(claims.id),
        "sid": str(claims.session),
        "kind": str(claims.kind),
        "iat": now,
        "exp": now + lifetime,
        "jti": str(new_id()),
    }
    if claims.on_behalf_of is not None:
        said["act_for"] = str(claims.on_behalf_of)
    if claims.scopes:
        said["scope"] = " ".join(claims.scopes)
    generation = work.brand.token_generation
    header = {"alg": ALGORITHM, "kid": str(generation)}
    return jwt.encode(header, said, work.vault.token_key(generation), algorithms=[ALGORITHM])


def _registry(tenant_slug: str) -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        now=lambda: int(clock.now().timestamp()),
        iss={"essential": True, "value": ISSUER},
        aud={"essential": True, "value": tenant_slug},
        sub={"essential": True},
        sid={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        kind={"essential": True, "values": ["member", "staff", "app"]},
    )


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
