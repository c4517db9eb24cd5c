"""OAuth 2 over HTTP, where partners' apps get their tokens."""

from schema.http.endpoints import routes

__all__ = ["routes"]
