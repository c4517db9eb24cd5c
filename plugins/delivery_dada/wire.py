"""Dada's protocol (newopen.imdada.cn, version 1.0): how requests are signed and what its callbacks carry.

Confirmed by several public clients; what none of them shows is marked [K], known by hearsay.
"""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import orjson

from core.deliveries import State

HOSTS = {"production": "https://newopen.imdada.cn", "qa": "https://newopen.qa.imdada.cn"}
STATES: Mapping[int, State] = {
    1: State.DISPATCHING,
    2: State.ACCEPTED,
    100: State.ARRIVED_STORE,
    3: State.PICKED_UP,
    4: State.DELIVERED,
    5: State.CANCELLED,
    7: State.CANCELLED,  # nobody has accepted it in time; the old word for it
    8: State.DISPATCHING,  # given to a courier who has not accepted yet
    9: State.RETURNING,
    10: State.RETURNED,
    1000: State.CANCELLED,  # it never came to be
}


def envelope(body: Mapping[str, Any] | None, *, app_key: str, secret: str, source_id: str, timestamp: int) -> bytes:
    """A request: the business parameters as a text within it, signed with everything else."""
    said = {
        "app_key": app_key,
        "body": orjson.dumps(body).decode() if body is not None else "",
        "format": "json",
        "source_id": source_id,
        "timestamp": timestamp,
        "v": "1.0",
    }
    return orjson.dumps(said | {"signature": signature(said, secret)})


def signature(said: Mapping[str, Any], secret: str) -> str:
    """MD5 of the names and values in the order of the names, between the secret and the secret; in capitals."""
    text = "".join(f"{name}{said[name]}" for name in sorted(said))
    return hashlib.md5(f"{secret}{text}{secret}".encode(), usedforsecurity=False).hexdigest().upper()


def callback_signature(client_id: str, order_id: str, update_time: str) -> str:
    """MD5 of three values, sorted as texts. There is no secret in it: it proves that nothing was lost on the way."""
    text = "".join(sorted((client_id, order_id, update_time)))
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def is_whole(told: Mapping[str, Any]) -> bool:
    """Whether a callback carries the signature of what it says."""
    values = [str(told.get(name, "")) for name in ("client_id", "order_id", "update_time")]
    return hmac.compare_digest(callback_signature(*values), str(told.get("signature", "")))
