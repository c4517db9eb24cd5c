"""authlib's OAuth 2 server, for one request: it decides by rows that were loaded before, and writes nothing.

It is synchronous, so it is made anew for each request, and what it has decided is written after it. It makes no tokens.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc6749 import (
    AuthorizationServer,
    InvalidClientError,
    InvalidRequestError,
    InvalidScopeError,
    OAuth2Error,
    UnsupportedResponseTypeError,
)

from core.access import Grants
from core.apps import AppRow
from schema.http.adapters import Client, Code, Request, Seen, Token
from schema.http.grants import ByApp, ByCode, ByRefreshToken, Introspection, Proof, Revocation
from schema.http.parameters import Credentials

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What is known of a request's app, and of the code or token in it; None: there is no such, or not for this app."""

    app: AppRow | None
    credentials: Credentials | None = None
    code: Code | None = None
    token: Token | None = None
    seen: Seen | None = None  #: a token that is asked about, or to be ended
    held: Grants = field(default_factory=dict)  #: by whoever consents


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Mapping[str, Any] | str
    headers: Headers


class Server(AuthorizationServer):  # type: ignore[misc]  # authlib has no annotations
    """Decides about one request. What it has decided is in its attributes, to be written by whoever asked it."""

    def __init__(self, loaded: Loaded, issuer: str) -> None:
        super().__init__()
        self.loaded = loaded
        self.issued: Request | None = None  #: the request that tokens are to be issued for
        self.consented: tuple[str, Request] | None = None  #: a code and the request that it is given for
        self.ended: Seen | None = None  #: the token whose session is to end
        self._issuer = issuer
        self.register_token_generator("default", lambda **_: {})
        self.register_grant(ByApp)
        self.register_grant(ByCode, [Proof()])
        self.register_grant(ByRefreshToken)
        self.register_endpoint(Revocation)
        self.register_endpoint(Introspection)

    def query_client(self, client_id: str) -> Client | None:
        """The app, if it is let in."""
        app = self.loaded.app
        return Client(app) if app is not None and app.active and app.client_id == client_id else None

    def authenticate_client(self, request: Request, methods: list[str], endpoint: str = "token") -> Client:  # noqa: ARG002 - authlib names it
        """The app, if it has proved that it is that one; nobody learns whether there is such an app."""
        said = self.loaded.credentials
        client = self.query_client(said.client_id) if said is not None else None
        if said is None or client is None or said.method not in methods or not _proves(client.app, said):
            raise InvalidClientError("This is no app of this brand, or it has not proved to be it.", status_code=401)
        request.auth_method = said.method
        return client

    def save_token(self, token: dict[str, Any], request: Request) -> None:  # noqa: ARG002 - it is empty
        """Remember that tokens are to be issued."""
        self.issued = request

    def validate_requested_scope(self, scope: str | None) -> None:
        """Refuse what the app may not be given."""
        if self.loaded.app is not None and not set((scope or "").split()) <= set(self.loaded.app.scopes):
            raise InvalidScopeError

    def get_authorization_grant(self, request: Request) -> ByCode:
        """The one way to be authorized; authlib would repeat what was asked for in its answer."""
        if request.payload.response_type is None:
            raise InvalidRequestError("There is no response_type.")
        if request.payload.response_type != "code":
            raise UnsupportedResponseTypeError("that")
        return super().get_authorization_grant(request)  # type: ignore[no-any-return]  # authlib has no annotations

    def redirect_of(self, request: Request) -> str | None:
        """Where the browser may be sent with an error: to what the app that is named once has registered."""
        said = request.payload.datalist
        if len(said.get("client_id", ())) != 1 or len(said.get("redirect_uri", ())) != 1:
            return None
        client, uri = self.query_client(request.payload.client_id), request.payload.redirect_uri
        return uri if client is not None and client.check_redirect_uri(uri) else None

    def refuse(self, request: Request, error: OAuth2Error) -> Answer:
        """Tell the app by way of the browser, or, where it is not known who that is, the person before it."""
        error.redirect_uri, error.state = self.redirect_of(request), request.payload.state
        return self.handle_error_response(request, error)  # type: ignore[no-any-return]  # authlib has no annotations

    def send_signal(self, name: str, *_: object, **__: object) -> None:
        """Nobody listens."""

    def create_oauth2_request(self, request: Request) -> Request:
        """It is one already."""
        return request

    def handle_response(self, status: int, body: Mapping[str, Any] | str, headers: Headers) -> Answer:
        """A redirect says who sends it (RFC 9207), and has a POST followed by a GET."""
        if status != 302:
            return Answer(status, body, headers)
        return Answer(303, body, [(name, add_params_to_uri(uri, [("iss", self._issuer)])) for name, uri in headers])


def _proves(app: AppRow, said: Credentials) -> bool:
    """Whether an app that has a secret says it, and one that has none says none."""
    return not app.confidential if said.secret is None else app.knows(said.secret)
