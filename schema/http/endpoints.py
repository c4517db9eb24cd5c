"""The endpoints for apps: tokens, and what is known of them."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from authlib.oauth2.rfc6749 import InvalidGrantError, InvalidRequestError, OAuth2Error
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from limits import parse as limit

from core import identity
from core.actors import system
from core.errors import DomainError, Unauthenticated
from core.identity import Session
from schema.http import adapters, metadata
from schema.http.consenting import Consenting
from schema.http.exchange import access_token, issue, load, load_seen
from schema.http.oauth import Answer, Loaded, Server
from schema.http.parameters import Credentials, Parameters, credentials_of, parse_form
from schema.http.visits import Reception, Visit, status_of
from tenants import Platform
from tenants.throttle import Guard

OAUTH = Guard(name="oauth", address=limit("100 per 15 minutes"))  #: what is guessed there has 256 bits
_UNKEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_KEPT = {"Cache-Control": "public, max-age=300"}
Handler = Callable[[Request], Awaitable[Response]]
Act = Callable[[Visit, Credentials, Parameters], Awaitable[Answer]]


def routes(platform: Platform, *, base_domain: str, production: bool) -> APIRouter:
    """The endpoints of every brand."""
    reception = Reception(platform, base_domain, production)
    endpoints, consenting = Endpoints(reception), Consenting(reception)
    router = APIRouter()
    for path, handler, methods in (
        (metadata.AUTHORIZE, consenting.page, ["GET"]),
        (metadata.AUTHORIZE, consenting.decide, ["POST"]),
        (metadata.TOKEN, endpoints.by_app(_token), ["POST"]),
        (metadata.REVOKE, endpoints.by_app(_revoke), ["POST"]),
        (metadata.INTROSPECT, endpoints.by_app(_introspect), ["POST"]),
        (metadata.METADATA, endpoints.told(lambda visit: metadata.metadata(visit.issuer, visit.info)), ["GET"]),
        (metadata.KEYS, endpoints.told(lambda visit: metadata.keys(visit.info)), ["GET"]),
    ):
        router.add_api_route(path, handler, methods=methods)
    return router


class Endpoints:
    """Turns requests into what the server decides about, and back."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception

    def told(self, tell: Callable[[Visit], Mapping[str, Any]]) -> Handler:
        """An endpoint that tells everybody the same."""

        async def handle(request: Request) -> Response:
            try:
                visit = await self._reception.receive(request)
            except DomainError as refused:
                return _unserved(refused)
            return JSONResponse(tell(visit), headers=_KEPT)

        return handle

    def by_app(self, act: Act) -> Handler:
        """An endpoint that apps call, each as itself; failures count against the address that they come from."""

        async def handle(request: Request) -> Response:
            answer: Answer | None = None
            try:
                visit = await self._reception.receive(request)
                address = visit.info.viewer.origin.address
                async with visit.info.platform.attempt(visit.info.tenant, address, OAUTH):
                    answer = await _answer(request, visit, act)
                    if answer.status != 200:
                        raise Unauthenticated(reason="what was sent is not good for anything.")
            except DomainError as refused:
                return _sent(answer) if answer is not None else _unserved(refused)
            return _sent(answer)

        return handle


async def _answer(request: Request, visit: Visit, act: Act) -> Answer:
    try:
        told = request.headers.get("content-type", "")
        said = parse_form(told, request.url.query, await request.body())
        return await act(visit, credentials_of(request.headers.get("authorization"), said), said)
    except OAuth2Error as error:
        return Answer(*error())


async def _token(visit: Visit, credentials: Credentials, said: Parameters) -> Answer:
    """Tokens for an app, or why there are none."""
    if said.get("grant_type") is None:
        raise InvalidRequestError("There is no grant_type.")
    info, request = visit.info, adapters.Request("POST", said)
    async with info.platform.open_work(info.tenant, system("oauth").coming_from(info.viewer.origin)) as work:
        server = Server(await load(work, credentials, said), visit.issuer)
        answer: Answer = server.create_token_response(request)
        if server.issued is None:
            return answer
        session = await issue(work, server, request)
    if session is None:  # said after the commit, so that what had to end has ended
        raise InvalidGrantError("It is used up, or too old.")
    return Answer(200, _body(session), answer.headers)


async def _revoke(visit: Visit, credentials: Credentials, said: Parameters) -> Answer:
    """End the session that a token belongs to."""
    server = Server(await _seen(visit, credentials, said), visit.issuer)
    answer: Answer = server.create_endpoint_response("revocation", adapters.Request("POST", said))
    if server.ended is not None:
        async with visit.info.writing() as work:
            await identity.end(work, [server.ended.session])
    return answer


async def _introspect(visit: Visit, credentials: Credentials, said: Parameters) -> Answer:
    """What a token is good for."""
    server = Server(await _seen(visit, credentials, said), visit.issuer)
    answer: Answer = server.create_endpoint_response("introspection", adapters.Request("POST", said))
    return answer


async def _seen(visit: Visit, credentials: Credentials, said: Parameters) -> Loaded:
    info, text = visit.info, said.get("token")
    calling = await access_token(info, text) if text is not None else None
    async with info.platform.open_work(info.tenant, info.viewer, read_only=True) as work:
        return await load_seen(work, credentials, said, calling)


def _body(session: Session) -> dict[str, Any]:
    """Tokens as they are handed out (RFC 6749, section 5.1)."""
    body = {
        "access_token": session.access_token,
        "token_type": "Bearer",
        "expires_in": session.expires_in,
        "scope": " ".join(session.claims.scopes),
    }
    return body if session.refresh_token is None else body | {"refresh_token": session.refresh_token}


def _sent(answer: Answer) -> Response:
    return JSONResponse(answer.body, answer.status, headers=dict(answer.headers) | _UNKEPT)


def _unserved(refused: DomainError) -> Response:
    """What keeps anybody from being served."""
    status = status_of(refused)
    error = "invalid_request" if status == 400 else "temporarily_unavailable"
    wait = {} if refused.retry_after is None else {"Retry-After": str(refused.retry_after)}
    return JSONResponse({"error": error, "error_description": refused.message}, status, headers=wait | _UNKEPT)
