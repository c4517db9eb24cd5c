"""How a document is executed."""

from schema.engine.execution import Engine, GraphQLRequest, NotFollowed
from schema.engine.limits import QueryTooComplex
from schema.engine.presenting import internal, refused

__all__ = ["Engine", "GraphQLRequest", "NotFollowed", "QueryTooComplex", "internal", "refused"]
