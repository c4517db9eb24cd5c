"""The endpoint for people: they are shown what an app wants, sign in and let it, or not."""

from collections.abc import Awaitable
from uuid import UUID

from authlib.oauth2.rfc6749 import OAuth2Error
from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from core import apps
from core.errors import DomainError
from core.identity import Proof, prove
from core.work import Work
from schema.http import adapters, page
from schema.http.exchange import keep_consent, load_consent
from schema.http.oauth import Answer, Loaded, Server
from schema.http.parameters import Parameters, parse, parse_form
from schema.http.visits import Reception, Visit, status_of
from tenants.throttle import STAFF_SIGN_IN

#: parameters of a request for consent, which the form says again
ASKED = ("response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method")
_UNKEPT = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


class Consenting:
    """Nobody is remembered between the page and the answer: the form says everything, and who it is that sends it."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception

    async def page(self, request: Request) -> Response:
        """Show what the app wants."""
        return await _spoken(self._show(request))

    async def decide(self, request: Request) -> Response:
        """Take what the person before the page says."""
        return await _spoken(self._take(request))

    async def _show(self, request: Request) -> Response:
        visit = await self._reception.receive(request)
        said = parse(request.url.query.encode())
        server, asked = Server(await _loaded(visit, said), visit.issuer), adapters.Request("GET", said)
        try:
            server.get_consent_grant(asked)
        except OAuth2Error as error:
            return _sent(server.refuse(asked, error))
        return _consent(visit, server, asked, said)

    async def _take(self, request: Request) -> Response:
        visit = await self._reception.receive(request)
        said = parse_form(request.headers.get("content-type", ""), request.url.query, await request.body())
        server, asked = Server(await _loaded(visit, said), visit.issuer), adapters.Request("POST", said)
        try:
            grant = server.get_consent_grant(asked)
        except OAuth2Error as error:
            return _sent(server.refuse(asked, error))
        if said.get("decision") != "allow":
            return _sent(server.create_authorization_response(asked, None, grant))
        try:
            return _sent(await _allowed(visit, server, said))
        except DomainError as refused:
            return _consent(visit, server, asked, said, refused)


async def _spoken(answering: Awaitable[Response]) -> Response:
    """A response to a person, whatever comes of it."""
    try:
        return await answering
    except OAuth2Error as error:
        return page.refusal(error.description, 400)
    except DomainError as refused:
        return page.refusal(refused.message, status_of(refused))


async def _allowed(visit: Visit, server: Server, said: Parameters) -> Answer:
    """Have the code kept by the transaction that found out who it is."""
    info, app = visit.info, server.loaded.app
    assert app is not None, "it asked for consent"

    async def consent(work: Work, staff_id: UUID) -> Answer:
        return await _given(work, visit, said, await load_consent(work, app, staff_id), staff_id)

    proof = Proof(said.get("email") or "", said.get("password") or "", said.get("totp_code"))
    async with info.attempt(STAFF_SIGN_IN, proof.email):
        return await prove(info.writing, proof, consent)


async def _given(work: Work, visit: Visit, said: Parameters, loaded: Loaded, staff_id: UUID) -> Answer:
    server, asked = Server(loaded, visit.issuer), adapters.Request("POST", said)
    try:
        grant = server.get_consent_grant(asked)
    except OAuth2Error as error:  # the app was changed meanwhile
        return server.refuse(asked, error)
    answer: Answer = server.create_authorization_response(asked, staff_id, grant)
    await keep_consent(work, server, staff_id)
    return answer


async def _loaded(visit: Visit, said: Parameters) -> Loaded:
    """The app that asks, if there is one by that name."""
    client_id, info = said.get("client_id"), visit.info
    if client_id is None:
        return Loaded(None)
    async with info.platform.open_work(info.tenant, info.viewer, read_only=True) as work:
        return Loaded(await apps.by_client_id(work, client_id))


def _consent(
    visit: Visit, server: Server, asked: adapters.Request, said: Parameters, refused: DomainError | None = None
) -> HTMLResponse:
    app, info = server.loaded.app, visit.info
    assert app is not None, "it asked for consent"
    labels = info.platform.hooks(info.tenant.plugins).permissions
    return page.consent(
        brand=info.tenant.name,
        app=app.name,
        wishes=[labels[name].label for name in asked.scope.split() if name in labels],
        asked={name: value for name in ASKED if (value := said.get(name)) is not None},
        redirect_uri=asked.payload.redirect_uri,
        email=said.get("email") or "",
        refusal=refused.message if refused else "",
        status=status_of(refused) if refused else 200,
    )


def _sent(answer: Answer) -> Response:
    """Back to the app, or, where it is not known to whom, a page that says why."""
    if answer.status == 303:
        return Response(status_code=303, headers=dict(answer.headers) | _UNKEPT)
    body = answer.body if isinstance(answer.body, dict) else {}
    return page.refusal(body.get("error_description") or body.get("error", ""), answer.status)
