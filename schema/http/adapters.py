"""Requests and rows as authlib wants to ask them."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, OAuth2Payload, OAuth2Request, TokenMixin

from core import apps
from core.apps import AppRow, CodeRow
from core.identity import Renewal
from schema.http.parameters import Parameters


class Request(OAuth2Request):  # type: ignore[misc]  # authlib has no annotations
    """A request."""

    def __init__(self, method: str, said: Parameters) -> None:
        super().__init__(method, "https://this.host")  # whether it came by TLS is the affair of whoever ends that
        self.payload = Payload(said)

    @property
    def form(self) -> Mapping[str, str]:
        """The parameters of a POST."""
        return self.payload.data


class Payload(OAuth2Payload):  # type: ignore[misc]  # authlib has no annotations
    """Parameters."""

    def __init__(self, said: Parameters) -> None:
        self._said = said

    @property
    def data(self) -> Mapping[str, str]:
        """What was said once."""
        return {name: value for name, value in self._said.values.items() if name not in self._said.repeated}

    @property
    def datalist(self) -> Mapping[str, list[str]]:
        """How often each was said, as far as it matters."""
        return {name: [value] * (1 + (name in self._said.repeated)) for name, value in self._said.values.items()}


class Client(ClientMixin):  # type: ignore[misc]  # authlib has no annotations
    """An app."""

    def __init__(self, app: AppRow) -> None:
        self.app = app

    def get_default_redirect_uri(self) -> None:
        """There is none: it must always be said where the browser is to go."""

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Whether the app has registered it."""
        return apps.is_registered(redirect_uri, self.app.redirect_uris)

    def check_response_type(self, response_type: str) -> bool:
        """Whether it may be answered so."""
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        """Whether it may get tokens so: who has no secret cannot act by itself."""
        return self.app.confidential or grant_type != "client_credentials"

    def get_allowed_scope(self, scope: str | None) -> str:
        """What is asked for, each once; who asks for nothing in particular asks for all."""
        return " ".join(dict.fromkeys((scope or "").split() or self.app.scopes))


class Code(AuthorizationCodeMixin):  # type: ignore[misc]  # authlib has no annotations
    """An authorization code, of somebody who works for the brand still."""

    code_challenge_method = "S256"

    def __init__(self, row: CodeRow) -> None:
        self.row = row
        self.code_challenge = row.code_challenge

    def get_redirect_uri(self) -> str:
        """Where it was sent."""
        return self.row.redirect_uri

    def get_scope(self) -> str:
        """What was consented to."""
        return " ".join(self.row.scopes)


class Token(TokenMixin):  # type: ignore[misc]  # authlib has no annotations
    """A refresh token of the app that has shown to be itself."""

    def __init__(self, text: str, renewal: Renewal) -> None:
        self.text = text
        self.renewal = renewal

    def check_client(self, _: Client) -> bool:
        """It was loaded for this app."""
        return True

    def get_scope(self) -> str:
        """What it was given for."""
        return " ".join(self.renewal.scopes)


@dataclass(frozen=True, slots=True)
class Seen:
    """A token of an app, of either kind, whose session goes on."""

    app_id: UUID
    session: UUID
    kind: str
    scopes: tuple[str, ...]  #: as far as they are good for anything now
    on_behalf_of: UUID | None
    issued_at: int  #: in seconds since 1970; this and the next
    expires_at: int

    def check_client(self, _: Client) -> bool:
        """It was loaded for this app."""
        return True

    def is_expired(self) -> bool:
        """It was loaded because it is good."""
        return False

    def is_revoked(self) -> bool:
        """The same."""
        return False
