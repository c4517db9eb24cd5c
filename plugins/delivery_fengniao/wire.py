"""Fengniao's protocol (open platform, version 3): how requests and callbacks are signed, and what states mean.

Confirmed by several public clients, of callbacks by one; what none of them shows is marked [K], known by hearsay.
"""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import orjson

from core.deliveries import State

HOSTS = {
    "production": "https://open-anubis.ele.me/anubis-webapi",
    "sandbox": "https://exam-anubis.ele.me/anubis-webapi",
}
STATES: Mapping[int, State] = {
    0: State.DISPATCHING,
    1: State.DISPATCHING,  # its system has taken it
    20: State.ACCEPTED,
    80: State.ARRIVED_STORE,
    2: State.PICKED_UP,
    3: State.DELIVERED,
    4: State.CANCELLED,
    5: State.EXCEPTION,  # something is wrong; before a courier has it, nobody takes it
}


def envelope(
    body: Mapping[str, Any], *, app_id: str, secret: str, merchant_id: str, access_token: str, timestamp: int
) -> bytes:
    """A request: the business parameters as a text within it, signed with everything else; time in milliseconds."""
    said = {
        "app_id": app_id,
        "merchant_id": merchant_id,
        "timestamp": str(timestamp),
        "version": "1.0",
        "access_token": access_token,
        "business_data": orjson.dumps(body).decode(),
    }
    return orjson.dumps(said | {"signature": signature(said, secret)})


def signature(said: Mapping[str, str], secret: str) -> str:
    """SHA-256 of the secret and `name=value` with `&` between, in the order of the names."""
    text = "&".join(f"{name}={said[name]}" for name in sorted(said))
    return hashlib.sha256(f"{secret}{text}".encode()).hexdigest()


def is_signed(told: Mapping[str, Any], *, app_id: str, secret: str) -> bool:
    """Whether a callback is Fengniao's, for this app."""
    said = {name: str(told.get(name, "")) for name in ("app_id", "business_data", "timestamp")}
    signed = str(told.get("signature", "")).encode()
    return said["app_id"] == app_id and hmac.compare_digest(signature(said, secret).encode(), signed)
