"""Saying what went wrong, without saying too much."""

from typing import Any

import structlog
from graphql import GraphQLError

from core.errors import DomainError

log = structlog.get_logger("graphql")


def present(error: GraphQLError, request_id: str) -> dict[str, Any]:
    """An error as the caller may see it: the cause of a fault of ours stays in the log."""
    cause = _cause(error)
    if isinstance(cause, DomainError):
        presented = refused(cause)
    elif cause is None and not _is_ours(error):
        presented = {"message": error.message, "extensions": {"code": "BAD_REQUEST"}}
    else:
        log.error("a resolver failed", request_id=request_id, path=error.path, exc_info=cause or error)
        presented = internal(request_id)
    if error.locations:
        presented["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path:
        presented["path"] = error.path
    return presented


def internal(request_id: str) -> dict[str, Any]:
    """A fault of ours: the caller learns its id and nothing else."""
    extensions = {"code": "INTERNAL", "requestId": request_id}
    return {"message": "Something went wrong on our side.", "extensions": extensions}


def refused(refusal: DomainError) -> dict[str, Any]:
    """A refusal as an error of the response."""
    extensions: dict[str, Any] = {"code": refusal.code}
    if refusal.path:
        extensions["path"] = list(refusal.path)
    if refusal.retry_after is not None:
        extensions["retryAfter"] = refusal.retry_after
    return {"message": refusal.message, "extensions": extensions}


def _is_ours(error: GraphQLError) -> bool:
    """Whether graphql-core could not complete what we gave it; an argument is the caller's to put right."""
    return error.path is not None and not error.message.startswith("Argument ")


def _cause(error: GraphQLError) -> Exception | None:
    """What a resolver raised; None for a document, a variable or a literal that is wrong."""
    cause: Exception | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause
