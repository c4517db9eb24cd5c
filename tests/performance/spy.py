"""Hears every statement of a block."""

from hexmart.testing.statements import listening

__all__ = ["listening"]
