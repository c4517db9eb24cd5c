"""Rows before authlib's server decides, and rows after it: all within one transaction."""

import base64
from uuid import UUID

import orjson

from core import apps, identity
from core.actors import Actor, ActorKind
from core.apps import AppRow, Consent
from core.errors import Unauthenticated
from core.identity import Claims, Session
from core.ids import new_id
from core.work import Work
from schema.context import Info
from schema.http.adapters import Code, Request, Seen, Token
from schema.http.oauth import Loaded, Server
from schema.http.parameters import Credentials, Parameters


async def load(work: Work, credentials: Credentials, said: Parameters) -> Loaded:
    """What a request for tokens speaks of, as far as it is that app's."""
    app = await apps.by_client_id(work, credentials.client_id)
    code, token = said.get("code"), said.get("refresh_token")
    return Loaded(
        app,
        credentials,
        code=await _code(work, code) if code else None,
        token=await _token(work, token, app) if token and app else None,
    )


async def load_consent(work: Work, app: AppRow, staff_id: UUID) -> Loaded:
    """An app that asks, as it is now, and what the person before it may do."""
    present = (await apps.by_ids(work, [app.id]))[0]
    return Loaded(present, held=await identity.grants_of_person(work, staff_id))


async def load_seen(work: Work, credentials: Credentials, said: Parameters, calling: Seen | None) -> Loaded:
    """A token that an app asks about or ends, if it is its own and good."""
    app, text = await apps.by_client_id(work, credentials.client_id), said.get("token")
    if app is None or text is None:
        return Loaded(app, credentials)
    own = calling if calling is not None and calling.app_id == app.id else None
    return Loaded(app, credentials, seen=own or await _renewing(work, text, app))


async def access_token(info: Info, text: str) -> Seen | None:
    """An app's access token as it is seen: for what it could do if it called now."""
    try:
        claims = info.platform.claims_of(info.tenant, text)
        actor = await info.platform.standings.actor(info.tenant, claims, info.viewer.origin)
    except Unauthenticated:
        return None
    if claims.kind != ActorKind.APP:
        return None
    scopes = tuple(name for name in claims.scopes if name in actor.grants)
    return Seen(claims.id, claims.session, "Bearer", scopes, claims.on_behalf_of, *_lifetime(text))


async def issue(work: Work, server: Server, request: Request) -> Session | None:
    """Issue the tokens that the server has decided to give; None where a code or token is used up after all."""
    app = server.loaded.app
    assert app is not None, "tokens are issued to an app"
    if request.authorization_code is not None:
        return await _by_code(work, app, request.authorization_code)
    asked = request.payload.scope
    if request.refresh_token is not None:
        fewer = tuple(dict.fromkeys(asked.split())) if asked else None
        return await identity.refresh(work, request.refresh_token.text, app_id=app.id, scopes=fewer)
    scopes = tuple(request.client.get_allowed_scope(asked).split())
    return await identity.issue(work, Claims(ActorKind.APP, app.id, new_id(), scopes=scopes), renewable=False)


async def keep_consent(work: Work, server: Server, staff_id: UUID) -> None:
    """Keep the code that the server has decided to give, as the person who consented."""
    app, consented = server.loaded.app, server.consented
    assert app is not None, "a code is given to an app"
    if consented is None:
        return
    code, request = consented
    work.actor = Actor(ActorKind.STAFF, staff_id, origin=work.actor.origin)
    said = request.payload.data
    uri, scopes = request.payload.redirect_uri, tuple(request.scope.split())
    await apps.keep_code(work, code, Consent(app.id, staff_id, uri, scopes, said["code_challenge"]))


async def _by_code(work: Work, app: AppRow, code: Code) -> Session | None:
    """A code that comes twice was stolen by somebody: what came of it ends."""
    row = code.row
    if not await apps.use_code(work, row):
        await identity.end(work, [row.family])
        return None
    claims = Claims(ActorKind.APP, app.id, row.family, on_behalf_of=row.staff_id, scopes=tuple(row.scopes))
    return await identity.issue(work, claims)


async def _code(work: Work, text: str) -> Code | None:
    row = await apps.find_code(work, text)
    return Code(row) if row is not None and await _works_here(work, row.staff_id) else None


async def _token(work: Work, text: str, app: AppRow) -> Token | None:
    found = await identity.renewal(work, text, app.id)
    if found is None or found.on_behalf_of is None or not await _works_here(work, found.on_behalf_of):
        return None
    return Token(text, found)


async def _works_here(work: Work, staff_id: UUID) -> bool:
    return (await identity.by_ids(work, [staff_id]))[0] is not None


async def _renewing(work: Work, text: str, app: AppRow) -> Seen | None:
    """A refresh token as it is seen."""
    found = await identity.renewal(work, text, app.id)
    if found is None or not found.good:
        return None
    lifetime = int(found.issued_at.timestamp()), int(found.expires_at.timestamp())
    return Seen(app.id, found.session, "refresh_token", tuple(found.scopes), found.on_behalf_of, *lifetime)


def _lifetime(token: str) -> tuple[int, int]:
    """From when until when a token is good that was verified, in seconds since 1970."""
    said = token.split(".")[1]
    claims = orjson.loads(base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)))
    return claims["iat"], claims["exp"]
