"""The ways to get tokens, and to ask about them and end them, as subclasses of authlib's."""

import re
from typing import Any

from authlib.oauth2.rfc6749 import (
    AccessDeniedError,
    AuthorizationCodeGrant,
    ClientCredentialsGrant,
    InvalidRequestError,
    RefreshTokenGrant,
)
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc7662 import IntrospectionEndpoint

from core.ids import new_secret
from schema.http.adapters import Client, Code, Request, Seen, Token

BY_SECRET = ["client_secret_basic", "client_secret_post"]
BY_ANY = [*BY_SECRET, "none"]
_S256 = re.compile(r"[A-Za-z0-9_-]{43}")


class ByApp(ClientCredentialsGrant):  # type: ignore[misc]  # authlib has no annotations
    """An app acts by itself."""

    TOKEN_ENDPOINT_AUTH_METHODS = BY_SECRET


class ByCode(AuthorizationCodeGrant):  # type: ignore[misc]  # authlib has no annotations
    """A member of staff lets an app act for them."""

    TOKEN_ENDPOINT_AUTH_METHODS = BY_ANY

    @staticmethod
    def validate_authorization_redirect_uri(request: Request, client: Client) -> str:
        """Where the app has registered to be answered; authlib would repeat the address in its refusal."""
        uri: str | None = request.payload.redirect_uri
        if uri is None or not client.check_redirect_uri(uri):
            raise InvalidRequestError("The redirect_uri is none that this app has registered.")
        return uri

    def generate_authorization_code(self) -> str:
        """A code."""
        return new_secret()

    def save_authorization_code(self, code: str, request: Request) -> None:
        """Remember what the code is given for: no more than whoever consents may do."""
        held = self.server.loaded.held
        wanted = request.scope.split()
        granted = [name for name in wanted if name in held]
        if wanted and not granted:
            raise AccessDeniedError("You may do nothing of what was asked for.", redirect_uri=self.redirect_uri)
        request.scope = " ".join(granted)
        self.server.consented = code, request

    def query_authorization_code(self, _: str, client: Client) -> Code | None:
        """The code, if it was given to this app."""
        code: Code | None = self.server.loaded.code
        return code if code is not None and code.row.app_id == client.app.id else None

    def authenticate_user(self, code: Code) -> object:
        """Who has consented; the code was loaded because they work here still."""
        return code.row.staff_id

    def delete_authorization_code(self, _: Code) -> None:
        """It is used up when the tokens are issued."""


class Proof(CodeChallenge):  # type: ignore[misc]  # authlib has no annotations
    """PKCE, by S256, from everybody."""

    DEFAULT_CODE_CHALLENGE_METHOD = "S256"
    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]  # noqa: RUF012 - as authlib has it

    def validate_code_challenge(self, grant: ByCode, redirect_uri: str) -> None:
        """Refuse to go on without a challenge, which authlib would not mind."""
        said = grant.request.payload.data
        if said.get("code_challenge_method") != "S256":
            raise InvalidRequestError("PKCE is wanted: code_challenge_method is S256.")
        if not _S256.fullmatch(said.get("code_challenge", "")):
            raise InvalidRequestError("PKCE is wanted: code_challenge is missing or is no SHA-256.")
        super().validate_code_challenge(grant, redirect_uri)


class ByRefreshToken(RefreshTokenGrant):  # type: ignore[misc]  # authlib has no annotations
    """An app goes on acting for somebody."""

    TOKEN_ENDPOINT_AUTH_METHODS = BY_ANY
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, _: str) -> Token | None:
        """The token, if it is this app's; whether it is good for anything is known when it is used."""
        token: Token | None = self.server.loaded.token
        return token

    def authenticate_user(self, token: Token) -> object:
        """Whom the app acts for."""
        return token.renewal.on_behalf_of

    def revoke_old_credential(self, _: Token) -> None:
        """It is used up when the new ones are issued."""


class Revocation(RevocationEndpoint):  # type: ignore[misc]  # authlib has no annotations
    """An app ends a session of its own."""

    CLIENT_AUTH_METHODS = BY_ANY

    def query_token(self, *_: str | None) -> Seen | None:
        """The token, if it is this app's and good; another's is as unknown as nobody's."""
        seen: Seen | None = self.server.loaded.seen
        return seen

    def revoke_token(self, token: Seen, _: Request) -> None:
        """Remember that its session is to end."""
        self.server.ended = token


class Introspection(IntrospectionEndpoint):  # type: ignore[misc]  # authlib has no annotations
    """An app asks about a token of its own."""

    CLIENT_AUTH_METHODS = BY_SECRET

    def query_token(self, *_: str | None) -> Seen | None:
        """The token, if it is this app's and good."""
        seen: Seen | None = self.server.loaded.seen
        return seen

    def check_permission(self, *_: object) -> bool:
        """It was loaded for this app."""
        return True

    def introspect_token(self, token: Seen) -> dict[str, Any]:
        """What it is good for."""
        app = self.server.loaded.app
        return {
            "token_type": token.kind,
            "client_id": app.client_id,
            "scope": " ".join(token.scopes),
            "sub": str(token.on_behalf_of or app.id),
            "iat": token.issued_at,
            "exp": token.expires_at,
        }
