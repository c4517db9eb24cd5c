"""How a document is executed."""

from schema.engine.execution import Engine, GraphQLRequest
from schema.engine.limits import QueryTooComplex
from schema.engine.presenting import internal, refused

__all__ = ["Engine", "GraphQLRequest", "QueryTooComplex", "internal", "refused"]
