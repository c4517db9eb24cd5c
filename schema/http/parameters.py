"""What a client says: parameters, each once, and who it says that it is."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl, unquote_plus

from authlib.oauth2.rfc6749 import InvalidClientError, InvalidRequestError

FORM = "application/x-www-form-urlencoded"
MOST = 30  #: parameters
LONGEST = 2_000  #: characters of one
UNREADABLE = "The parameters cannot be read."


@dataclass(frozen=True, slots=True)
class Parameters:
    """By name; one without a value was not said (RFC 6749, section 3.1)."""

    values: Mapping[str, str]
    repeated: frozenset[str]

    def get(self, name: str) -> str | None:
        """What was said once; what was said twice says nothing."""
        return None if name in self.repeated else self.values.get(name)


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who an app says that it is, and how it proves it."""

    client_id: str
    secret: str | None
    method: Literal["client_secret_basic", "client_secret_post", "none"]


def parse(encoded: bytes) -> Parameters:
    """Parameters of a query string or a form; raises InvalidRequestError."""
    try:
        text = encoded.decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=False, errors="strict", max_num_fields=MOST)
    except ValueError:  # UnicodeDecodeError is one
        raise InvalidRequestError(UNREADABLE) from None
    if any("\0" in part or len(part) > LONGEST for pair in pairs for part in pair):
        raise InvalidRequestError(UNREADABLE)
    names = [name for name, _ in pairs]
    return Parameters(dict(pairs), frozenset(name for name in names if names.count(name) > 1))


def parse_form(content_type: str, query: str, body: bytes) -> Parameters:
    """Parameters of what was sent by POST; nothing of it may stand in the address, which logs show."""
    if content_type.partition(";")[0].strip().lower() != FORM:
        raise InvalidRequestError(f"Send a form as {FORM}.")
    if query:
        raise InvalidRequestError("Send parameters in the body and none in the address.")
    said = parse(body)
    if said.repeated:
        raise InvalidRequestError("A parameter stands more than once.")
    return said


def credentials_of(authorization: str | None, said: Parameters) -> Credentials:
    """Who an app says that it is, in one of the ways; raises InvalidClientError."""
    client_id, secret = said.get("client_id"), said.get("client_secret")
    if authorization is not None:
        if secret is not None:
            raise InvalidRequestError("Authenticate in one way and not in two.")
        given = _basic(authorization)
        if client_id not in {None, given.client_id}:
            raise InvalidRequestError("The request names two clients.")
        return given
    if client_id is None:
        raise InvalidClientError("Say who you are.", status_code=401)
    return Credentials(client_id, secret, "none" if secret is None else "client_secret_post")


def _basic(authorization: str) -> Credentials:
    """HTTP Basic, of which both halves are encoded as in a form (RFC 6749, section 2.3.1)."""
    scheme, _, encoded = authorization.partition(" ")
    try:
        client_id, colon, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
        decoded = unquote_plus(client_id, errors="strict"), unquote_plus(secret, errors="strict")
    except (binascii.Error, ValueError):
        colon, decoded = "", ("", "")
    if scheme.lower() != "basic" or not colon or not all(decoded) or "\0" in decoded[0]:
        raise InvalidClientError("This is no HTTP Basic authentication.", status_code=401)
    return Credentials(*decoded, "client_secret_basic")
