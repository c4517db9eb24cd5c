"""Executing a document and saying what went wrong, without saying too much."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from graphql import GraphQLError
from strawberry.exceptions import MissingQueryError
from strawberry.extensions import MaxTokensLimiter, ParserCache, ValidationCache
from strawberry.schema.exceptions import CannotGetOperationTypeError
from strawberry.types import ExecutionResult

from core.errors import DomainError
from schema.compose import ComposedSchema
from schema.context import Info

log = structlog.get_logger("graphql")

MOST_TOKENS = 2_000
_KNOWN_DOCUMENTS = 1_000


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    query: str
    variables: Mapping[str, Any] | None = None
    operation_name: str | None = None


class Engine:
    """Runs documents against one schema; parsed and validated ones are remembered."""

    def __init__(self, schema: ComposedSchema) -> None:
        schema.extensions = (
            lambda: MaxTokensLimiter(max_token_count=MOST_TOKENS),
            lambda: ParserCache(maxsize=_KNOWN_DOCUMENTS),
            lambda: ValidationCache(maxsize=_KNOWN_DOCUMENTS),
        )
        self._schema = schema

    async def execute(self, request: GraphQLRequest, info: Info) -> dict[str, Any]:
        """The response to a request, as GraphQL over HTTP has it."""
        try:
            result = await self._schema.execute(
                request.query,
                variable_values=dict(request.variables or {}),
                operation_name=request.operation_name,
                context_value=info,
            )
        except (MissingQueryError, CannotGetOperationTypeError):
            result = ExecutionResult(data=None, errors=[GraphQLError("There is no such operation in this document.")])
        finally:
            await info.end()
        response: dict[str, Any] = {"data": result.data}
        if result.errors:
            response["errors"] = [present(error, info.request_id) for error in result.errors]
        return response


def present(error: GraphQLError, request_id: str) -> dict[str, Any]:
    """An error as the caller may see it: the cause of a fault of ours stays in the log."""
    cause = _cause(error)
    if isinstance(cause, DomainError):
        extensions: dict[str, Any] = {"code": cause.code}
        if cause.path:
            extensions["path"] = list(cause.path)
        if cause.retry_after is not None:
            extensions["retryAfter"] = cause.retry_after
        message = cause.message
    elif cause is None:
        message, extensions = error.message, {"code": "BAD_REQUEST"}
    else:
        log.error("a resolver failed", request_id=request_id, path=error.path, exc_info=cause)
        message, extensions = "Something went wrong on our side.", {"code": "INTERNAL", "requestId": request_id}
    presented: dict[str, Any] = {"message": message, "extensions": extensions}
    if error.locations:
        presented["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path:
        presented["path"] = error.path
    return presented


def _cause(error: GraphQLError) -> Exception | None:
    """What a resolver raised; None for a document, a variable or a literal that is wrong."""
    cause: Exception | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause
