"""The short signed token that calls are made with (JWT), and what it takes to be one of ours."""

import base64
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Literal
from uuid import UUID

import orjson
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from pydantic import BaseModel, ConfigDict, StrictInt, StrictStr

from core import clock
from core.actors import ActorKind
from core.errors import Unauthenticated
from core.identity.rules import LONGEST_ACCESS
from core.identity.tokens.claims import Claims
from core.ids import new_id
from core.work import Work

ALGORITHM = "Ed25519"  # RFC 9864; the only one accepted
ISSUER = "hexmart"
LONGEST = 4_000  #: characters of a token
KNOWN = 10_000  #: tokens whose signature is not looked at again, some 10 MB
SKEW = 60  #: seconds that the clock of the machine that signed may be ahead; a token that has ended has no such grace
KINDS = frozenset({ActorKind.MEMBER, ActorKind.STAFF, ActorKind.APP})


class _Said(BaseModel):
    """The claims of a token of ours: these, each of its own type, and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    iss: Literal["hexmart"]
    aud: StrictStr  #: the tenant's slug
    sub: UUID
    sid: UUID
    kind: ActorKind
    iat: StrictInt
    exp: StrictInt
    jti: UUID
    act_for: UUID | None = None
    scope: StrictStr = ""

    def holds_at(self, tenant_slug: str, now: float, longest: int) -> bool:
        """Whether it is good for that tenant at that moment."""
        known = self.aud == tenant_slug and self.kind in KINDS
        return known and now < self.exp <= self.iat + longest * 60 and self.iat <= now + SKEW


def sign(work: Work, claims: Claims, lifetime: int) -> str:
    """A token that says this for so many seconds."""
    now = int(clock.now().timestamp())
    said: dict[str, object] = {
        "iss": ISSUER,
        "aud": work.brand.slug,
        "sub": claims.id,
        "sid": claims.session,
        "kind": claims.kind,
        "iat": now,
        "exp": now + lifetime,
        "jti": new_id(),
    }
    if claims.on_behalf_of is not None:
        said["act_for"] = claims.on_behalf_of
    if claims.scopes:
        said["scope"] = " ".join(claims.scopes)
    generation = work.brand.token_generation
    key = work.vault.token_key(generation)
    return jws.serialize_compact(_header(str(generation)), orjson.dumps(said, default=str), key, algorithms=[ALGORITHM])


def verify(token: str, keys: Mapping[str, OKPKey], tenant_slug: str, longest: int = LONGEST_ACCESS) -> Claims:
    """What a token says, if this tenant signed it with one of the keys, named by `kid`, and it has not ended.

    Its header is not read but compared with the only one that goes with each key: it cannot ask for anything. One that
    was given for more minutes than are allowed now is good no more: an ended session is remembered for as many.
    """
    try:
        if len(token) > LONGEST:
            raise ValueError("no token of ours is so long")
        key = {_encoded(kid): key for kid, key in keys.items()}[token.partition(".")[0]]
        said = _signed(token, key.public_key.public_bytes_raw())
        if not said.holds_at(tenant_slug, clock.now().timestamp(), longest):
            raise ValueError("it is another tenant's, or has ended")
    except (JoseError, KeyError, ValueError, RecursionError):
        raise Unauthenticated(reason="the token is not valid here, or no longer.") from None
    return Claims(said.kind, said.sub, said.sid, said.act_for, tuple(said.scope.split()))


def seconds_left(token: str) -> float:
    """How long a token lasts that was verified."""
    said = token.split(".")[1]
    ends = orjson.loads(base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)))["exp"]
    return float(ends - clock.now().timestamp())


@lru_cache(maxsize=KNOWN)
def _signed(token: str, public: bytes) -> _Said:
    """What a key has signed; remembered, since a caller sends the same token for minutes. What is none is not."""
    key = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": _base64url(public)})
    signed = jws.deserialize_compact(token, key, algorithms=[ALGORITHM])
    return _Said.model_validate(json.loads((signed.payload or b"").decode(), object_pairs_hook=_each_once))


def _header(kid: str) -> dict[str, str]:
    return {"typ": "JWT", "alg": ALGORITHM, "kid": kid}


@lru_cache(maxsize=256)
def _encoded(kid: str) -> str:
    """The header of every token that a key signs, as it stands in front of it."""
    return _base64url(orjson.dumps(_header(kid)))


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _each_once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    said = dict(pairs)
    if len(said) != len(pairs):
        raise ValueError("a claim stands twice")
    return said
