"""What providers call: addresses that only Hexmart can read, and who answers there."""

from core.callbacks.addresses import endpoint, find, remove, replace, url
from core.callbacks.route import Callback, CallbackRoute, Reply
from core.callbacks.rows import EndpointRow
from core.callbacks.rules import CallbackRules

__all__ = [
    "Callback",
    "CallbackRoute",
    "CallbackRules",
    "EndpointRow",
    "Reply",
    "endpoint",
    "find",
    "remove",
    "replace",
    "url",
]
