"""What a server hands to an application."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


def address_of(scope: Scope) -> str:
    """The network address of whoever calls; a Unix socket has none."""
    return scope["client"][0] if scope.get("client") else ""
