"""What comes over a WebSocket, by the protocol graphql-transport-ws; and why it is closed."""

from typing import Any, NamedTuple

import orjson

from core.errors import BadRequest
from hexmart.requests import parsed

LONGEST_ID = 256  #: characters that a client may call an operation by
LONGEST_REASON = 123  #: bytes

BAD_REQUEST = 4400
UNAUTHORIZED = 4401
FORBIDDEN = 4403
BAD_SUBPROTOCOL = 4406
INIT_TIMEOUT = 4408
ALREADY_THERE = 4409
TOO_MANY_INITS = 4429
INTERNAL_ERROR = 4500
RESTART = 1012
LATER = 1013


class Closing(Exception):
    """Why a connection is closed."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason.encode()[:LONGEST_REASON].decode(errors="ignore")


class Said(NamedTuple):
    """A message that is one."""

    type: str
    id: str
    payload: dict[str, Any]


#: what is said, and whether it needs the id of an operation and a payload
_KINDS = {
    "connection_init": (False, False),
    "ping": (False, False),
    "pong": (False, False),
    "subscribe": (True, True),
    "complete": (True, False),
}


def read(text: str | None) -> Said:
    """A message; what is none ends the connection."""
    if text is None:
        raise Closing(BAD_REQUEST, "A message is text, not binary.")
    try:
        found = parsed("This", text)
    except BadRequest as error:
        raise Closing(BAD_REQUEST, error.message) from None
    kind = found.get("type") if isinstance(found, dict) else None
    if not isinstance(kind, str) or kind not in _KINDS:
        raise Closing(BAD_REQUEST, "There is no such message.")
    needs_id, needs_payload = _KINDS[kind]
    name, payload = found.get("id", ""), found.get("payload")
    if needs_id and not (isinstance(name, str) and 0 < len(name) <= LONGEST_ID):
        raise Closing(BAD_REQUEST, f"{kind} needs an id, a text of at most {LONGEST_ID} characters.")
    if not isinstance(payload, dict) and (needs_payload or payload is not None):
        raise Closing(BAD_REQUEST, f"The payload of {kind} is an object.")
    return Said(kind, name if needs_id else "", payload or {})


def written(kind: str, name: str | None = None, payload: object = None) -> str:
    """A message as it is sent."""
    message: dict[str, object] = {"type": kind}
    if name is not None:
        message["id"] = name
    if payload is not None:
        message["payload"] = payload
    return orjson.dumps(message).decode()
