"""How a document is executed."""

from schema.engine.execution import Engine, GraphQLRequest

__all__ = ["Engine", "GraphQLRequest"]
