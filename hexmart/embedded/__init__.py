"""PostgreSQL from a wheel: started for whoever needs it, stopped by whoever leaves last."""

from hexmart.embedded.door import erase, join, running
from hexmart.embedded.errors import EmbeddedPostgresError

__all__ = ["EmbeddedPostgresError", "erase", "join", "running"]
